"""XLSX as strangers send it: refused by its directory before anything is unpacked.

Only values are read. Macros, links to other files, formulas that nobody computed, and definitions
in the XML (the usual bombs) are refused in sentences. ECMA-376 part 1, chapter 18.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext as _

from exchange.reading.faults import Fault, NoRows, Unreadable
from exchange.reading.table import Table
from exchange.reading.xlsx_cells import Cells
from exchange.reading.xlsx_parts import Collect, Known, Room, Strings, Styles
from exchange.tables import limits

OURS = "About"  # the second sheet of our own exports
PART = 65_536
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_workbook(data: bytes, table: str, known: Mapping[str, str]) -> Table:
    """The sheet of `table` by one of its `known` names, or the only one besides ours. Raises
    Unreadable."""
    with _opened(data) as book:
        held = book.held(known)
        name = _chosen(held, table, known)
        return replace(book.read(name), passed=tuple(one for one in held if one != name))


def read_sheets(
    data: bytes, known: Mapping[str, str], wanted: Collection[str]
) -> tuple[dict[str, Table], dict[str, str]]:
    """The sheets by the tables that their names stand for, the empty ones left out; and the names
    of those that are of a table that is not wanted. Raises Unreadable."""
    found: dict[str, Table] = {}
    passed: dict[str, str] = {}
    with _opened(data) as book:
        for name in book.held(known):
            table = known.get(name.strip().casefold())
            if table == "":  # one of ours without rows
                continue
            if table is None:
                raise Unreadable(_unknown(name))
            if table in found or table in passed:
                raise Unreadable(Fault(_("Another sheet is of the same table."), sheet=name))
            if table not in wanted:
                passed[table] = name
                continue
            with suppress(NoRows), named(name):
                found[table] = book.read(name)
    return found, passed


@contextmanager
def named(sheet: str) -> Iterator[None]:
    """What is wrong with a sheet names it."""
    try:
        yield
    except NoRows:
        raise
    except Unreadable as unreadable:
        faults = [replace(fault, sheet=fault.sheet or sheet) for fault in unreadable.faults]
        raise Unreadable(*faults) from None


def _unknown(name: str) -> Fault:
    return Fault(
        _(
            "The name of this sheet is of no table. Call the sheet as in the template, or delete "
            "it."
        ),
        sheet=name[: limits.SHEET],
    )


@contextmanager
def _opened(data: bytes) -> Iterator[_Book]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _refuse_by_directory(packed)
            yield _Book(packed, len(data))
    except DefusedXmlException:
        raise Unreadable(
            _(
                "The workbook holds definitions that no spreadsheet writes, so it was not opened. "
                "Copy the table into a new workbook and save that."
            )
        ) from None
    except (zipfile.BadZipFile, zlib.error, SAXException, LookupError, EOFError,
            OSError, RuntimeError, ValueError, OverflowError) as error:  # fmt: skip
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(
        _("The workbook is damaged or cut off. Open it in your spreadsheet and save it again.")
    )


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
    if any(member.compress_type not in PACKED for member in members):  # others unpack unbounded
        raise _damaged()
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

    def __init__(self, packed: zipfile.ZipFile, size: int) -> None:
        self.packed, self.known = packed, Known(Room(size))
        self.sheets = self._sheets()
        self._read_parts()

    def held(self, names: Mapping[str, str]) -> list[str]:
        """The sheets, without those of ours that hold no rows where others do."""
        held = [
            name
            for name in self.sheets
            if name != OURS and names.get(name.strip().casefold()) != ""
        ]
        return held or list(self.sheets)

    def read(self, name: str) -> Table:
        reader = Cells(name, self.known)
        self._parse(_within("xl", self.sheets[name]), reader)
        return reader.table()

    def _sheets(self) -> dict[str, str]:
        book = Collect(self.known.room, {"sheet", "workbookPr", "calcPr"})
        self._parse("xl/workbook.xml", book)
        for name, given in book.found:
            if name == "workbookPr" and given.get("date1904") in ("1", "true"):
                self.known.epoch = dt.date(1904, 1, 1)
            if name == "calcPr" and given.get("fullCalcOnLoad") in ("1", "true"):
                self.known.is_uncalculated = True
        relations = Collect(self.known.room, {"Relationship"})
        self._parse("xl/_rels/workbook.xml.rels", relations)
        targets = {given["Id"]: given["Target"] for _name, given in relations.found}
        return {g["name"]: targets[g["r:id"]] for name, g in book.found if name == "sheet"}

    def _read_parts(self) -> None:
        if "xl/sharedStrings.xml" in self.packed.namelist():
            strings = Strings(self.known.room)
            self._parse("xl/sharedStrings.xml", strings)
            self.known.shared = strings.found
        if "xl/styles.xml" in self.packed.namelist():
            styles = Styles(self.known.room)
            self._parse("xl/styles.xml", styles)
            self.known.styles = styles.read()

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
