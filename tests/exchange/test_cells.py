from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from exchange.exports import xlsx as workbook
from exchange.tables.cells import as_csv, guard, unguard
from exchange.tables.widgets import MoneyWidget

# What closes the cell and opens one with a formula, where a writer takes the text for its own XML.
MARKED_UP = (
    '<r><t>x</t></r></is></c><c r="B1"><f>HYPERLINK("http://x","y")</f><v>0</v></c>'
    '<c r="C1" t="inlineStr"><is><r><t>z</t></r>'
)
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
    out = io.BytesIO()
    rows: list[list[Any]] = [
        ["=1+1", -12, "2019-02-21"], ["a & <b>", None, "2019-02"], [MARKED_UP, None, None],
    ]  # fmt: skip
    kinds = ["text", "number", "date"]
    workbook.write(out, [workbook.Sheet("t", ["text", "number", "day"], kinds, rows)])

    sheet = load_workbook(out)["t"]
    cells = [[cell.value for cell in row] for row in sheet.rows]
    assert cells[1] == ["=1+1", -12, dt.datetime(2019, 2, 21)]  # noqa: DTZ001
    assert cells[2] == ["a & <b>", None, "2019-02"]
    assert cells[3] == [MARKED_UP, None, None]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "d"]
    assert sheet.freeze_panes == "A2"
    again = io.BytesIO()
    workbook.write(again, [workbook.Sheet("t", ["text", "number", "day"], kinds, rows)])
    assert again.getvalue() == out.getvalue()


@pytest.mark.parametrize(
    ("typed", "amount"), [("-5000", "-5000.00"), ("\u22121 234,5", "-1234.50"), ("12", "12.00")]
)
def test_an_amount_that_may_be_taken_away_keeps_its_sign(typed: str, amount: str) -> None:
    assert str(MoneyWidget(signed=True).clean(typed)) == amount
    for odd in ("--5", "(5)", "-", "-x"):
        with pytest.raises(ValueError, match="“"):
            MoneyWidget(signed=True).clean(odd)
