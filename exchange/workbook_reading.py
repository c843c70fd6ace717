"""XLSX as strangers send it: refused by its directory before anything is unpacked.

Only values are read. Macros, links to other files, formulas that nobody computed, and definitions
in the XML (the usual bombs) are refused in sentences. ECMA-376 part 1, chapter 18.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext as _

from exchange import deadline, limits
from exchange.faults import Fault, Unreadable
from exchange.number_formats import GENERAL, Day, Number, NumberFormat, Styles
from exchange.sheets import Row, Table, blank, too_long, too_wide, trimmed, whole
from exchange.widgets import cut, error_of

OURS = "About"  # the second sheet of our own exports
PART = 65_536
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(E[+-]?[0-9]+)?\s*", re.IGNORECASE)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
LAST_ROW = 1_048_576  # of a sheet (ECMA-376); no spreadsheet writes one behind it
_UNESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_workbook(data: bytes, table: str, known: Mapping[str, str]) -> Table:
    """The sheet of `table` by one of its `known` names, or the only one besides ours. Raises
    Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _refuse_by_directory(packed)
            return _Book(packed).read(table, known)
    except DefusedXmlException:
        raise Unreadable(
            _(
                "The workbook holds definitions that no spreadsheet writes, so it was not opened. "
                "Copy the table into a new workbook and save that."
            )
        ) from None
    except (zipfile.BadZipFile, zlib.error, SAXException, KeyError, EOFError, NotImplementedError,
            OSError, IndexError, ValueError, OverflowError) as error:  # fmt: skip
        raise Unreadable(
            _("The workbook is damaged or cut off. Open it in your spreadsheet and save it again.")
        ) from error


def _refuse_by_directory(packed: zipfile.ZipFile) -> None:
    members = packed.infolist()
    unpacked = sum(member.file_size for member in members)
    stored = sum(member.compress_size for member in members)
    names = {member.filename for member in members}
    if (
        len(members) > limits.MEMBERS
        or unpacked > limits.UNPACKED
        or (unpacked > 10 * 1024 * 1024 and unpacked > limits.RATIO * stored)
    ):
        raise Unreadable(
            _(
                "The file would unpack to more than %(most)s MB. Copy the table into a new "
                "workbook, save it as XLSX or CSV, and upload that."
            )
            % {"most": limits.UNPACKED // 1024 // 1024}
        )
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(_("The file is protected by a password. Save it without one."))
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise Unreadable(_("The workbook holds macros. Save it as XLSX without macros."))
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Unreadable(
            _("The workbook holds links to other files. Paste the values instead, and save it.")
        )
    if "xl/workbook.xml" not in names:
        raise Unreadable(
            _(
                "The file is packed like a workbook, but it is no XLSX (an ODS or a DOCX, "
                "perhaps). Save the table as XLSX or CSV."
            )
        )


class _Book:
    """The parts of a workbook that the cells of a sheet need."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self.packed = packed
        self.shared: list[str] = []
        self.styles: list[NumberFormat] = []
        self.epoch = dt.date(1899, 12, 30)
        self.is_uncalculated = False  # written by a program, which puts 0 under each formula

    def read(self, table: str, known: Mapping[str, str]) -> Table:
        book = _Collect({"sheet", "workbookPr", "calcPr"})
        self._parse("xl/workbook.xml", book)
        for name, given in book.found:
            if name == "workbookPr" and given.get("date1904") in ("1", "true"):
                self.epoch = dt.date(1904, 1, 1)
            if name == "calcPr" and given.get("fullCalcOnLoad") in ("1", "true"):
                self.is_uncalculated = True
        relations = _Collect({"Relationship"})
        self._parse("xl/_rels/workbook.xml.rels", relations)
        targets = {given["Id"]: given["Target"] for _name, given in relations.found}
        sheets = {g["name"]: targets[g["r:id"]] for name, g in book.found if name == "sheet"}
        held = [name for name in sheets if name != OURS and known.get(name.casefold()) != ""]
        names = held or list(sheets)
        name = _chosen(names, table, known)
        self._read_parts()
        reader = _Cells(name, self)
        self._parse(_within("xl", sheets[name]), reader)
        return replace(reader.table(), passed=tuple(one for one in names if one != name))

    def _read_parts(self) -> None:
        if "xl/sharedStrings.xml" in self.packed.namelist():
            strings = _Strings()
            self._parse("xl/sharedStrings.xml", strings)
            self.shared = strings.found
        if "xl/styles.xml" in self.packed.namelist():
            styles = Styles()
            self._parse("xl/styles.xml", styles)
            self.styles = styles.read()

    def _parse(self, name: str, handler: ContentHandler) -> None:
        parser = make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(handler)
        with self.packed.open(name) as part:
            while data := part.read(PART):
                parser.feed(data)
        parser.close()


def _within(folder: str, target: str) -> str:
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
    )


def _chosen(names: list[str], table: str, known: Mapping[str, str]) -> str:
    if not names:
        raise Unreadable(_("The workbook has no sheet."))
    if table in names:
        return table
    meant = {name: known.get(name.strip().casefold()) for name in names}
    ours = [name for name in names if meant[name] == table]
    if len(ours) == 1:
        return ours[0]
    if len(names) == 1 and meant[names[0]]:
        raise Unreadable(
            _(
                "The sheet “%(name)s” is of another table. Import it there; or, if these rows "
                "belong here, rename the sheet to “%(table)s”."
            )
            % {"name": names[0], "table": table}
        )
    if len(names) > 1:
        raise Unreadable(
            _(
                "The workbook has %(count)s sheets (%(names)s). Name the one to be imported "
                "“%(table)s”, or leave only one."
            )
            % {"count": len(names), "names": ", ".join(names)[:200], "table": table}
        )
    return names[0]


class _Collect(ContentHandler):
    """The attributes of some elements."""

    def __init__(self, wanted: set[str]) -> None:
        super().__init__()
        self.wanted, self.found = wanted, list[tuple[str, dict[str, str]]]()

    def startElement(self, name: str, attrs: Any) -> None:
        local = name.rpartition(":")[2]
        if local in self.wanted:
            given = {key if ":" not in key else f"r:{key.rpartition(':')[2]}": attrs[key]
                     for key in attrs.getNames()}  # fmt: skip
            self.found.append((local, given))


class _Strings(ContentHandler):
    """The shared strings; of rich text the letters, of phonetic help nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.whole: list[str] = []
        self.parts: list[str] | None = None
        self.aside = False

    def startElement(self, name: str, attrs: Any) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            deadline.keep()
            self.whole = []
        elif name == "rPh":
            self.aside = True
        elif name == "t" and not self.aside:
            self.parts = self.whole

    def endElement(self, name: str) -> None:
        name = name.rpartition(":")[2]
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


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))


class _Cells(ContentHandler):
    """The rows of one sheet, whatever dimension it claims to have."""

    def __init__(self, name: str, book: _Book) -> None:
        super().__init__()
        self.name, self.book = name, book
        self.records: list[tuple[int, tuple[Any, ...]]] = []
        self.faults: list[Fault] = []
        self.merged: list[str] = []
        self.number = 0
        self.row: dict[int, Any] = {}
        self.parts: list[str] | None = None
        self.value: list[str] = []
        self._begin(-1, "n", 0)

    def _begin(self, position: int, kind: str, style: int) -> None:
        self.position, self.kind, self.style = position, kind, style
        self.formula = self.has_value = self.aside = False
        self.value = []

    def startElement(self, name: str, attrs: Any) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._begin(
                self._place(attrs.get("r", "")), attrs.get("t", "n"), int(attrs.get("s", 0))
            )
        elif name == "row":
            self.number = int(attrs.get("r", self.number + 1))
            if not 0 < self.number <= LAST_ROW:
                raise ValueError(self.number)
            self.row, self.position = {}, -1
        elif name == "f":
            self.formula = True
        elif name == "mergeCell":
            self.merged.append(attrs.get("ref", "")[:20])
        elif name == "rPh":
            self.aside = True
        elif name in ("v", "t") and not self.aside:
            self.has_value, self.parts = True, self.value

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

    def endElement(self, name: str) -> None:
        name = name.rpartition(":")[2]
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
        if bad := _NO_TEXT.search(self._text(text)):
            return _(
                "The cell holds the character U+%(code)s, which no text has. Type the cell again."
            ) % {"code": f"{ord(bad[0]):04X}"}
        return ""

    def _text(self, text: str) -> str:
        """The text of a cell that is one."""
        if self.kind == "s":
            return self.book.shared[int(text)] if text else ""
        return unescaped(text) if self.kind in ("inlineStr", "str") else ""

    def _typed(self, text: str) -> Any:
        if self.kind in ("s", "inlineStr", "str"):
            return self._text(text)
        if self.kind == "b":
            return text.strip() == "1"
        styles = self.book.styles
        form = styles[self.style] if 0 <= self.style < len(styles) else GENERAL
        if self.kind == "d":
            return Day.of(dt.datetime.fromisoformat(text.rstrip("Z")), form)
        if form.parts and 60 < float(text) < 2_958_466:
            midnight = dt.datetime.combine(self.book.epoch, dt.time())
            return Day.of(midnight + dt.timedelta(seconds=round(float(text) * 86_400)), form)
        return Number.of(text, form)

    def _fault(self, sentence: str) -> None:
        if len(self.faults) < 1000:
            from exchange.workbook import letters

            column = letters(max(self.position, 0))
            self.faults.append(Fault(sentence, self.number, column, "", self.name))

    def _close_row(self) -> None:
        deadline.keep()
        if self.row:
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
            raise Unreadable(
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
        return whole(self.name, header, rows, faults)
