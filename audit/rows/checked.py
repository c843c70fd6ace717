"""Rows whose texts are looked at, and whose rules are asked of the database at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self, cast

from django.core.exceptions import FieldError, ValidationError
from django.db import DatabaseError, models, router, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

from audit.rows.characters import fit

ONE_LINE = 600  # characters of a column up to which it is one line: titles are, notes are not


class Typed(models.Model):
    """A row whose texts hold only what can be seen (audit.rows.characters), whoever writes it."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's own, and at each field what is wrong with its characters."""
        looked_at = [field for field in self._meta.concrete_fields if _is_typed(field)]
        errors: dict[str, Any] = {}
        for field in looked_at:
            value = getattr(self, field.attname)
            if field.name in set(exclude or ()) or not isinstance(value, str):
                continue
            try:
                setattr(self, field.attname, fit(value, lines=has_lines(field)))
            except ValueError as error:
                errors[field.name] = ValidationError(str(error), code="characters")
        try:
            super().clean_fields({*(exclude or ()), *errors})
        except ValidationError as others:
            errors = others.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)


def has_lines(field: Any) -> bool:
    """Whether a text column may hold more than one line."""
    return (field.max_length or ONE_LINE + 1) > ONE_LINE


def _is_typed(field: Any) -> bool:
    texts = isinstance(field, models.CharField | models.TextField)
    return texts and field.editable and not field.choices


class Checked(Typed):
    """A row that `full_clean` asks one question about its check constraints, not one for each.

    Where the answer is no, Django asks about each as it always does, and says which is broken.
    What its `clean` asks of the database is read by itself for one row, and for many together
    (`read_together`).
    """

    _together: _Together | None = None

    class Meta:
        abstract = True

    @classmethod
    def facts(cls, rows: Sequence[Self]) -> dict[str, Callable[[], Iterable[Any]]]:
        """By name, what reads the keys of those rows of which `clean` asks something."""
        return {}

    def among(self, name: str, key: Any) -> bool:
        """Whether the fact of this name is so of this key."""
        return key in (self._together or _Together([self])).known(name)

    def stored(self) -> Self | None:
        """The row as the database has it; None where it is new."""
        if self._together:
            return cast(Self | None, self._together.saved.get(self.pk))
        return type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        using = router.db_for_write(type(self), instance=self)
        if not self._keeps_its_checks(exclude, using):
            return super().validate_constraints(exclude)
        try:
            for model, rules in self.get_constraints():
                for rule in rules:
                    if not isinstance(rule, models.CheckConstraint):
                        rule.validate(model, self, exclude=set(exclude or ()), using=using)
        except ValidationError:  # Django gathers them all, each at its field
            return super().validate_constraints(exclude)
        return None

    def _keeps_its_checks(self, exclude: Collection[str] | None, using: str) -> bool:
        """Whether no check constraint is broken; False also when the database cannot say."""
        query = Query(None)  # a SELECT without a table, as Q.check() does
        for name, value in self._get_field_expression_map(self._meta, exclude).items():  # type: ignore[attr-defined]
            query.add_annotation(
                value if hasattr(value, "resolve_expression") else Value(value), name, select=False
            )
        query.add_annotation(Value(1), "_check")
        for condition in self._conditions():
            holds = Coalesce(condition, True, output_field=models.BooleanField())
            try:
                query.add_q(Q(holds))
            except FieldError:  # it is about a column that is not looked at
                continue
        try:
            with transaction.atomic(using=using):
                return query.get_compiler(using=using).execute_sql(SINGLE) is not None
        except DatabaseError:
            return False

    def _conditions(self) -> Iterator[Q]:
        for _model, rules in self.get_constraints():
            for rule in rules:
                if isinstance(rule, models.CheckConstraint):
                    yield Q(rule.condition)


class _Together:
    """What the checks of some rows of one table ask, each question put once for all of them."""

    def __init__(self, rows: Sequence[Any], saved: Mapping[Any, Any] | None = None) -> None:
        self.saved = saved or {}
        self.reads = type(rows[0]).facts(rows)
        self.facts: dict[str, set[Any]] = {}

    def known(self, name: str) -> set[Any]:
        if name not in self.facts:
            self.facts[name] = set(self.reads[name]())
        return self.facts[name]


def read_together(rows: Sequence[Checked]) -> None:
    """Read what the checks of these rows of one table ask, in as many queries for all as for one.

    It holds while nobody saves them: for rows that are looked at before any is written.
    """
    if not rows:
        return
    saved = type(rows[0])._base_manager.in_bulk([row.pk for row in rows if row.pk])
    together = _Together(rows, saved)
    for row in rows:
        row._together = together
