from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from exchange.cells import as_csv, as_xlsx, guard, unguard

FORMULAS = ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_guard_disarms_text_that_a_spreadsheet_would_run(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


def test_guard_leaves_numbers_and_plain_text() -> None:
    assert [guard(value) for value in (-12.5, 0, "D1.2", "O'Neill", None)] == [
        -12.5,
        0,
        "D1.2",
        "O'Neill",
        None,
    ]


@given(st.text(max_size=40))
def test_unguard_undoes_guard(text: str) -> None:
    assert unguard(guard(text)) == text


def test_csv_is_rfc_4180_without_byte_order_mark() -> None:
    written = as_csv(["code", "title"], [["D1.1", 'Likums, "jauns"'], [None, "=1"]])

    assert written == b'code,title\r\nD1.1,"Likums, ""jauns"""\r\n,\'=1\r\n'


def test_xlsx_holds_no_formula_and_keeps_numbers() -> None:
    written = as_xlsx(["text", "number"], [["=1+1", -12]], "t")

    sheet = load_workbook(io.BytesIO(written)).active
    assert sheet is not None
    cells = [(cell.value, cell.data_type) for cell in list(sheet.rows)[1]]
    assert cells == [("=1+1", "s"), (-12, "n")]
