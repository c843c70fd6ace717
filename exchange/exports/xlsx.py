"""XLSX, written as it is read from the database: nothing is held but the row at hand.

Text cells are text whatever they begin with, so no cell is ever a formula. Codes are text, numbers
are numbers, whole days are dates. ECMA-376 part 1, chapter 18.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from exchange.tables import limits
from exchange.tables.cells import STARTS_A_FORMULA, letters, unguard

LONGEST = 1_048_575  # rows of a sheet below its header
EPOCH = dt.date(1899, 12, 30)
TEXT, QUOTED, DAY, HEADER, NUMBER, WRAPPED, AMOUNT, INTEGER = 1, 2, 3, 4, 5, 6, 7, 8
# What a kind of column holds; a month is typed as text, so that it stays one.
STYLES = {
    "text": TEXT, "partial": TEXT, "date": DAY, "number": NUMBER, "amount": AMOUNT,
    "integer": INTEGER,
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")  # what XML cannot hold, and a carriage return
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BATCH = 500
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = (
    f"{_HEAD}<styleSheet {_MAIN}>"
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE6ECF5"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="9">'
    '<xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="164" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" xfId="0" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf>'
    '<xf numFmtId="2" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="1" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a header and rows of text, numbers (as text with a point) and None.

    `kinds` has one of STYLES for each column, which the rows below the table have, too; `lists`
    the values to choose from by the column's position, or the range of cells that has them.
    """

    name: str
    header: Sequence[str]
    kinds: Sequence[str]
    rows: Iterable[Sequence[str | int | Decimal | None]]
    lists: Mapping[int, Sequence[str] | str] = field(default_factory=dict)
    widths: Sequence[int] = ()
    wrapped: bool = False


def _written(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", escape(text))


def _cell(place: str, kind: str, value: str | int | Decimal, style: int) -> str:
    if kind in ("number", "amount", "integer"):
        return f'<c r="{place}" s="{STYLES[kind]}"><v>{value}</v></c>'
    text = str(value)
    if kind in ("date", "partial") and _DAY.fullmatch(text):
        days = (dt.date.fromisoformat(text) - EPOCH).days
        return f'<c r="{place}" s="{DAY}"><v>{days}</v></c>'
    if len(text) > limits.CELL:
        text = _("The text has %(size)s characters, too many for a cell; the CSV has it.") % {
            "size": len(text)
        }
    if unguard(text) != text:  # what a reader would take for guarded
        text = "'" + text
    if style == TEXT and text.startswith(STARTS_A_FORMULA):
        style = QUOTED
    inline = f'<t xml:space="preserve">{_written(text)}</t>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is>{inline}</is></c>'


def _write_sheet(out: IO[bytes], sheet: Sheet) -> None:
    names = [letters(position) for position in range(len(sheet.header))]
    widths = sheet.widths or [min(max(len(key) + 3, 10), 40) for key in sheet.header]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" style="{STYLES[kind]}" customWidth="1"/>'
        for n, (width, kind) in enumerate(zip(widths, sheet.kinds, strict=True), start=1)
    )
    frozen = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    head = "".join(
        _cell(f"{name}1", "text", key, HEADER)
        for name, key in zip(names, sheet.header, strict=True)
    )
    opened = f"{_HEAD}<worksheet {_MAIN}>{frozen}<cols>{columns}</cols><sheetData>"
    out.write(f'{opened}<row r="1">{head}</row>'.encode())
    written = _write_rows(out, sheet, names)
    out.write(f"</sheetData>{_lists(sheet, names, written)}</worksheet>".encode())


def _write_rows(out: IO[bytes], sheet: Sheet, names: Sequence[str]) -> int:
    style, number, batch = WRAPPED if sheet.wrapped else TEXT, 1, []
    for row in sheet.rows:
        number += 1
        cells = "".join(
            [
                _cell(f"{name}{number}", kind, value, style)
                for name, kind, value in zip(names, sheet.kinds, row, strict=True)
                if value is not None
            ]
        )
        batch.append(f'<row r="{number}">{cells}</row>')
        if len(batch) >= _BATCH:
            out.write("".join(batch).encode())
            batch.clear()
    out.write("".join(batch).encode())
    return number


def _lists(sheet: Sheet, names: Sequence[str], last: int) -> str:
    """A list to choose from for each coded column, for the rows that are there and 500 more."""
    rules = [
        f'<dataValidation type="list" allowBlank="1" sqref="{names[position]}2:'
        f'{names[position]}{min(last + 500, LONGEST + 1)}">'
        f"<formula1>{escape(quoted)}</formula1></dataValidation>"
        for position, values in sheet.lists.items()
        if len(quoted := _quoted(values)) <= 257  # the format's own limit is 255
    ]
    counted = f'<dataValidations count="{len(rules)}">{"".join(rules)}</dataValidations>'
    return counted if rules else ""


def _quoted(values: Sequence[str] | str) -> str:
    return values if isinstance(values, str) else f'"{",".join(values)}"'


def write(out: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write a workbook of these sheets; the same content makes the same bytes."""
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:

        def part(name: str, text: str) -> None:
            packed.writestr(_member(name), _HEAD + text)

        part("[Content_Types].xml", _types(numbers))
        part("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        part("xl/workbook.xml", _book(sheets))
        parts = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
        part("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        packed.writestr(_member("xl/styles.xml"), _STYLES)
        for n, sheet in zip(numbers, sheets, strict=True):
            with packed.open(
                _member(f"xl/worksheets/sheet{n}.xml"), "w", force_zip64=True
            ) as open_:
                _write_sheet(open_, sheet)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _types(numbers: Iterable[int]) -> str:
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{base}worksheet+xml"/>'
        for n in numbers
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{base}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{base}styles+xml"/>{sheets}</Types>'
    )


def _relations(parts: Iterable[tuple[str, str]]) -> str:
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, start=1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{package}">{related}</Relationships>'


def _book(sheets: Iterable[Sheet]) -> str:
    listed = "".join(
        f'<sheet name="{escape(sheet.name[:31])}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    return f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
