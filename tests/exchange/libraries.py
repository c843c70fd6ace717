"""Why workbooks are written and read by our own code (docs/adr/0015), tried anew.

Not part of `make test`, which installs none of them: `pytest tests/exchange/libraries.py` where
XlsxWriter and python-calamine are. A test that fails says that a reason is gone.
"""

from __future__ import annotations

import importlib
import inspect
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from exchange.exports import xlsx as workbook
from tests import cost
from tests.exchange.test_cells import MARKED_UP

HEADER, ROWS = [f"c{n}" for n in range(14)], [[f"text {n}" for n in range(14)]] * 5_000


def written(rows: list[list[str]], folder: Path | None = None) -> bytes:
    """A sheet of texts, by XlsxWriter in constant memory."""
    out = io.BytesIO()
    options = {"constant_memory": True, "tmpdir": str(folder) if folder else None}
    book: Any = importlib.import_module("xlsxwriter").Workbook(out, options)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for position, text in enumerate(row):
            sheet.write_string(number, position, text)
    if folder:
        assert list(folder.iterdir())  # the rows, in a file that a killed process leaves behind
    book.close()
    return out.getvalue()


def test_xlsxwriter_makes_a_formula_of_a_text() -> None:
    sheet = load_workbook(io.BytesIO(written([[MARKED_UP]]))).worksheets[0]

    assert [cell.data_type for cell in sheet[1]] == ["s", "f", "s"]


def test_xlsxwriter_takes_more_than_twice_the_time_and_files_with_names(tmp_path: Path) -> None:
    with cost.seconds() as spent:
        workbook.write(io.BytesIO(), [workbook.Sheet("t", HEADER, ["text"] * 14, ROWS)])
        ours = spent()
    with cost.seconds() as spent:
        written([HEADER, *ROWS], tmp_path)
        assert spent() > 2 * ours


def test_calamine_ends_the_process_and_says_nothing_of_formats(tmp_path: Path) -> None:
    library: Any = importlib.import_module("python_calamine")
    file, book = tmp_path / "corners.xlsx", Workbook()
    book.worksheets[0]["A1"] = book.worksheets[0]["XFD1048576"] = "x"
    book.save(file)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30));"
        "from python_calamine import load_workbook;"
        "load_workbook(sys.argv[1]).get_sheet_by_index(0)"
    )
    command = [sys.executable, "-c", code, str(file)]
    ended = subprocess.run(command, capture_output=True, timeout=120)  # noqa: S603 - our own file

    assert file.stat().st_size < 6_000
    assert ended.returncode < 0  # by a signal: nothing that a program could catch
    assert not [name for name, _value in inspect.getmembers(library.CalamineSheet)
                if "format" in name and not name.startswith("_")]  # fmt: skip
