"""Cells that cost time, hold no text, or look like something that they are not; by the form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from deliverables.ladder.models import Deliverable
from exchange.models import Import
from tests import cost
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
SHEET = "xl/worksheets/sheet1.xml"
HEAD = ("project", "code", "title_en", "note_en")


@pytest.fixture(autouse=True)
def row(client: Client) -> Deliverable:
    project = make_project(publishing="by_hand")
    made = make_deliverable(make_component(project), note_en="Kept", title_en="Title")
    make_entry(make_line(project, "B1"), "E1")
    client.force_login(make_member(project, name="bruno"))
    return made


def book(*cells: Any) -> bytes:
    return workbook_of([HEAD, ("tw-1", "D1.1", *cells)])


def uploaded(client: Client, data: bytes | str, **where: str) -> Session:
    with cost.seconds() as spent:
        session = Session(client, **where).upload(data, "t.xlsx" if data[:2] == b"PK" else "t.csv")
        assert session.page.status_code == 200
        assert spent() < 2
    return session


def refusal(client: Client, data: bytes | str, **where: str) -> str:
    session = uploaded(client, data, **where)
    assert session.faults, session.text[:400]
    assert Deliverable.objects.get().note_en == "Kept"
    return session.faults[0]


BAIT = ("a" + " " * 32_000 + "b", "(" + "1" * 32_000, "-" + "1" * 32_000, "[" * 32_000,
        "1 " * 16_000, "\u0301" * 32_000, "=" * 32_000, "a\n " * 10_000)  # fmt: skip


@pytest.mark.parametrize("bait", BAIT)
@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_no_cell_costs_more_than_its_length(client: Client, bait: str, column: int) -> None:
    rows = []
    for number in range(16):
        cells = ["tw-1", f"D1.{number + 1}", "Title", ""]
        cells[column] = bait if column != 1 else f"{bait[:-3]}{number:03}"
        rows.append(cells)

    assert uploaded(client, workbook_of([HEAD, *rows])).faults


@pytest.mark.parametrize("bait", BAIT)
def test_no_amount_or_day_costs_more_than_its_length(client: Client, bait: str) -> None:
    rows = [("tw-1", "B1", f"E{n}", "spent", bait, bait) for n in range(2, 18)]
    data = workbook_of([("project", "line", "code", "kind", "amount", "on"), *rows])

    assert uploaded(client, data, table="entry", app="budget").faults


def test_a_letter_under_a_hundred_marks_is_no_text(client: Client) -> None:
    assert "More than 30 marks stand on one letter." in refusal(client, book("a" + "\u0301" * 100))


def put(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        assert old.encode() in part
        return part.replace(old.encode(), new.encode())

    return change


def spelled(text: str, old: str) -> bytes:
    """A workbook in whose XML a cell has this text."""
    return with_part(book("zz"), SHEET, put(f">{old}<", f">{text}<"))


def test_a_pair_of_halves_is_its_character(client: Client) -> None:
    session = uploaded(client, spelled("_xD83D__xDE00_ ok", "zz"))
    assert session.faults == []
    session.apply()

    assert Deliverable.objects.get().title_en == "😀 ok"


@pytest.mark.parametrize(("text", "code"), [("_x0000_", "0000"), ("a_xD800_b", "D800")])
def test_what_is_no_text_is_named(client: Client, text: str, code: str) -> None:
    told = refusal(client, spelled(text, "zz"))

    assert f"The cell holds the character U+{code}, which no text has." in told
    assert "row 2, column “C”" in told


@pytest.mark.parametrize("where", ["project", "D1.1"])
def test_also_in_the_header_and_in_a_key(client: Client, where: str) -> None:
    data = spelled(f"{where}_x0000_", where)

    assert "U+0000" in refusal(client, data)


@pytest.mark.parametrize("number", ["3000000000", "1048577", "0", "-1"])
def test_a_row_that_no_sheet_has_is_refused(client: Client, number: str) -> None:
    data = with_part(book("x"), SHEET, put('<row r="2"', f'<row r="{number}"'))

    assert "damaged or cut off" in refusal(client, data)


@pytest.mark.parametrize(
    "mark",
    ["[clear]", "[dzēst]", "[dze\u0304st]", "[dzest]", "[ clear ]", "[CLEAR]\u200b", " [Dzēst] "],
)
def test_a_mark_clears_however_it_is_typed(client: Client, mark: str) -> None:
    session = uploaded(client, f"project,code,note_en\ntw-1,D1.1,{mark}\n")
    session.apply()

    assert Deliverable.objects.get().note_en == ""


@pytest.mark.parametrize("mark", ["[cleer]", "[dzēsts]", "[delete]", "[ na ]"])
def test_what_looks_like_a_mark_and_is_none_is_refused(client: Client, mark: str) -> None:
    told = refusal(client, f"project,code,note_en\ntw-1,D1.1,{mark}\n")

    assert "looks like a mark, and the one that empties a cell is [clear] or [dzēst]" in told


def test_brackets_in_a_text_are_no_mark(client: Client) -> None:
    session = uploaded(client, "project,code,note_en\ntw-1,D1.1,[see annex] and more [1]\n")
    session.apply()

    assert Deliverable.objects.get().note_en == "[see annex] and more [1]"


def test_no_is_no_in_every_form_of_its_letters(client: Client) -> None:
    uploaded(client, "project,code,active\ntw-1,D1.1,ne\u0304\n").apply()

    assert not Deliverable.objects.get().active


@pytest.mark.parametrize("text", ["#ERROR!", "Err:502", "###", "#########", "#ZAHL!", "#NAME?"])
def test_an_error_that_stands_as_text_is_refused(client: Client, text: str) -> None:
    told = refusal(client, f"project,code,title_en\ntw-1,D1.1,{text}\n")

    assert f"“{text}” is an error of the spreadsheet." in told


@pytest.mark.parametrize("text", ["#1", "# of reports", "#hashtag", "C#!"])
def test_a_number_sign_in_a_text_is_no_error(client: Client, text: str) -> None:
    uploaded(client, f"project,code,title_en\ntw-1,D1.1,{text}\n").apply()

    assert Deliverable.objects.get().title_en == text


def test_an_error_cell_of_any_name_is_refused(client: Client) -> None:
    cell = '<c r="C2" t="e"><v>#BLOCKED!</v></c></row></sheetData>'
    data = with_part(book(), SHEET, put("</row></sheetData>", cell))

    assert "“#BLOCKED!” is an error of the spreadsheet." in refusal(client, data)


def test_merged_cells_are_refused_by_their_range(client: Client) -> None:
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>'
    data = with_part(book("x"), SHEET, put("</sheetData>", merged))

    assert "The cells C2:C3 of the sheet" in refusal(client, data)


def test_a_formula_that_was_never_calculated_is_not_nothing(client: Client) -> None:
    head = ("project", "line", "code", "kind", "amount")
    data = workbook_of([head, ("tw-1", "B1", "E2", "spent", 77)])
    data = with_part(data, SHEET, put("<v>77</v>", "<f>SUM(A1:A2)</f><v>0</v>"))

    told = refusal(client, data, table="entry", app="budget")

    assert "The cell has a formula without a saved value." in told


def test_the_result_page_asks_as_much_for_many_rows_as_for_few(client: Client) -> None:
    asked = []
    for first, count in ((2, 5), (100, 300)):
        rows = "".join(f"tw-1,1,D1.{first + n},Nodevums,Result\n" for n in range(count))
        session = uploaded(client, "project,component,code,title_lv,title_en\n" + rows)
        session.apply()
        with cost.seconds() as spent, CaptureQueriesContext(connection) as queries:
            session.page = client.get(session.where)
            assert spent() < 1.5
        assert "undo" in session.page.content.decode()
        asked.append(len(queries))

    assert asked[0] == asked[1]


def repacked(method: int) -> bytes:
    """The workbook with its parts compressed in another way."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book("x"))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), method)
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_bound_is_not_opened(client: Client, method: int) -> None:
    assert "damaged or cut off" in refusal(client, repacked(method))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="C2" t="inlineStr"><is><t>x</t></is></c>', '<c r="C2" t="s"><v>-1</v></c>'),
        ('<c r="C2" t="inlineStr"><is><t>x</t></is></c>', '<c r="C2" t="x"><v>hello</v></c>'),
        ('<row r="2"', '<row r="1"'),
    ],
)
def test_what_no_spreadsheet_writes_is_refused(client: Client, old: str, new: str) -> None:
    assert "damaged or cut off" in refusal(client, with_part(book("x"), SHEET, put(old, new)))


def test_a_part_of_an_unknown_encoding_is_refused(client: Client) -> None:
    def change(part: bytes) -> bytes:
        return b'<?xml version="1.0" encoding="xxx"?>' + part[part.index(b"<worksheet") :]

    assert "damaged or cut off" in refusal(client, with_part(book("x"), SHEET, change))


@pytest.mark.parametrize("where", ["code", "D1.1", "Title"])
def test_a_nul_is_found_in_each_encoding(client: Client, where: str) -> None:
    odd = f"{where[:1]}\0{where[1:]}"
    text = "project,code,title_en\ntw-1,D1.1,Title\n".replace(where, odd)

    for encoding in ("utf-16", "utf-8"):
        assert "There is a NUL character" in refusal(client, text.encode(encoding))


@pytest.mark.parametrize("cell", ["\ufeff", "\u200b", "\u00ad", " \u2060 "])
def test_a_cell_in_which_nothing_is_seen_is_empty(client: Client, cell: str) -> None:
    session = uploaded(client, f"project,code,note_en\ntw-1,D1.1,{cell}\n")

    assert session.counts["unchanged"] == 1


def test_a_long_text_that_begins_with_a_mark_is_a_text(client: Client) -> None:
    text = "[clear]" + " " * 40 + "the table"
    session = uploaded(client, f"project,code,note_en\ntw-1,D1.1,{text}\n")
    session.apply()

    assert Deliverable.objects.get().note_en == text


@pytest.mark.parametrize(
    "data",
    [
        "project,code,title_en\n" + "," * 1_000_000 + "\n",
        "\n" * 2_000_000 + "a",
        "project,code\n" + "a\n" * 1_000_000,
        "a" + ";" * 2_000_000,
    ],
    ids=["commas", "lines", "short rows", "wide header"],
)
def test_no_csv_costs_the_square_of_its_size(client: Client, data: str) -> None:
    assert uploaded(client, data.encode()).faults


@pytest.mark.parametrize("name", ["Anna Ozola\u200d", "[Ozola]", "Ozola" * 100])
def test_no_name_is_kept_in_a_sentence(client: Client, name: str) -> None:
    client.force_login(User.objects.create_superuser("root", password="a long pass phrase"))
    session = Session(client, "expert", "experts")
    session.upload(f"code,country,name\nLV-E01,LV,{name}\n")

    assert "The name cannot be read" in session.text
    assert "Ozola" not in str(Import.objects.get().told)
