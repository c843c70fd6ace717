"""The cells of a sheet, read element by element. ECMA-376 part 1, 18."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from xml.sax.xmlreader import AttributesImpl

from django.utils.translation import gettext as _

from exchange.reading import deadline
from exchange.reading.faults import ENOUGH, Fault, NoRows, Unreadable
from exchange.reading.table import Row, Table, blank, too_long, too_wide, trimmed, whole
from exchange.reading.xlsx_parts import (
    _NO_TEXT,
    LAST_ROW,
    Known,
    Part,
    _index,
    _is_number,
    unescaped,
)
from exchange.tables import limits
from exchange.tables.cell_text import cut, error_of
from exchange.tables.cells import letters
from exchange.tables.number_formats import Cell, Day, Number, parsed

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Cells(Part):
    """The rows of one sheet, whatever dimension it claims to have."""

    def __init__(self, name: str, book: Known) -> None:
        super().__init__(book.room)
        self.name, self.book = name, book
        self.records: list[tuple[int, tuple[Cell, ...]]] = []
        self.faults: list[Fault] = []
        self.merged: list[str] = []
        self.hides_zeros = self.is_hidden = False
        self.hidden = 0  # rows that the spreadsheet does not show
        self.number = 0
        self.row: dict[int, Cell] = {}
        self.parts: list[str] | None = None
        self.value: list[str] = []
        self._begin(-1, "n", 0)

    def _begin(self, position: int, kind: str, style: int) -> None:
        self.position, self.kind, self.style = position, kind, style
        self.formula = self.has_value = self.aside = False
        self.value = []

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "c":
            self._begin(
                self._place(attrs.get("r", "")), attrs.get("t", "n"), int(attrs.get("s", "0"))
            )
        elif name == "row":
            self._begin_row(int(attrs.get("r", str(self.number + 1))), attrs.get("hidden", ""))
        elif name == "sheetView":
            self.hides_zeros = attrs.get("showZeros") in ("0", "false")
        elif name == "f":
            self.formula = True
        elif name == "mergeCell":
            self.merged.append(attrs.get("ref", "")[:20])
        elif name == "rPh":
            self.aside = True
        elif name in ("v", "t") and not self.aside:
            self.has_value, self.parts = True, self.value

    def _begin_row(self, number: int, hidden: str) -> None:
        if not self.number < number <= LAST_ROW:
            raise ValueError(number)
        self.number, self.is_hidden = number, hidden in ("1", "true")
        self.row, self.position = {}, -1

    def _place(self, place: str) -> int:
        if not (found := _PLACE.fullmatch(place)):
            return self.position + 1
        position = 0
        for letter in found[1]:
            position = position * 26 + ord(letter) - 64
        return position - 1

    def characters(self, content: str) -> None:
        if self.parts is not None:
            self.parts.append(content)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.parts = None
        elif name == "rPh":
            self.aside = False
        elif name == "c":
            self._keep("".join(self.value))
        elif name == "row":
            self._close_row()

    def _keep(self, text: str) -> None:
        if told := self._wrong(text):
            self._fault(told)
        elif text and not blank(value := self._typed(text)):
            if self.position >= limits.COLUMNS:
                raise too_wide(self.position + 1)
            self.row[self.position] = value

    def _wrong(self, text: str) -> str:
        """Why a cell cannot be read, whatever its column; "" where it can."""
        computed = text or (self.has_value and self.kind == "str")
        if self.formula and (not computed or (text == "0" and self.book.is_uncalculated)):
            return _(
                "The cell has a formula without a saved value. Save the file in your "
                "spreadsheet, or paste the values."
            )
        if len(text) > limits.CELL:
            return _("A cell is longer than %(most)s characters.") % {"most": limits.CELL}
        if self.kind == "e":
            return error_of(text)
        if self.kind == "n" and text and not _is_number(text):
            return _("“%(value)s” is no number. Mend the formula, or type the value.") % {
                "value": cut(text)
            }
        written = self._text(text)
        self.room.take(len(written))
        if len(written) > limits.CELL:
            return _("A cell is longer than %(most)s characters.") % {"most": limits.CELL}
        if bad := _NO_TEXT.search(written):
            return _(
                "The cell holds the character U+%(code)s, which no text has. Type the cell again."
            ) % {"code": f"{ord(bad[0]):04X}"}
        return ""

    def _text(self, text: str) -> str:
        """The text of a cell that is one."""
        if self.kind == "s":
            return self.book.shared[_index(text)] if text else ""
        return unescaped(text) if self.kind in ("inlineStr", "str") else ""

    def _typed(self, text: str) -> Cell:
        if self.kind in ("s", "inlineStr", "str"):
            return self._text(text)
        if self.kind == "b":
            return {"1": True, "0": False, "true": True, "false": False}[text.strip()]
        styles = self.book.styles
        form = parsed(styles[self.style] if 0 <= self.style < len(styles) else "")
        if self.kind == "d":
            return Day.of(dt.datetime.fromisoformat(text.rstrip("Z")), form)
        if form.parts and 60 < float(text) < 2_958_466:
            midnight = dt.datetime.combine(self.book.epoch, dt.time())
            return Day.of(midnight + dt.timedelta(seconds=round(float(text) * 86_400)), form)
        if self.kind != "n":
            raise ValueError(self.kind)
        number = float(text)
        is_hidden = form.hides(number) or (self.hides_zeros and not number)
        return None if is_hidden else Number.of(text, form)

    def _fault(self, sentence: str) -> None:
        column = letters(max(self.position, 0))
        self.faults.append(Fault(sentence, self.number, column, "", self.name))
        if len(self.faults) >= ENOUGH:
            raise Unreadable(*self.faults)

    def _close_row(self) -> None:
        deadline.keep()
        if self.row:
            self.hidden += self.is_hidden
            if len(self.records) > limits.ROWS:
                raise too_long()
            width = max(self.row) + 1
            cells = tuple(self.row.get(position) for position in range(width))
            self.records.append((self.number, cells))

    def table(self) -> Table:
        if self.merged:
            raise Unreadable(
                _(
                    "The cells %(ranges)s of the sheet “%(name)s” are merged, so all but one of "
                    "them are empty. Unmerge them, and fill each cell."
                )
                % {"ranges": ", ".join(self.merged[:5]), "name": self.name}
            )
        if self.faults:
            raise Unreadable(*self.faults)
        if not self.records:
            raise NoRows(
                _("The sheet “%(name)s” is empty. Is the table on another one?")
                % {"name": self.name}
            )
        header = tuple("" if blank(cell) else str(cell).strip() for cell in self.records[0][1])
        rows, faults = [], list[Fault]()
        for number, cells in self.records[1:]:
            if len(trimmed(cells)) > len(header):
                faults.append(
                    Fault(
                        _("The row has %(cells)s cells, and the header has %(width)s.")
                        % {"cells": len(trimmed(cells)), "width": len(header)},
                        number,
                        sheet=self.name,
                    )
                )
            rows.append(Row(number, (*cells, *(None,) * (len(header) - len(cells)))))
        return replace(whole(self.name, header, rows, faults), hidden=self.hidden)
