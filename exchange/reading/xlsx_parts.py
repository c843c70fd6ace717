"""The parts of a workbook that a table needs, read element by element. ECMA-376 part 1, 18."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from django.utils.translation import gettext as _

from exchange.reading import deadline
from exchange.reading.faults import Unreadable
from exchange.tables import limits
from exchange.tables.number_formats import BUILT_IN, LONGEST

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

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.room.take()
        self.begin(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def begin(self, name: str, attrs: AttributesImpl) -> None: ...

    def end(self, name: str) -> None: ...


class Collect(Part):
    """The attributes of some elements."""

    def __init__(self, room: Room, wanted: set[str]) -> None:
        super().__init__(room)
        self.wanted, self.found = wanted, list[tuple[str, dict[str, str]]]()

    def begin(self, name: str, attrs: AttributesImpl) -> None:
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

    def begin(self, name: str, attrs: AttributesImpl) -> None:
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


class Styles(Part):
    """How the cell styles show a number."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.formats: dict[int, str] = {}
        self.cells: list[int] = []
        self.inside = ""

    def begin(self, name: str, attrs: AttributesImpl) -> None:
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
