"""Cells that name a row of another table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from audit.events.columns import column_of
from exchange.tables.cell_text import as_text, cut
from exchange.tables.number_formats import Cell, Day, Number

# Of a table the rows that a person sees; None for all of them.
Visible: TypeAlias = Callable[[type[models.Model]], models.QuerySet[models.Model] | None]


class ReferenceWidget(Widget):
    """Another table's row by its natural key, within the same project where it has one; or by its
    name in either language, where it has names and no other one is called so."""

    def __init__(self, model: type[models.Model], key: str, within: Mapping[str, str]) -> None:
        super().__init__()
        self.model, self.key, self.within = model, key, within
        columns = {field.name for field in model._meta.fields}
        self.names = [name for name in ("name_lv", "name_en") if name in columns]
        self.visible: Visible | None = None
        self._found: dict[tuple[str, ...], models.Model | None] | None = None
        self.only_named: set[int] = set()  # what own rows name, and no new row may

    def rows(self) -> models.QuerySet[models.Model]:
        rows = self.visible(self.model) if self.visible else None
        return self.model._default_manager.all() if rows is None else rows

    def look_up(
        self,
        cells: Iterable[Mapping[str, Cell]],
        column: str,
        own: models.QuerySet[models.Model] | None = None,
    ) -> None:
        """Find at once all rows that these cells name, so that `clean` asks no more; also those
        that the `own` rows of the table name, though the person may not choose them."""
        texts = {self._named(row.get(column)) for row in cells} - {""}
        if isinstance(column_of(self.model, self.key), models.IntegerField):
            texts = {text for text in texts if re.fullmatch(r"[0-9]{1,9}", text)}
        named = models.Q(**{f"{self.key}__in": texts})
        for name in self.names:
            named |= models.Q(**{f"{name}__in": texts})
        named_rows = self.rows().filter(named)
        related = {path.rpartition("__")[0] for path in self.within} - {""}
        related |= {  # what a scope or a rule asks of the row
            of.name for of in self.model._meta.concrete_fields if of.is_relation and not of.null
        }
        rows = list(named_rows.select_related(*related) if related else named_rows)
        if own is not None:
            named &= models.Q(pk__in=own.select_related(None).order_by().values(column))
            others = self.model._base_manager.filter(named).exclude(pk__in=[r.pk for r in rows])
            only_named = list(others.select_related(*related) if related else others)
            self.only_named = {row.pk for row in only_named}
            rows += only_named
        self._found = self._called(rows, self.names) | self._called(rows, [self.key])

    def _called(
        self, rows: list[models.Model], paths: Sequence[str]
    ) -> dict[tuple[str, ...], models.Model | None]:
        """The rows by what they are called in these columns; None where two are called so."""
        by_name: dict[tuple[str, ...], models.Model | None] = {}
        for row in rows:
            for path in paths:
                key = tuple(str(_followed(row, part)) for part in (path, *self.within))
                by_name[key] = row if by_name.get(key, row) == row else None
        return by_name

    def written(self, value: Cell) -> str:
        """Raises ValueError where a spreadsheet made a number or a date of a code."""
        if isinstance(value, Number | Day | bool):
            return as_text(value)
        return "" if value is None else value.strip()

    def _named(self, value: Cell) -> str:
        try:
            return self.written(value)
        except ValueError:
            return ""

    def clean(
        self, value: Cell, row: Mapping[str, Cell] | None = None, **kwargs: object
    ) -> models.Model | None:
        text = self.written(value)
        if not text:
            return None
        within = {path: self.written((row or {}).get(name)) for path, name in self.within.items()}
        meant = self._get(text, within)
        if meant is not None:
            return meant
        raise ValueError(self.unknown(text, within))

    def unknown(self, text: str, within: Mapping[str, str]) -> str:
        """That nothing is called so which the person may choose, and what is."""
        known = [
            str(key) for key in self._of_its_parents(within).values_list(self.key, flat=True)[:12]
        ]
        return _("“%(value)s” is not a known %(what)s. Known: %(known)s.") % {
            "value": cut(text),
            "what": self.model._meta.verbose_name,
            "known": ", ".join(known) or _("none yet"),
        }

    def _of_its_parents(self, within: Mapping[str, str]) -> models.QuerySet[models.Model]:
        try:
            return self.rows().filter(**within)
        except ValueError:
            return self.rows().none()

    def _get(self, text: str, within: Mapping[str, str]) -> models.Model | None:
        if self._found is not None:
            return self._found.get((text, *within.values()))
        try:
            row: models.Model = self.rows().filter(**within).get(**{self.key: text})
        except (ObjectDoesNotExist, MultipleObjectsReturned, ValueError):
            return None
        return row

    def render(self, value: object, obj: object = None, **kwargs: object) -> str:
        return "" if value is None else str(getattr(value, self.key))


def _followed(row: object, path: str) -> object:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
