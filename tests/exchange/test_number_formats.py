"""A cell is read as the person sees it: its number and the format that shows it; by the form."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from budget.money.models import Entry
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable
from exchange.tables.number_formats import (
    BUILT_IN,
    GENERAL,
    LONGEST,
    Day,
    Number,
    NumberFormat,
    parsed,
)
from tests import cost
from tests.exchange.files import Session, exported, saved, with_part
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_indicator,
    make_line,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db


def at(*day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(dt.date(*day), dt.time(hour, minute))


DAY = at(2026, 12, 1)
WAY_OUT = "Format the column as text, and type it again."


@pytest.fixture(autouse=True)
def row(client: Client) -> Deliverable:
    project = make_project(publishing="by_hand", start_actual="2020-01-01")
    component = make_component(project)
    make_entry(make_line(project), "N1")
    make_indicator(component, unit="percent")
    client.force_login(make_member(project, name="bruno"))
    return make_deliverable(component)


def uploaded(client: Client, table: str, header: str, *cells: Any) -> Session:
    """A workbook with one row; a cell is a value, or a value and its format."""
    app = "budget" if table == "entry" else "deliverables"
    book = Workbook()
    sheet: Any = book.active
    sheet.append(header.split())
    for position, cell in enumerate(cells, start=1):
        value, code = cell if isinstance(cell, tuple) else (cell, None)
        made = sheet.cell(row=2, column=position, value=value)
        if code:
            made.number_format = code
    return Session(client, table, app).upload(saved(book), "t.xlsx")


def day(client: Client, *cell: Any) -> Session:
    return uploaded(client, "deliverable", "project code due_current", "tw-1", "D1.1", cell)


def amount(client: Client, *cell: Any) -> Session:
    header = "project line code kind amount"
    return uploaded(client, "entry", header, "tw-1", "B1", "N2", "planned", cell)


def reference(client: Client, *cell: Any) -> Session:
    header = "project line code kind amount ledger_ref"
    return uploaded(client, "entry", header, "tw-1", "B1", "N2", "planned", "5", cell)


def fault(session: Session) -> str:
    assert len(session.faults) == 1, session.text[-500:]
    return session.faults[0]


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("mmm-yy", "2026-12"), ("mmmm yyyy", "2026-12"), ("[$-426]mmmm\\ yyyy", "2026-12"),
        ("yyyy", "2026"), ("yyyy\\.\\ \\g\\a\\d\\s", "2026"), ("mm/yyyy", "2026-12"),
        ("dd.mm.yyyy", "2026-12-01"), ("d-mmm-yy", "2026-12-01"), ("yyyy-mm-dd", "2026-12-01"),
        ('yyyy". gada" d. mmmm', "2026-12-01"), ("dd.mm.yyyy hh:mm", "2026-12-01"),
    ],
)  # fmt: skip
def test_a_date_is_as_much_of_it_as_is_shown(client: Client, code: str, meant: str) -> None:
    session = day(client, DAY, code)
    assert session.faults == []
    session.apply()

    assert Deliverable.objects.get().due_current == meant


def test_a_time_that_is_not_shown_is_not_there(client: Client) -> None:
    session = day(client, at(2026, 12, 1, hour=10, minute=30), "dd.mm.yyyy")
    session.apply()

    assert Deliverable.objects.get().due_current == "2026-12-01"


@pytest.mark.parametrize(
    ("moment", "code", "told"),
    [
        (DAY, "d. mmmm", "1.12."),
        (at(2026, 12, 1, hour=10, minute=30), "dd.mm.yyyy hh:mm", "has a time of day"),
        (at(2026, 12, 1, hour=10, minute=30), "hh:mm", "10:30"),
        (DAY, "[h]:mm", "00:00"),
    ],
)
def test_a_date_that_is_not_shown_whole_is_refused(
    client: Client, moment: dt.datetime, code: str, told: str
) -> None:
    assert told in fault(day(client, moment, code))


@pytest.mark.parametrize(
    ("cell", "code", "told"),
    [
        (0.5, "0%", "The cell shows “50%”, a per cent."),
        (0.125, "0.0%", "The cell shows “12.5%”, a per cent."),
        (1000, "[$$-409]#,##0", "The cell shows “1,000 $”, and amounts are in EUR."),
        (1000, '"$"#,##0.00', "and amounts are in EUR"),
        (1000, "#,##0.00\\ [$USD]", "The cell shows “1,000.00 USD”, and amounts are in EUR."),
        (1000, '0" Ls"', "The cell shows “1000 Ls”, and amounts are in EUR."),
        (1000, "#,##0 [$kr-414]", "and amounts are in EUR"),
        (1234567, "#,##0,", "The format of the cell does not show its number, 1234567."),
        (1234567, '0.0,,"M"', "The format of the cell does not show its number, 1234567."),
        (5, ";;;", "The format of the cell does not show its number, 5."),
        (0.5, "hh:mm", "The format of the cell does not show its number, 0.5."),
        (DAY, "dd.mm.yyyy", "“2026-12-01” is not an amount."),
        (True, None, "is not an amount."),
        (1.255, "0.00", "“1.255” is not an amount."),
    ],
)
def test_an_amount_that_shows_something_else_is_refused(
    client: Client, cell: Any, code: str | None, told: str
) -> None:
    assert told in fault(amount(client, cell, code))
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("cell", "code", "meant"),
    [
        (0.1 + 0.2, None, "0.30"), (12345.670000000002, "0.00", "12345.67"),
        (1234.5, "#,##0.00\\ [$€-426]", "1234.50"), (1234.5, "#,##0.00\\ [$EUR]", "1234.50"),
        (1234.5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "1234.50"),
        (1234.5, "[Red]0.00", "1234.50"), (7, "000", "7.00"), (7, "General", "7.00"),
    ],
)  # fmt: skip
def test_an_amount_is_read_without_the_noise_of_fractions(
    client: Client, cell: Any, code: str | None, meant: str
) -> None:
    session = amount(client, cell, code)
    assert session.faults == []
    session.apply()

    assert Entry.objects.get(code="N2").amount == Decimal(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("0.30000000000000004", "0.3"), ("12345.670000000002", "12345.67"), ("1E-7", "0.0000001")],
)
def test_a_number_as_the_file_holds_it_has_no_noise_of_fractions(text: str, meant: str) -> None:
    """openpyxl, which writes the files of these tests, writes none."""
    assert Number.of(text, GENERAL).plain() == meant


@pytest.mark.parametrize(
    ("cell", "code", "told"),
    [
        (123, "000000", "The cell shows “000123”, and the file holds the number 123. "),
        (2.1, "0.00", "The cell shows “2.10”, and the file holds the number 2.1. "),
        (1234567, "#,##0", "The cell shows “1,234,567”, and the file holds the number 1234567. "),
        (0.5, "0%", "The cell shows “50%”, and the file holds the number 0.5. "),
        (12345678901234567890, "0", "has more than 15 digits, and a spreadsheet keeps no more. "),
        (at(2026, 9, 1), "dd.mm.yyyy", "“2026-09-01” is a date to the spreadsheet, not a text. "),
        (DAY, "mmm-yy", "“2026-12” is a date to the spreadsheet, not a text. "),
        (True, None, "“TRUE” is a yes or no to the spreadsheet, not a text. "),
    ],
)
def test_a_text_that_a_spreadsheet_changed_is_refused_with_the_way_out(
    client: Client, cell: Any, code: str | None, told: str
) -> None:
    found = fault(reference(client, cell, code))

    assert told + WAY_OUT in found


@pytest.mark.parametrize(
    ("cell", "code", "meant"),
    [(123, None, "123"), (2.15, "0.00", "2.15"), (123456789012345, "0", "123456789012345"),
     (2026, "@", "2026")],
)  # fmt: skip
def test_a_number_that_shows_itself_is_its_text(
    client: Client, cell: Any, code: str | None, meant: str
) -> None:
    session = reference(client, cell, code)
    assert session.faults == []
    session.apply()

    assert Entry.objects.get(code="N2").ledger_ref == meant


@pytest.mark.parametrize("code", ["0;-0;;@", "0.00;-0.00;", '0" ; "0;-0;'])
def test_a_zero_that_is_not_shown_is_no_zero(client: Client, code: str) -> None:
    told = fault(amount(client, 0, code))

    assert "This column cannot be empty." in told


def test_nor_is_one_on_a_sheet_that_shows_no_zeros(client: Client) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.sheet_view.showZeros = False
    sheet.append(["project", "line", "code", "kind", "amount"])
    sheet.append(["tw-1", "B1", "N2", "planned", 0])
    session = Session(client, "entry", "budget").upload(saved(book), "t.xlsx")

    assert "This column cannot be empty." in fault(session)


def test_rows_that_are_hidden_are_read_and_told(client: Client) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["project", "code", "title_en"])
    sheet.append(["tw-1", "D1.1", "Edited"])
    sheet.row_dimensions[2].hidden = True
    session = Session(client).upload(saved(book), "t.xlsx")

    assert session.counts["changed"] == 1
    assert "Rows that the spreadsheet hides, read all the same: 1." in session.text


@pytest.mark.parametrize(("value", "code"), [(2026, "0%"), (2026, ";;;"), (2026, "#,##0,")])
def test_a_year_is_what_is_shown_too(client: Client, value: int, code: str) -> None:
    assert fault(day(client, value, code))


def test_a_code_that_a_number_format_completes_finds_no_other_row(client: Client) -> None:
    """2.1 shown as 2.10: the row 2.1 is another one."""
    header = "project code title_en"
    told = fault(uploaded(client, "deliverable", header, "tw-1", (2.1, "0.00"), "Edited"))

    assert "“2.10” is a number or a date, not a code" in told


@pytest.mark.parametrize("text", ["NaN", "1e999", "INF", "1_000", "abc", "0x10"])
@pytest.mark.parametrize("column", ["title_en", "weight", "due_current"])
def test_what_is_no_number_is_refused_by_name(client: Client, text: str, column: str) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["project", "code", column])
    sheet.append(["tw-1", "D1.1", 4711])
    data = with_part(
        saved(book), "xl/worksheets/sheet1.xml", lambda part: part.replace(b"4711", text.encode())
    )
    told = fault(Session(client).upload(data, "t.xlsx"))

    assert f"“{text}” is no number." in told


def test_a_measured_per_cent_is_what_is_shown(client: Client) -> None:
    header = "project indicator on value source_lv source_en"
    cells = ("tw-1", "I1.1", (at(2026, 5, 4), "dd.mm.yyyy"), (0.2, "0%"), "x", "x")
    session = uploaded(client, "measurement", header, *cells)
    assert session.faults == []
    session.apply()

    assert Measurement.objects.get().value == 20


def test_a_per_cent_is_not_taken_for_the_number_that_is_there(client: Client) -> None:
    Indicator.objects.update(unit="number")
    Measurement.objects.create(
        project=Indicator.objects.get().project, indicator=Indicator.objects.get(),
        on=dt.date(2026, 5, 4), value="0.2", source_lv="x", source_en="x",
    )  # fmt: skip
    header = "project indicator on value"
    cells = ("tw-1", "I1.1", "2026-05-04", (0.2, "0%"))

    assert uploaded(client, "measurement", header, *cells).counts["changed"] == 1


def built_in(number: int) -> NumberFormat:
    return parsed(BUILT_IN.get(number, ""))


def test_each_built_in_format_shows_a_number_or_a_date() -> None:
    moment = at(2026, 12, 1)
    shown = {n: Day.of(moment, built_in(n)) if built_in(n).parts else
             Number.of("1234.5", built_in(n)).shown() for n in range(50)}  # fmt: skip

    assert {n for n in shown if built_in(n).parts} == {*range(14, 23), *range(27, 37), 45, 46, 47}
    assert (shown[14], shown[15], shown[17]) == ("2026-12-01", "2026-12-01", "2026-12")
    assert (shown[2], shown[4], shown[9]) == ("1234.50", "1,234.50", "123450%")
    assert built_in(44).has_sign


def test_no_code_of_a_format_costs_time() -> None:
    with cost.seconds() as spent:
        for bait in ("[", '"', "m", "\\", "#,##0;", "_", "0", "m[", '"m', "0["):
            parsed((bait * LONGEST)[:LONGEST])
        assert spent() < 0.2


def test_our_own_workbook_keeps_what_is_typed_below_the_table(client: Client) -> None:
    """Whole columns have the style of their cells, so a row typed below has it, too."""
    sheet = load_workbook(io.BytesIO(exported(client, "xlsx", "entry", "budget"))).worksheets[0]
    styles = {
        str(cell.value): sheet.column_dimensions[cell.column_letter].number_format
        for cell in sheet[1]
    }

    assert (styles["ledger_ref"], styles["code"]) == ("@", "@")
    assert styles["amount"] == "0.00"
    assert styles["on"] == "@"  # a month typed as 2026-12 stays one
