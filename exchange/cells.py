"""Cells that are safe in a spreadsheet and still numbers, and the only writers of CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "'", "＝", "＋", "－", "＠")


def guard(value: Any) -> Any:
    """Text that a spreadsheet would run gets a leading apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return "'" + value
    return value


def unguard(value: Any) -> Any:
    """The text before `guard`."""
    if isinstance(value, str) and value.startswith("'") and value[1:].startswith(STARTS_A_FORMULA):
        return value[1:]
    return value


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """RFC 4180 in UTF-8 without a byte order mark: comma, CRLF, one header row, no totals."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    for row in rows:
        writer.writerow(["" if cell is None else guard(cell) for cell in row])
    return out.getvalue().encode()


def as_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """One sheet; numbers are numbers, every text cell is typed as text, the header is frozen."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31] or "table")
    sheet.freeze_panes = "A2"
    for row in [headers, *rows]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
                cell.quotePrefix = value.startswith(STARTS_A_FORMULA)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
