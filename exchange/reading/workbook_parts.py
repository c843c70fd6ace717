"""The parts of a workbook that a table needs, read element by element. ECMA-376 part 1, 18."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.handler import ContentHandler

from django.utils.translation import gettext as _

from exchange.reading import deadline
from exchange.reading.faults import ENOUGH, Fault, NoRows, Unreadable
from exchange.reading.table import Row, Table, blank, too_long, too_wide, trimmed, whole
from exchange.tables import limits
from exchange.tables.cell_text import cut, error_of
from exchange.tables.cells import letters
from exchange.tables.number_formats import BUILT_IN, LONGEST, Day, Number, parsed

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NUMBER = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(E[+-]?[0-9]+)?\s*", re.IGNORECASE)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
LAST_ROW = 1_048_576  # of a sheet (ECMA-376); no spreadsheet writes one behind it
_UNESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Room:
    """How many elements and letters are read of a file: what it unpacks to grows with its size."""

    def __init__(self, size: int) -> None:
        self.elements = limits.ELEMENTS + 2 * size
        self.letters = min(limits.LETTERS, 1_000_000 + 20 * size)

    def take(self, letters_: int = 0) -> None:
        """Raises Unreadable where there is none left."""
        self.elements -= 1
        self.letters -= letters_
        if not self.elements % 4096:
            deadline.keep()
        if self.elements < 0 or self.letters < 0:
            raise Unreadable(
                _(
                    "The workbook holds far more than its size tells. Copy the table into a new "
                    "workbook, without formats and empty cells, and save that."
                )
            )


@dataclass(slots=True)
class Known:
    """What the cells of a sheet refer to."""

    room: Room
    shared: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    epoch: dt.date = dt.date(1899, 12, 30)
    is_uncalculated: bool = False  # written by a program, which puts 0 under each formula


class Part(ContentHandler):
    """One part; elements are told by their names without a prefix."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room

    def startElement(self, name: str, attrs: Any) -> None:
        self.room.take()
        self.begin(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def begin(self, name: str, attrs: Any) -> None: ...

    def end(self, name: str) -> None: ...


class Collect(Part):
    """The attributes of some elements."""

    def __init__(self, room: Room, wanted: set[str]) -> None:
        super().__init__(room)
        self.wanted, self.found = wanted, list[tuple[str, dict[str, str]]]()

    def begin(self, name: str, attrs: Any) -> None:
        if name in self.wanted:
            given = {key if ":" not in key else f"r:{key.rpartition(':')[2]}": attrs[key]
                     for key in attrs.getNames()}  # fmt: skip
            self.found.append((name, given))


class Strings(Part):
    """The shared strings; of rich text the letters, of phonetic help nothing."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.found: list[str] = []
        self.whole: list[str] = []
        self.parts: list[str] | None = None
        self.aside = False

    def begin(self, name: str, attrs: Any) -> None:
        if name == "si":
            deadline.keep()
            self.whole = []
        elif name == "rPh":
            self.aside = True
        elif name == "t" and not self.aside:
            self.parts = self.whole

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(unescaped("".join(self.whole)))
        elif name == "rPh":
            self.aside = False
        elif name == "t":
            self.parts = None

    def characters(self, content: str) -> None:
        if self.parts is not None:
            self.parts.append(content)


def unescaped(text: str) -> str:
    """_x000D_ is how the format writes what XML cannot hold, _xD83D__xDE00_ a pair of halves."""
    if "_x" not in text:
        return text
    text = _UNESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return _PAIR.sub(lambda two: two[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _index(text: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", text):
        raise ValueError(text)
    return int(text)


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))


class Cells(Part):
    """The rows of one sheet, whatever dimension it claims to have."""

    def __init__(self, name: str, book: Known) -> None:
        super().__init__(book.room)
        self.name, self.book = name, book
        self.records: list[tuple[int, tuple[Any, ...]]] = []
        self.faults: list[Fault] = []
        self.merged: list[str] = []
        self.hides_zeros = self.is_hidden = False
        self.hidden = 0  # rows that the spreadsheet does not show
        self.number = 0
        self.row: dict[int, Any] = {}
        self.parts: list[str] | None = None
        self.value: list[str] = []
        self._begin(-1, "n", 0)

    def _begin(self, position: int, kind: str, style: int) -> None:
        self.position, self.kind, self.style = position, kind, style
        self.formula = self.has_value = self.aside = False
        self.value = []

    def begin(self, name: str, attrs: Any) -> None:
        if name == "c":
            self._begin(
                self._place(attrs.get("r", "")), attrs.get("t", "n"), int(attrs.get("s", 0))
            )
        elif name == "row":
            self._begin_row(int(attrs.get("r", self.number + 1)), attrs.get("hidden", ""))
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

    def _typed(self, text: str) -> Any:
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


class Styles(Part):
    """How the cell styles show a number."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.formats: dict[int, str] = {}
        self.cells: list[int] = []
        self.inside = ""

    def begin(self, name: str, attrs: Any) -> None:
        if name in ("numFmts", "cellXfs"):
            self.inside = name
        elif name == "numFmt" and self.inside == "numFmts":
            self.formats[int(attrs["numFmtId"])] = attrs["formatCode"][:LONGEST]
        elif name == "xf" and self.inside == "cellXfs":
            self.cells.append(int(attrs.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == self.inside:
            self.inside = ""

    def read(self) -> list[str]:
        """The codes of the formats, in the order of the styles."""
        return [self.formats.get(number, BUILT_IN.get(number, "")) for number in self.cells]
