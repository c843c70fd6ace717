"""The corpus of bad and odd files (docs/exchange.md), each through the real upload form."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from deliverables.ladder.models import Deliverable
from exchange.models import Import
from tests.exchange.files import Session, with_part, workbook_of
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_line,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db
HEAD = "project,component,code,title_lv,title_en\n"
ROW = "tw-1,1,D1.1,Nodevums,"


@pytest.fixture(autouse=True)
def bruno(client: Client) -> None:
    project = make_project(publishing="by_hand", end_planned="2027-01")
    component = make_component(project)
    make_deliverable(component, "D1.1", note_en="Kept", due_original="2026-05")
    make_deliverable(component, "D2.10")
    make_component(project, 2)
    make_entry(make_line(project, "B1"), "E1")
    client.force_login(make_member(project, name="bruno"))


def rows() -> list[Any]:
    """All that an import could change, and the trail of it."""
    events = Event.objects.exclude(table__in=["exchange_import", "exchange_export"]).count()
    return [events, *Deliverable.objects.order_by("pk").values()]


def refused(client: Client, data: str | bytes, name: str = "table.csv", **where: str) -> list[str]:
    """The faults that the page names; nothing was written and nothing is kept."""
    before, start = rows(), time.perf_counter()
    session = Session(client, **where).upload(data, name)
    assert session.page.status_code == 200
    assert time.perf_counter() - start < 10
    assert rows() == before
    job = Import.objects.latest("pk")
    assert (job.state, job.content) == ("refused", None)
    for fault in session.faults:
        assert fault.split(": ", 1)[-1] in session.text.replace("&quot;", '"')
    return session.faults


def accepted(client: Client, data: str | bytes, name: str = "table.csv", **where: str) -> Session:
    session = Session(client, **where).upload(data, name)
    assert session.faults == []
    assert "preview" in session.page.template_name, session.text
    return session


PLAIN = HEAD + ROW + "New\n"
EMPTY = "The file is empty."
DAMAGED = "The workbook is damaged or cut off. Open it in your spreadsheet and save it again."
KINDLY = " Open it in your spreadsheet, and save the table as XLSX without a password."
CUT = "Row 2: The row has 4 of 5 cells; the file may be cut off."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param("", EMPTY, id="1 nothing"),
        pytest.param("\n\n \n", EMPTY, id="2 blank lines"),
        pytest.param(HEAD, "The file has a header and no rows.", id="3 header only"),
        pytest.param(
            "tw-1,1,D1.1,A,B\ntw-1,1,D1.2,A,B\n",
            "Row 1: The first row must be the header; expected: project, component, code, kind,",
            id="4 no header",
        ),
        pytest.param(PLAIN.replace("New", "p\u00c4\u0081rbaude"), "looks wrongly decoded", id="11"),
        pytest.param(PLAIN.replace("New", "a\0b"), "There is a NUL character", id="12 NUL"),
        pytest.param(PLAIN.replace("New", "a\x07b"), "U+0007 (control character)", id="12 control"),
        pytest.param(
            PLAIN.replace("D1.1", "d1.1"),
            "Row 2, column “code”: “d1.1” looks like D1.1, which is there. Did you mean D1.1?",
            id="13 case",
        ),
        pytest.param(PLAIN.replace("D1.1", "D1.1\u200b"), "Did you mean D1.1?", id="13 zero-width"),
        pytest.param(
            HEAD.strip() + ",title_en\n" + ROW + "a,b\n",
            "Row 1, column “title_en”: The column stands there twice.",
            id="14 doubled",
        ),
        pytest.param(
            PLAIN.replace("title_en", "titel_en"),
            "The column “titel_en” is not known. Did you mean “title_en”?",
            id="15 misspelt",
        ),
        pytest.param(
            "project,title_en\ntw-1,x\n", "The column “code” is missing: rows are", id="16 missing"
        ),
        pytest.param(
            PLAIN.replace("D1.1", ""), "The cell is empty, and rows are recognised by it.", id="16"
        ),
        pytest.param(HEAD + "tw-1,1,D1.1,Nodevums\n", CUT, id="18 cut off"),
        pytest.param(
            HEAD + (ROW + "a\n") * 2, "Rows 2 and 3 are the same D1.1. Remove one of", id="19"
        ),
        pytest.param(
            PLAIN.replace(",1,D", ",404,D"),
            "Row 2, column “component”: “404” is not a known component. Known: 1, 2.",
            id="20",
        ),
        pytest.param(HEAD + ROW + "x" * 5000 + "\n", "at most 600 characters", id="39 long"),
        pytest.param(PLAIN.replace("D1.1", "D" + "1" * 59), "", id="40 long code"),
        pytest.param(PLAIN.replace("D1.1", "../../etc/passwd"), "A code begins with", id="40"),
        pytest.param(PLAIN.replace("D1.1", "2.1"), "A code begins with capital", id="41 number"),
        pytest.param(PLAIN.replace("D1.1", "02.apr"), "A code begins with capital", id="41 date"),
        pytest.param(
            HEAD + ROW + '"' + "x" * 200_000 + '"\n', "A cell is longer than 32767", id="42"
        ),
        pytest.param(
            HEAD + ROW + '"open\n', "A quotation mark is not closed", id="quote not closed"
        ),
        pytest.param(",".join("x" * 1000).replace("x,", "x,") + "\n1\n", "1000 columns", id="43"),
        pytest.param(
            HEAD + "".join(f"tw-1,1,D9.{n},A,B\n" for n in range(5001)),
            "The file has more than 5000 rows.",
            id="44",
        ),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "The file is a picture." + KINDLY, id="45 PNG"),
        pytest.param("<!DOCTYPE html><table>", "The file is a web page or XML.", id="45 HTML"),
        pytest.param(b"\xd0\xcf\x11\xe0rest", "of the old kind (.xls), or it is", id="45 XLS"),
        pytest.param(HEAD.encode("utf-16-le") + b"\0", "There is a NUL character", id="no BOM"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused(
    client: Client, data: str | bytes, sentence: str
) -> None:
    faults = refused(client, data)

    assert any(sentence in fault for fault in faults), faults


VALUES = [
    ("due_current", "31.02.2019", "“31.02.2019” is not a date between 2000 and 2100."),
    ("due_current", "2019-02-31", "“2019-02-31” is not a date"),
    ("due_current", "03/04/2026", "“03/04/2026” can be read in two ways."),
    ("due_current", "03/04/26", "can be read in two ways"),
    ("due_current", "46143", "“46143” is how a spreadsheet counts days inside."),
    ("due_current", "2026-05-01 13:30", "has a time of day; a day is meant: 2026-05-01."),
    ("due_current", "0001-01-01", "is not a date between 2000 and 2100"),
    ("due_current", "9999-12-31", "is not a date between 2000 and 2100"),
    ("active", "x", "“x” is neither yes nor no. Write yes or no (jā, nē)."),
    ("kind", "finished", "“finished” is not known. Known: main_result, mandatory_result"),
    ("weight", "19.9", "“19.9” is not a whole number"),
    ("weight", "150", "“150” is not a whole number from 1 to 100."),
    ("weight", "-5", "“-5” is not a whole number"),
    ("weight", "70000", ""),
    ("weight", "0.2", "“0.2” is not a whole number"),
    ("weight", "1e1000000", "“1e1000000” is not a whole number"),
    ("weight", "NaN", "“NaN” is not a whole number"),
    ("weight", "1_000", "“1_000” is not a whole number"),
    ("weight", "٣", "“٣” is not a whole number"),
    ("weight", "#REF!", "“#REF!” is an error of the spreadsheet."),
    ("title_en", "[clear]", "This column cannot be empty."),
    ("rung", "confirmed", "An import does not change “planned” to “confirmed” this way"),
]


@pytest.mark.parametrize(("column", "value", "sentence"), VALUES)
def test_a_value_that_cannot_be_meant_is_refused(
    client: Client, column: str, value: str, sentence: str
) -> None:
    (fault,) = refused(client, f"project,code,{column}\ntw-1,D1.1,{value}\n")

    assert sentence in fault
    assert fault.startswith("Row 2")


MONEY = ["10.005", "1e1000000", "NaN", "Infinity", "1_000", "٣", "#N/A", "1000 USD", "1.234,50",
         "-100", "(100)", "\u2212100", "9999999999"]  # fmt: skip


@pytest.mark.parametrize("value", MONEY)
def test_an_amount_that_cannot_be_meant_is_refused(client: Client, value: str) -> None:
    data = f"project;line;code;kind;amount\ntw-1;B1;E2;spent;{value}\n"

    (fault,) = refused(client, data, table="entry", app="budget")

    assert f"“{value}”" in fault
    assert "line" not in fault.split(":")[0]


@pytest.mark.parametrize(
    ("value", "amount"),
    [("2,5", "2.50"), ("1 234 567,89", "1234567.89"), ("1\u00a0234,5", "1234.50"),
     ("1\u202f234", "1234.00"), ("1'234.50", "1234.50"), ("€ 1000", "1000.00"),
     ("1000 EUR", "1000.00"), ("0", "0.00")],
)  # fmt: skip
def test_an_amount_as_people_write_it_is_read(client: Client, value: str, amount: str) -> None:
    data = f"project;line;code;kind;amount\ntw-1;B1;E2;spent;{value}\n"

    session = accepted(client, data, table="entry", app="budget")

    (row,) = session.page.context["page"]
    (read,) = [change.new for change in row.changes if change.column == "amount"]
    assert read == amount


@pytest.mark.parametrize(
    ("column", "value", "new"),
    [
        ("due_current", "31.12.2026", "2026-12-31"),
        ("due_current", "2026-12-31T00:00:00", "2026-12-31"),
        ("due_current", "12.2026", "2026-12"),
        ("active", "nē", "no"),
        ("active", "FALSE", "no"),
        ("kind", "Main result", "main_result"),
        ("kind", "galvenais rezultāts", "main_result"),
        ("due_original", "[clear]", ""),
        ("note_en", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("note_en", "<script>alert(1)</script>{{7*7}}", "<script>alert(1)</script>{{7*7}}"),
        ("title_en", '"two\nlines"', "two lines"),
    ],
)
def test_a_value_as_people_write_it_is_read(
    client: Client, column: str, value: str, new: str
) -> None:
    session = accepted(client, f"project,code,{column}\ntw-1,D1.1,{value}\n")

    (row,) = session.page.context["page"]
    assert [(change.column, change.new) for change in row.changes] == [(column, new)]
    session.apply()
    kept = Deliverable.objects.get(code="D1.1")
    shown = {True: "yes", False: "no"}.get(getattr(kept, column), getattr(kept, column))
    assert shown == new
    assert "<script>alert" not in session.page.content.decode()


LABELS = "Projekts,kods,nosaukums angliski\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN.replace(",", ";"), id="5 semicolons"),
        pytest.param("sep=;\n" + PLAIN.replace(",", ";"), id="6 sep"),
        pytest.param(PLAIN.replace(",", "\t"), id="7 tabs"),
        pytest.param("\ufeff" + PLAIN, id="8 BOM"),
        pytest.param(PLAIN.encode("utf-16"), id="9 UTF-16"),
        pytest.param(PLAIN.replace("D1.1", " D1.1\u00a0"), id="13 spaces"),
        pytest.param(PLAIN.upper().replace("TW-1", "tw-1").replace("NEW", "New")
                     .replace("NODEVUMS", "Nodevums"), id="17 capitals"),
        pytest.param("  Project , CODE ,Title in English\ntw-1,D1.1,New\n", id="17 labels"),
        pytest.param(LABELS + "tw-1,D1.1,New\n", id="17 Latvian labels"),
        pytest.param(PLAIN.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(PLAIN + "\n,,,,\n", id="blank rows below"),
        pytest.param(PLAIN.replace("\n", ",,\n"), id="blank columns to the right"),
    ],
)  # fmt: skip
def test_every_usual_way_of_writing_a_table_is_read(client: Client, data: str | bytes) -> None:
    session = accepted(client, data)

    assert session.counts == {"new": 0, "changed": 1, "unchanged": 0, "conflicts": 0}
    session.apply()
    assert Deliverable.objects.get(code="D1.1").title_en == "New"


def test_windows_1257_is_read_after_its_words_were_shown(client: Client) -> None:
    session = Session(client).upload((HEAD + ROW + "Pārbaudēm šķīra\n").encode("cp1257"))

    assert "Pārbaudēm šķīra" in session.text
    assert not Deliverable.objects.filter(title_en__startswith="P").exists()
    session.page = client.post(session.where, {"encoding": "cp1257"}, follow=True)
    session.apply()

    assert Deliverable.objects.get(code="D1.1").title_en == "Pārbaudēm šķīra"


def test_an_empty_cell_keeps_what_is_there(client: Client) -> None:
    accepted(client, "project,code,note_en,title_en\ntw-1,D1.1,,New\n").apply()

    kept = Deliverable.objects.get(code="D1.1")
    assert (kept.note_en, kept.title_en) == ("Kept", "New")


def test_a_link_that_runs_code_is_refused(client: Client) -> None:
    data = "project,code,kind,url\ntw-1,E1,link,javascript:alert(1)\n"

    assert "Enter a valid URL." in refused(client, data, table="evidence")[0]


def test_what_is_odd_has_to_be_ticked(client: Client) -> None:
    data = "project,component,code,title_lv,title_en,due_original\ntw-1,1,D3.1,A,B,2099\n"
    session = accepted(client, data)

    session.apply()
    assert "Tick each warning that you have read" in session.said()[0]
    assert not Deliverable.objects.filter(code="D3.1").exists()
    ((mark, sentence, numbers, _ticked),) = session.page.context["warnings"]
    assert (sentence, numbers) == ("It is due after the end of the project.", ["2"])
    session.apply(warning=mark)

    assert Deliverable.objects.filter(code="D3.1").exists()
    assert Import.objects.get().told["warnings"] == [[sentence, ["2"]]]


def test_all_faults_are_told_at_once_up_to_a_hundred(client: Client) -> None:
    data = HEAD + "".join(f"tw-1,404,D9.{n},A,B\n" for n in range(130))

    assert len(refused(client, data)) == 100


# Workbooks


def sheet(*rows: Any) -> bytes:
    return workbook_of(rows)


HEADER = ("project", "code", "note_en")


def member(change: Callable[[bytes], bytes]) -> bytes:
    return with_part(sheet(HEADER, ("tw-1", "D1.1", "x")), "xl/worksheets/sheet1.xml", change)


def packed(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "passwd">]>'
DEFINITIONS = "The workbook holds definitions that no spreadsheet writes"
GOOD = sheet(HEADER, ("tw-1", "D1.1", "x"))


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        pytest.param(GOOD, "t.csv", "it is a workbook. Rename it to .xlsx.", id="45 XLSX as CSV"),
        pytest.param(PLAIN.encode(), "t.xlsx", "but it is no workbook", id="45 CSV as XLSX"),
        pytest.param(GOOD[:-200], "t.xlsx", DAMAGED, id="46 cut off"),
        pytest.param(b"PK\x03\x04junk", "t.xlsx", DAMAGED, id="46 fake"),
        pytest.param(sheet(), "t.xlsx", "The sheet “Sheet” is empty.", id="46 empty sheet"),
        pytest.param(b"\xd0\xcf\x11\xe0", "t.xlsx", "protected by a password", id="46 password"),
        pytest.param(
            packed(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")), "t.ods",
            "it is no XLSX (an ODS or a DOCX, perhaps)", id="46 ODS",
        ),
        pytest.param(
            sheet(HEADER, ("tw-1", "D1.1", "=1+1")), "t.xlsx",
            "column “C”: The cell has a formula without a saved value", id="47",
        ),
        pytest.param(
            with_part(GOOD, "xl/vbaProject.bin", b"x"), "t.xlsx", "holds macros", id="48 macros"
        ),
        pytest.param(
            with_part(GOOD, "xl/externalLinks/externalLink1.xml", b"<x/>"), "t.xlsx",
            "links to other files", id="48 links",
        ),
        pytest.param(member(lambda xml: XXE + xml), "t.xlsx", DEFINITIONS, id="49 XXE"),
        pytest.param(member(lambda xml: LAUGHS + xml), "t.xlsx", DEFINITIONS, id="49 laughs"),
        pytest.param(
            packed(("xl/workbook.xml", b"<x/>"), ("big", b"\0" * 60_000_000)), "t.xlsx",
            "would unpack to more than 50 MB", id="50 bomb",
        ),
        pytest.param(
            packed(*[(f"m{n}", b"") for n in range(10_000)]), "t.xlsx",
            "would unpack to more", id="50 members",
        ),
        pytest.param(
            sheet(HEADER, ("tw-1", 2.1, "x")), "t.xlsx",
            "“2.1” is a number or a date, not a code: a spreadsheet changed it.", id="41 number",
        ),
        pytest.param(
            sheet(HEADER, ("tw-1", dt.date(2026, 4, 2), "x")), "t.xlsx",
            "is a number or a date, not a code", id="41 date",
        ),
        pytest.param(
            sheet(("project", "code", "due_current"), ("tw-1", "D1.1",
                  dt.datetime(2026, 5, 1, 13, 30))), "t.xlsx",  # noqa: DTZ001
            "has a time of day", id="26 time",
        ),
        pytest.param(
            sheet(HEADER, ("tw-1", "D1.1", "x", "y")), "t.xlsx",
            "The row has 4 cells, and the header has 3.", id="a cell beside the table",
        ),
    ],
)  # fmt: skip
def test_a_workbook_that_cannot_be_read_is_refused(
    client: Client, data: bytes, name: str, sentence: str
) -> None:
    faults = refused(client, data, name)

    assert any(sentence in fault for fault in faults), faults


def test_a_part_that_no_spreadsheet_writes_is_no_failure(client: Client) -> None:
    """Found by the fuzzer: a text outside any string."""
    odd = with_part(GOOD, "xl/sharedStrings.xml", b"<sst><t>x</t></sst>")

    Session(client).upload(odd, "t.xlsx")


def test_all_rows_are_read_whatever_the_sheet_claims(client: Client) -> None:
    rows = [("tw-1", "D1.1", "a"), ("tw-1", "D2.10", "b")]
    lying = with_part(
        sheet(HEADER, *rows),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:C3"', b'ref="A1:C2"'),
    )

    assert accepted(client, lying, "t.xlsx").counts["changed"] == 2


def test_a_day_that_a_spreadsheet_typed_is_a_day(client: Client) -> None:
    rows = [("project", "code", "due_current", "weight"), ("tw-1", "D1.1", dt.date(2026, 5, 1), 3)]

    accepted(client, sheet(*rows), "t.xlsx").apply()

    kept = Deliverable.objects.get(code="D1.1")
    assert (kept.due_current, kept.weight) == ("2026-05-01", 3)


@pytest.mark.parametrize(
    "name", ["<script>.csv", "x" * 300 + ".csv", "..\\..\\x.csv", "a\u202eb.csv"]
)
def test_the_name_of_a_file_is_text_and_no_path(client: Client, name: str) -> None:
    session = accepted(client, PLAIN, name)

    kept = Import.objects.get().name
    assert len(kept) <= 150
    assert "\u202e" not in kept
    assert "\\" not in kept
    assert "<script>.csv" not in session.page.content.decode()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    session = Session(client).upload(HEAD + "x" * (5 * 1024 * 1024 + 1))

    assert "The file has 5.0 MB; at most 5 MB can be imported." in session.text
    assert not Import.objects.exists()
