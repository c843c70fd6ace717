"""Rows whose texts are looked at, and whose rules are asked of the database at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Self, cast

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Q
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from audit.events.columns import Column
from audit.rows.characters import fit

ONE_LINE = 600  # characters of a column up to which it is one line: titles are, notes are not


class Typed(models.Model):
    """A row whose texts hold only what can be seen (audit.rows.characters), whoever writes it."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's own, and at each field what is wrong with its characters."""
        looked_at = [field for field in self._meta.concrete_fields if _is_typed(field)]
        errors: dict[str, list[ValidationError]] = {}
        for field in looked_at:
            value = getattr(self, field.attname)
            if field.name in set(exclude or ()) or not isinstance(value, str):
                continue
            try:
                setattr(self, field.attname, fit(value, lines=has_lines(field)))
            except ValueError as error:
                errors[field.name] = [ValidationError(str(error), code="characters")]
        try:
            super().clean_fields({*(exclude or ()), *errors})
        except ValidationError as others:
            errors = others.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)


def has_lines(field: Column) -> bool:
    """Whether a text column may hold more than one line."""
    return (field.max_length or ONE_LINE + 1) > ONE_LINE


def _is_typed(field: Column) -> bool:
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
    def facts(cls, rows: Sequence[Self]) -> dict[str, Callable[[], Iterable[object]]]:
        """By name, what reads the keys of those rows of which `clean` asks something."""
        return {}

    def among(self, name: str, key: object) -> bool:
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
        rules = [
            rule for rule in _rules(type(self), using) if rule.columns.isdisjoint(exclude or ())
        ]
        holds = " AND ".join(rule.sql for rule in rules) or "TRUE"
        connection = connections[using]
        values = [
            value.of(self, connection) if isinstance(value, _Column) else value
            for rule in rules
            for value in rule.values
        ]
        try:
            with transaction.atomic(using=using), connection.cursor() as cursor:
                cursor.execute(f'SELECT 1 AS "_check" WHERE {holds}', values)  # noqa: S608
                return cursor.fetchone() is not None
        except DatabaseError:
            return False


class _Column(Expression):
    """In a compiled rule, what stands for the value that a row has in a column."""

    def __init__(self, field: Column) -> None:
        super().__init__(output_field=field)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        field = self.output_field
        if hasattr(field, "get_placeholder"):
            return field.get_placeholder(self, compiler, connection), (self,)
        return "%s", (self,)

    def of(self, row: models.Model, connection: BaseDatabaseWrapper) -> Any:
        field = self.output_field
        return field.get_db_prep_value(getattr(row, field.attname), connection)


class _Rule(NamedTuple):
    """A check constraint as SQL, with columns among its values."""

    sql: str
    values: Sequence[Any]
    columns: frozenset[str]


@cache
def _rules(model: type[models.Model], using: str) -> Sequence[_Rule]:
    """The check constraints of a model, compiled once: a row only brings its values.

    Where a column is NULL, a rule that cannot be answered is kept, as PostgreSQL has it.
    """
    blank = model()
    for field in model._meta.local_concrete_fields:
        if not field.generated:
            setattr(blank, field.attname, _Column(field))
    columns = blank._get_field_expression_map(model._meta)  # type: ignore[attr-defined]
    rules = []
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            query = Query(None)  # without a table, as Q.check() does
            for name, column in columns.items():
                query.add_annotation(column, name, select=False)
            query.add_q(Q(Coalesce(constraint.condition, True, output_field=models.BooleanField())))
            compiler = query.get_compiler(using=using)
            sql, values = compiler.compile(query.where)
            names = frozenset(v.output_field.name for v in values if isinstance(v, _Column))
            rules.append(_Rule(sql, values, names))
    return rules


class _Together:
    """What the checks of some rows of one table ask, each question put once for all of them."""

    def __init__(self, rows: Sequence[Checked], saved: Mapping[int, Checked] | None = None) -> None:
        self.saved = saved or {}
        self.reads = type(rows[0]).facts(rows)
        self.facts: dict[str, set[object]] = {}

    def known(self, name: str) -> set[object]:
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
