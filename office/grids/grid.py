"""A table of a desk in which many rows are typed at once: its columns, and what its cells say."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.db.models import Model, Q, QuerySet
from django.utils.formats import localize_input
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deliverables.projects.models import Project
from exchange.reading.table import Row, Table, blank
from exchange.tables.cells import guard
from exchange.tables.columns import Column
from exchange.tables.references import ReferenceWidget
from exchange.tables.resources import VERSION, TableResource
from exchange.tables.widgets import BooleanWidget, ChoiceWidget, TextWidget

Cells: TypeAlias = dict[str, str]  # of a row: what is typed, by the key of the column
CLEAR = "[clear]"  # how an import is told that a cell is emptied
OFFERED = 200  # rows of another table that a cell lists; of more, their codes are typed


def nothing(project: Project, rows: Sequence[Cells]) -> None:
    """Of these rows the register gives nothing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`columns` stand in the order of the screen. `of_quarter`: the rows of a quarter, where those
    of one are shown at a time. `complete` puts into new rows what the register gives to them: the
    columns of `given`, where they are left empty."""

    model: type[Model]
    columns: tuple[str, ...]
    of_quarter: Callable[[str], Q] | None = None
    complete: Callable[[Project, Sequence[Cells]], None] = nothing
    given: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How the names of the addresses of its table begin."""
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}"

    @property
    def name(self) -> str:
        return f"{self.label}_grid"


@dataclass(slots=True)
class TypedRow:
    """A row of the screen; `key` and `version` are those of the saved row, None of a new one."""

    cells: Cells
    key: int | None = None
    version: int | None = None

    @property
    def seen(self) -> str:
        """How the form names row and version: "12-3"; "" of a new row."""
        return "" if self.key is None else f"{self.key}-{self.version}"

    @property
    def is_empty(self) -> bool:
        return self.key is None and all(map(blank, self.cells.values()))


@dataclass(slots=True)
class GridColumn:
    """A column of the screen; `offered` are the codes that its cells take, and what they mean."""

    key: str
    label: str
    hint: str
    kind: str
    needed: bool
    has_lines: bool
    offered: list[tuple[str, str]] = field(default_factory=list)


class GridTable:
    """The rows of a table as a grid shows them, and what is typed there as an import reads it."""

    def __init__(self, grid: Grid, resource: TableResource, project: Project) -> None:
        self.grid, self.resource, self.project = grid, resource, project
        known = {column.key: column for column in resource.columns}
        self.columns: list[Column] = [known[key] for key in grid.columns]
        self._labels = {column.key: self._words(column) for column in self.columns}

    def rows(self, quarter: str = "") -> QuerySet[Model]:
        """Those that the person sees; of a quarter, where the grid has those of one at a time."""
        rows = self.resource.get_queryset().order_by(*(self.resource.model()._meta.ordering or ()))
        return rows.filter(self.grid.of_quarter(quarter)) if self.grid.of_quarter else rows

    def shown(self, row: Model) -> TypedRow:
        """A saved row as it stands on the screen."""
        cells = {column.key: self._text(column, row) for column in self.columns}
        return TypedRow(cells, row.pk, getattr(row, "version", None))

    def as_table(self, rows: Sequence[TypedRow]) -> Table:
        """What is typed, as a file would bring it: cells that are left empty are emptied there."""
        keys = [column.key for column in self.columns]
        new = [(number, dict(row.cells)) for number, row in enumerate(rows) if row.key is None]
        self.grid.complete(self.project, [cells for _number, cells in new])
        given = dict(new)
        read = [
            Row(number + 1, (self.project.slug, *(
                self._cell(row, key, given.get(number, row.cells)[key]) for key in keys
            ), None if row.version is None else str(row.version)))
            for number, row in enumerate(rows)
        ]  # fmt: skip
        return Table("", ("project", *keys, VERSION.key), tuple(read))

    def heads(self) -> list[GridColumn]:
        """The columns as the screen names them; a query for each reference."""
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> GridColumn:
        model, widget = self.resource.model(), self.resource.fields[column.key].widget
        of = column.model_field(model)
        is_said = column.key in self.resource.key or not (of.blank or of.null or of.has_default())
        head = GridColumn(
            column.key,
            capfirst(column.label(model)),
            column.hint(model),
            column.kind(model),
            is_said and column.key not in self.grid.given,
            isinstance(widget, TextWidget) and widget.lines and not widget.is_code,
        )
        if isinstance(widget, ReferenceWidget) and widget.model is not model:
            rows = list(widget.rows()[: OFFERED + 1])
            head.offered = [(str(getattr(row, widget.key)), str(row)) for row in rows[:OFFERED]]
        elif isinstance(widget, ChoiceWidget | BooleanWidget):
            head.offered = [(word, "") for word in self._labels[column.key].values()]
        return head

    def _cell(self, row: TypedRow, key: str, text: str) -> str:
        if row.key is not None and blank(text) and key not in self.resource.key:
            return CLEAR
        return guard(text)

    def _words(self, column: Column) -> dict[str, str]:
        """Codes and the words that stand for them here, as far as an import knows the words."""
        widget = self.resource.fields[column.key].widget
        if isinstance(widget, BooleanWidget):
            return {"yes": _("yes"), "no": _("no")}
        if not isinstance(widget, ChoiceWidget):
            return {}
        words = {}
        for code, label in widget.known.items():
            try:
                words[code] = str(label) if widget.clean(str(label)) == code else code
            except ValueError:  # two are called so
                words[code] = code
        return {code: word for code, word in words.items() if code}

    def _text(self, column: Column, row: Model) -> str:
        value = self.resource.fields[column.key].widget.render(getattr(row, column.key))
        if isinstance(value, decimal.Decimal):
            return str(localize_input(value))
        text = "" if value is None else str(value)
        return self._labels[column.key].get(text, text)
