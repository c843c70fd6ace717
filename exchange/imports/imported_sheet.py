"""A sheet of the workbook of a project: in which turn its rows are written, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.db.models import Model
from django.utils.translation import gettext as _

from audit.events.columns import led_to
from exchange.imports.founding import (
    text_of,
)
from exchange.imports.planned import Planned, Steps
from exchange.reading.faults import Fault, Unreadable
from exchange.reading.table import Row, Table, blank
from exchange.tables import resources as headers
from exchange.tables.columns import Column
from exchange.tables.number_formats import Cell
from exchange.tables.resources import VERSION, TableResource

DEEP = 20  # rows that refer to rows that refer to rows of one table


@dataclass(slots=True)
class ImportedSheet:
    """A sheet as it is imported: its header has the keys of our columns."""

    resource: TableResource
    table: Table
    columns: list[Column]
    steps: Steps | None
    late: set[str] = field(default_factory=set)  # columns of the second round
    shown: dict[int, Planned] = field(default_factory=dict)  # by the numbers of the rows
    written: dict[int, str] = field(default_factory=dict)  # what became of them

    @property
    def model(self) -> type[Model]:
        return self.resource.model()

    def given(self) -> list[dict[str, Cell]]:
        return [dict(zip(self.table.header, row.cells, strict=True)) for row in self.table.rows]

    def known_already(self) -> list[str]:
        """What the register calls the rows that it had before."""
        own = [row for row in self.table.rows if row.number not in self.shown]
        at = self.table.header.index(self.resource.key[0])
        return [text_of(row.cells[at]) for row in own]

    def needs(self) -> set[type[Model]]:
        """The models that its rows refer to."""
        filled = {
            key
            for at, key in enumerate(self.table.header)
            if not all(blank(row.cells[at]) for row in self.table.rows)
        }
        named = [c for c in self.columns if c.to and c.key in filled]
        return {led_to(c.model_field(self.model)) for c in named}

    def early(self) -> Iterator[Table]:
        """What the first round takes of it; where rows refer to others, these come first."""
        table = self.table
        for key in self.late:
            table = table.without(key)
        own = [c.key for c in self.columns if c.to and c.model_field(self.model).related_model
               is self.model]  # fmt: skip
        for rows in self._in_turn(own[0] if own else "", table):
            yield replace(table, rows=tuple(rows))

    def _in_turn(self, own: str, table: Table) -> Iterator[list[Row]]:
        """`own` is the column by which rows refer to rows of the same table."""
        last = self.resource.last
        at = table.header.index(last) if last in table.header else None
        ends = [row for row in table.rows if at is not None and not blank(row.cells[at])]
        numbers = {row.number for row in ends}
        rest = [row for row in table.rows if row.number not in numbers]
        *scope, _code = (table.header.index(key) for key in self.resource.key)
        of = table.header.index(own) if own else 0
        code = table.header.index("code") if own else 0
        for _time in range(DEEP if own else 0):
            waiting = {_cells(row, *scope, code) for row in rest}
            ready = [row for row in rest if _cells(row, *scope, of) not in waiting]
            if not ready or not rest:
                break
            yield ready
            numbers = {row.number for row in ready}
            rest = [row for row in rest if row.number not in numbers]
        yield from filter(None, (rest, ends))

    def rest(self) -> Table:
        """What the second round takes: the columns that were put off, and what finds the rows."""
        keys = {c.key for c in headers.identifying(type(self.resource))} | {VERSION.key}
        late = [at for at, key in enumerate(self.table.header) if key in self.late]
        rows = [row for row in self.table.rows if not all(blank(row.cells[at]) for at in late)]
        table = replace(self.table, rows=tuple(rows))
        for key in set(table.header) - keys - self.late:
            table = table.without(key)
        return table

    def refuse_doubles(self) -> None:
        """Of all its rows: a plan sees those of one turn. Raises Unreadable."""
        keys = [c.key for c in headers.identifying(type(self.resource))]
        places = [self.table.header.index(key) for key in keys if key in self.table.header]
        first: dict[tuple[str, ...], int] = {}
        faults = []
        for row in self.table.rows:
            key = _cells(row, *places)
            if key in first:
                same = _("Rows %(first)s and %(second)s are the same %(key)s. Remove one of them.")
                given = {"first": first[key], "second": row.number, "key": key[-1]}
                faults.append(Fault(same % given, row.number, sheet=self.table.name))
            first.setdefault(key, row.number)
        if faults:
            raise Unreadable(*faults)


def _cells(row: Row, *places: int) -> tuple[str, ...]:
    return tuple(text_of(row.cells[at]) for at in places)
