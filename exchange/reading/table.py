"""What was read of a file: a header, and rows whose cells know where they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from exchange.reading.faults import Fault, NoRows, Unreadable
from exchange.tables import limits
from exchange.tables.folding import UNSEEN
from exchange.tables.number_formats import Cell

Read = TypeVar("Read", bound=Cell)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as a spreadsheet numbers it; cells are text, number_formats.Number and Day, bool or
    None."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read; `name` is the sheet's, empty for CSV, `passed` are the sheets that were not.

    `faults` are rows that do not fit the header. They are told once the header is known to be
    one: where a title stands above it, no row fits.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    passed: tuple[str, ...] = ()
    hidden: int = 0  # rows that the spreadsheet does not show

    def without(self, column: str) -> Table:
        """The same without one column, if it is there."""
        if column not in self.header:
            return self
        at = self.header.index(column)
        rows = tuple(Row(row.number, row.cells[:at] + row.cells[at + 1 :]) for row in self.rows)
        return replace(self, header=self.header[:at] + self.header[at + 1 :], rows=rows)


def whole(name: str, header: tuple[str, ...], rows: list[Row], faults: list[Fault]) -> Table:
    """The table, once its sizes are right. Raises Unreadable."""
    long = [
        Fault(
            _("A cell is longer than %(most)s characters.") % {"most": limits.CELL},
            row.number, header[position] if position < len(header) else "", cell[:50], name,
        )
        for row in rows
        for position, cell in enumerate(row.cells)
        if isinstance(cell, str) and len(cell) > limits.CELL
    ]  # fmt: skip
    if long:
        raise Unreadable(*long)
    if not rows:
        raise NoRows(_("The file has a header and no rows."))
    if len(rows) > limits.ROWS:
        raise too_long()
    return Table(name, header, tuple(rows), tuple(faults))


def too_wide(columns: int) -> Unreadable:
    return Unreadable(
        _("The file has %(columns)s columns; at most %(most)s are read.")
        % {"columns": columns, "most": limits.COLUMNS}
    )


def too_long() -> Unreadable:
    return Unreadable(
        _("The file has more than %(most)s rows. Import it in parts of at most that many.")
        % {"most": limits.ROWS}
    )


def blank(cell: Cell) -> bool:
    """Whether nothing is seen in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip().strip(UNSEEN).strip())


def trimmed(cells: tuple[Read, ...]) -> tuple[Read, ...]:
    """Without the blank cells at the end."""
    width = len(cells)
    while width and blank(cells[width - 1]):
        width -= 1
    return cells[:width]
