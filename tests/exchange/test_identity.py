"""What a file says of itself: which table it is of, and which row each of its rows was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from openpyxl import Workbook

from budget.money.models import Line
from deliverables.ladder.models import Deliverable
from experts.people.models import Expert, Partnership
from tests.exchange.files import Session, exported, saved, workbook_of
from tests.make import (
    make_component,
    make_deliverable,
    make_heading,
    make_institution,
    make_line,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db
HEAD = ("project", "code", "title_en")
ROW = ("tw-1", "D1.1", "Edited")


@pytest.fixture(autouse=True)
def row(client: Client) -> Deliverable:
    project = make_project(publishing="by_hand")
    make_heading(project)
    make_line(project)
    client.force_login(make_member(project, name="bruno"))
    return make_deliverable(make_component(project))


def refusal(session: Session) -> str:
    assert len(session.faults) == 1, session.text[-500:]
    return session.faults[0]


def sheets_of(*sheets: tuple[str, list[tuple[Any, ...]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


@pytest.mark.parametrize("format_", ["xlsx", "csv", "excel"])
def test_an_export_of_another_table_is_refused(client: Client, format_: str) -> None:
    data = exported(client, format_, "heading", "budget")
    name = "t.xlsx" if format_ == "xlsx" else "t.csv"
    told = refusal(Session(client, "line", "budget").upload(data, name))

    said = "The sheet “budget_headings” is of another table."
    assert (said if format_ == "xlsx" else "exactly the columns of another table") in told
    assert Line.objects.count() == 1


def test_also_under_a_name_that_people_use(client: Client) -> None:
    data = workbook_of([HEAD, ROW], "Budžeta pozīcijas")
    told = refusal(Session(client).upload(data, "t.xlsx"))

    assert "The sheet “Budžeta pozīcijas” is of another table." in told


def test_what_looks_like_another_table_and_carries_no_versions_is_read(client: Client) -> None:
    data = "project,code,title_lv,title_en\ntw-1,B2,Rinda,Line\n"

    assert Session(client, "line", "budget").upload(data).counts["new"] == 1


@pytest.mark.parametrize("name", ["Deliverables", "deliverables", "Nodevumi", " nodevumi "])
def test_the_sheet_that_is_called_as_the_table_is_read(client: Client, name: str) -> None:
    data = sheets_of(("Notes", [("x",)]), (name, [HEAD, ROW]))
    session = Session(client).upload(data, "t.xlsx")

    assert session.counts["changed"] == 1
    assert f"The sheet “{name}” is read, and no other one: Notes are not." in session.text


def test_of_two_sheets_that_nobody_knows_none_is_guessed(client: Client) -> None:
    data = sheets_of(("Notes", [("x",)]), ("Sheet2", [HEAD, ROW]))
    told = refusal(Session(client).upload(data, "t.xlsx"))

    assert "The workbook has 2 sheets (Notes, Sheet2)." in told


def test_a_row_that_was_there_is_not_taken_for_a_new_one(client: Client) -> None:
    data = exported(client, "csv").replace(b",D1.1,", b",D1.7,")
    told = refusal(Session(client).upload(data))

    assert "There is no such row, and the column “version” says that there was" in told
    assert "“code”" in told


def test_a_row_that_was_removed_does_not_come_back(client: Client) -> None:
    data = exported(client, "csv")
    Deliverable.objects.all().delete()

    assert "was the row removed?" in refusal(Session(client).upload(data))
    assert not Deliverable.objects.exists()


def test_a_copy_of_a_row_without_its_version_is_new(client: Client) -> None:
    first, line = exported(client, "csv").decode().splitlines()
    assert first.endswith("version")
    copy = line.replace(",D1.1,", ",D1.7,").rpartition(",")[0] + ","
    session = Session(client).upload("\n".join([first, line, copy]))

    assert session.counts == {"new": 1, "changed": 0, "unchanged": 1, "conflicts": 0}


@pytest.mark.parametrize(
    "data",
    [
        "SEP=;\nproject;code;title_en\ntw-1;D1.1;Edited\n",
        '"sep=;"\nproject;code;title_en\ntw-1;D1.1;Edited\n',
        "\ufeff\ufeffproject,code,title_en\ntw-1,D1.1,Edited\n",
    ],
)
def test_what_programs_put_before_a_table_is_passed_over(client: Client, data: str) -> None:
    assert Session(client).upload(data).counts["changed"] == 1


@pytest.mark.parametrize("title", ["Nodevumi 2026", "Nodevumi;2026;;"])
def test_a_title_above_the_header_is_named(client: Client, title: str) -> None:
    told = refusal(Session(client).upload(f"{title};\n\nproject;code;title_en\ntw-1;D1.1;x\n"))

    assert "The first row must be the header, and it stands in row 3." in told


def test_also_in_a_workbook(client: Client) -> None:
    data = workbook_of([("Deliverables",), (), HEAD, ROW])
    told = refusal(Session(client).upload(data, "t.xlsx"))

    assert "The first row must be the header, and it stands in row 3." in told


def test_a_file_without_a_header_says_what_is_expected(client: Client) -> None:
    told = refusal(Session(client).upload("tw-1,D1.1,Edited\ntw-1,D1.2,Edited\n"))

    assert "The first row must be the header; expected: project, component, code" in told


@pytest.mark.parametrize("country", ["Gruzija", "Georgia", "gruzija", "GE", "Gruzija (GE)"])
def test_a_country_is_read_by_its_name(client: Client, country: str) -> None:
    session = Session(client, "expert", "experts").upload(f"code,country\nGE-E01,{country}\n")
    session.apply()

    assert Expert.objects.get().country == "GE"


@pytest.mark.parametrize("name", ["Iestāde", "Office of Migration", "LV-9"])
def test_an_institution_is_read_by_its_name(client: Client, name: str) -> None:
    make_institution("LV-9", name_lv="Iestāde", name_en="Office of Migration")
    data = f"project,code,country,institution,role\ntw-1,P1,LV,{name},junior\n"
    session = Session(client, "partnership", "experts").upload(data)
    assert session.faults == []
    session.apply()

    assert Partnership.objects.get().institution.code == "LV-9"  # type: ignore[union-attr]


def test_a_name_that_two_institutions_have_is_none(client: Client) -> None:
    make_institution("LV-8", name_lv="Iestāde", name_en="One")
    make_institution("LV-9", name_lv="Cita", name_en="Iestāde")
    data = "project,code,country,institution,role\ntw-1,P1,LV,Iestāde,junior\n"
    told = refusal(Session(client, "partnership", "experts").upload(data))

    assert "“Iestāde” is not a known institution." in told


@pytest.mark.parametrize("weight", ["150", "0", "1000000000", "-1", "1.5"])
def test_a_number_out_of_range_is_told_the_one_true_limit(client: Client, weight: str) -> None:
    told = refusal(Session(client).upload(f"project,code,weight\ntw-1,D1.1,{weight}\n"))

    assert f"“{weight}”" in told
    assert "1 to 100" in told


def test_a_choice_named_twice_is_chosen_once(client: Client) -> None:
    data = 'project,code,achievements\ntw-1,D1.1,"developed, developed"\n'
    Session(client).upload(data).apply()

    assert Deliverable.objects.get().achievements == ["developed"]


@pytest.mark.parametrize("odd", ["\u00a0", "\u2009", "\u00ad", "\u200b", "\u202f"])
def test_a_title_has_no_characters_that_cannot_be_told(client: Client, odd: str) -> None:
    Deliverable.objects.update(title_en="New plan", version=F("version"))
    given = f"N{odd}ew plan" if odd in "\u00ad\u200b" else f"New{odd}plan"
    session = Session(client).upload(f"project,code,title_en\ntw-1,D1.1,{given}\n")

    assert session.counts["unchanged"] == 1


def test_a_note_whose_blanks_differ_says_so_by_name(client: Client) -> None:
    Deliverable.objects.update(note_en="New plan")
    session = Session(client).upload("project,code,note_en\ntw-1,D1.1,New\u00a0plan\n")

    told = "They look alike and differ in characters that cannot be seen: U+00A0 (no-break space)."
    assert told in session.text
