"""Fuzzes the spreadsheet reader: python -m tests.fuzz.reader -max_total_time=600 (needs atheris).

Whatever the bytes, the reader gives a table or refuses in sentences; anything else is a finding,
and so is a case that takes longer than ten seconds (-timeout=10).
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import zipfile
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")

import atheris
import django

with atheris.instrument_imports(include=["exchange.reading.sheets", "exchange.reading.xlsx"]):
    from exchange.exports import xlsx as workbook
    from exchange.reading import sheets
    from exchange.reading import xlsx as workbook_reading
from exchange.reading.faults import Unreadable, UnsureOfEncoding

MEMBERS = (
    "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml",
)  # fmt: skip


def seed() -> dict[str, bytes]:
    """The parts of a workbook of ours."""
    out = io.BytesIO()
    rows: list[list[Any]] = [["=1", 2, "2019-02-21"], ["ā", None, "2019"]]
    kinds = ["text", "number", "date"]
    workbook.write(out, [workbook.Sheet("t", ["a", "b", "c"], kinds, rows)])
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


PARTS = seed()


def one(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    how, rest = given.ConsumeIntInRange(0, 3), given.ConsumeBytes(len(data))
    name, content = "t.csv", rest
    if how == 1:
        name = "t.xlsx"
    elif how >= 2:  # one part of a workbook is what was made up, or ours with it inside
        part = MEMBERS[rest[0] % len(MEMBERS) if rest else 0]
        own = PARTS.get(part, b"")
        middle = own.find(b"<sheetData>") + 11 if how == 2 else 0
        parts = PARTS | {part: own[:middle] + rest[1:] + own[middle:] if how == 2 else rest[1:]}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for member, text in parts.items():
                packed.writestr(member, text)
        name, content = "t.xlsx", out.getvalue()
    with contextlib.suppress(Unreadable, UnsureOfEncoding):
        sheets.read(name, content, "t", "cp1257" if len(data) % 2 else "")


if __name__ == "__main__":
    django.setup()
    atheris.instrument_func(workbook_reading.read_workbook)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
