"""Before anything is written: every row is there to be looked at, and the plan is kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Membership, Project
from exchange.imports import blanks, preview
from exchange.imports import intake as importing
from exchange.models import Import
from exchange.tables import limits
from releases.actions import publish
from tests.exchange.files import Session, exported
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_indicator,
    make_line,
    make_member,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db
HEAD = "project,component,code,title_lv,title_en,due_current\n"


@pytest.fixture(autouse=True)
def row(client: Client) -> Deliverable:
    project = make_project(publishing="by_hand", end_planned="2026")
    make_line(project)
    client.force_login(make_member(project, name="bruno"))
    return make_deliverable(make_component(project))


def rows_of(count: int, first: int = 2, due: str = "") -> str:
    return "".join(
        f"tw-1,1,D1.{n},Virsraksts {n},Title {n},{due}\n" for n in range(first, first + count)
    )


def shown(session: Session, query: str = "") -> list[str]:
    """The names of the rows on a page of the preview."""
    page = session.client.get(session.where + query)
    names = [row.name for row in page.context["page"]]
    text = page.content.decode()
    assert all(f" · {name}" in text for name in names)
    return [name.removeprefix("tw-1 ") for name in names]


def test_every_row_can_be_looked_at_page_by_page(client: Client) -> None:
    session = Session(client).upload(HEAD + rows_of(2 * preview.ROWS + 50))

    seen = [name for page in (1, 2, 3) for name in shown(session, f"?page={page}")]
    assert seen == [f"D1.{n}" for n in range(2, 2 * preview.ROWS + 52)]
    assert "Rows 101–200 of 250" in client.get(f"{session.where}?page=2").content.decode()
    assert shown(session, "?page=999") == seen[200:]
    assert shown(session, "?page=x&show=(((") == seen[:100]


def test_a_filter_shows_what_becomes_of_rows(client: Client) -> None:
    data = exported(client, "csv").decode()
    Deliverable.objects.update(title_en="Theirs", version=F("version") + 1)
    first, line = data.splitlines()
    columns = first.split(",")
    cells = line.split(",")
    cells[columns.index("title_en")] = "Mine"
    new = dict.fromkeys(columns, "") | {
        "project": "tw-1", "component": "1", "code": "D1.2", "title_lv": "x", "title_en": "x",
        "due_current": "2030",
    }  # fmt: skip
    session = Session(client).upload("\n".join([first, ",".join(cells), ",".join(new.values())]))

    filters = {kind: count for kind, _name, count in session.page.context["filters"]}
    assert filters == {"": 2, "new": 1, "changed": 1, "conflict": 1, "warning": 1}
    assert shown(session, "?show=new") == shown(session, "?show=warning") == ["D1.2"]
    assert shown(session, "?show=changed") == shown(session, "?show=conflict") == ["D1.1"]


def test_the_whole_plan_is_a_workbook(client: Client) -> None:
    session = Session(client).upload(HEAD + rows_of(preview.ROWS + 1) + "tw-1,1,D1.1,,Edited,\n")
    response = client.get(f"{session.where}plan.xlsx")

    sheet: Any = load_workbook(io.BytesIO(response.content)).active
    table = [[cell.value for cell in row] for row in sheet]
    assert table[0] == [
        "sheet",
        "row",
        "outcome",
        "name",
        "column",
        "in the register",
        "in the file",
        "note",
    ]
    assert table[-1][2:7] == [
        "changed row",
        "tw-1 D1.1",
        "Title in English",
        "Deliverable",
        "Edited",
    ]
    assert {row[3] for row in table[1:]} == {f"tw-1 D1.{n}" for n in range(1, preview.ROWS + 3)}
    assert Deliverable.objects.count() == 1


def test_what_stays_for_good_is_said_above_the_button(client: Client) -> None:
    header = "project,line,code,kind,amount\n"
    session = Session(client, "entry", "budget").upload(header + "tw-1,B1,N1,planned,5\n")

    said, button = "1 new row stays for good", "Carry it out"
    assert 0 < session.text.index(said) < session.text.index(button)


@pytest.mark.parametrize("publishing", ["at_once", "by_hand"])
def test_what_is_public_at_once_is_said_above_the_button(client: Client, publishing: str) -> None:
    Project.objects.update(publishing=publishing)
    publish(Project.objects.get(), by=None)
    session = Session(client).upload(HEAD + rows_of(1))

    said = "TW-1: publishing is at once, so the public pages show"
    assert (said in session.text) is (publishing == "at_once")
    assert "Project: TW-1" in session.text


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read and planned."""
    names: list[str] = []
    real = importing.TableIntake.plan_anew

    def made(intake: Any, job: Import) -> Any:
        names.append(job.name)
        return real(intake, job)

    monkeypatch.setattr(importing.TableIntake, "plan_anew", made)
    return names


def test_the_file_is_planned_once(client: Client, planned: list[str]) -> None:
    session = Session(client).upload(HEAD + rows_of(3))
    shown(session, "?show=new")
    session.apply()

    assert planned == ["table.csv"]
    assert Deliverable.objects.count() == 4
    kept = Import.objects.get()
    assert (kept.content, kept.plan) == (None, None)


def change_a_row() -> None:
    Deliverable.objects.update(note_en="Theirs", version=F("version") + 1)


def change_a_role() -> None:
    Membership.objects.update(role="coordinator", component=Deliverable.objects.get().component)


def change_the_language() -> None:
    User.objects.update(language="lv")


@pytest.mark.parametrize("change", [change_a_row, change_a_role, change_the_language])
def test_a_plan_holds_no_longer_than_what_it_rests_on(
    client: Client, planned: list[str], change: Any
) -> None:
    session = Session(client).upload("project,code,title_en\ntw-1,D1.1,Edited\n")
    change()
    planned.clear()
    client.get(session.where)
    client.get(session.where)

    assert planned == ["table.csv"]


def test_a_row_that_somebody_adds_meanwhile_is_planned_anew(client: Client) -> None:
    session = Session(client).upload(HEAD + rows_of(1))
    make_deliverable(Deliverable.objects.get().component, "D1.2", title_en="Theirs")
    session.apply()

    assert session.page.status_code == 409
    assert session.counts == {"new": 0, "changed": 1, "unchanged": 0, "conflicts": 0}


def test_what_another_table_says_meanwhile_is_asked_again(client: Client) -> None:
    """A rule that rests on another row: a per cent is at most 100."""
    indicator = make_indicator(Deliverable.objects.get().component, unit="number")
    data = "project,indicator,on,value,source_lv,source_en\ntw-1,I1.1,2026-05-04,250,x,x\n"
    session = Session(client, "measurement").upload(data)
    Indicator.objects.filter(pk=indicator.pk).update(unit="percent")
    session.apply()

    assert "A percentage is between 0 and 100." in session.text
    assert not Measurement.objects.exists()


def test_what_is_public_at_once_since_is_said_before_it_is(client: Client) -> None:
    session = Session(client).upload(HEAD + rows_of(1))
    publish(Project.objects.get(), by=None)
    Project.objects.update(publishing="at_once", version=F("version") + 1)
    session.apply()

    assert session.page.status_code == 409
    assert "publishing is at once" in session.text
    assert Deliverable.objects.count() == 1


def test_an_old_zero_is_shown(client: Client) -> None:
    project = Project.objects.get()
    plan, activity = make_plan(project), make_activity(Deliverable.objects.get().component)
    make_planned(plan, activity, days=0)
    session = Session(client, "plannedactivity").upload(
        "project,plan,activity,days\ntw-1,P1,A1.1,5\n"
    )

    (row,) = session.page.context["page"]
    assert [(change.old, change.new) for change in row.changes] == [("0", "5")]


def test_a_plan_is_nobody_elses(client: Client) -> None:
    session = Session(client).upload(HEAD + rows_of(1))
    other = Client()
    other.force_login(make_member(Project.objects.get(), name="cecil"))

    theirs, own = (who.get(f"{session.where}plan.xlsx") for who in (other, client))
    assert (theirs.status_code, own.status_code) == (404, 200)
    assert b"PK" not in theirs.content
    assert own.content.startswith(b"PK")


def test_a_file_has_a_budget_of_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.0)
    session = Session(client).upload(HEAD + rows_of(3))

    assert session.faults == [
        "It takes too long to read this file. Import it in parts: copy some of its rows into a new "
        "workbook, with the header."
    ]


@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_template_is_filled_in_and_read_back(client: Client, language: str) -> None:
    User.objects.update(language=language)
    where = "/admin/deliverables/deliverable/import/template.xlsx"
    book = load_workbook(io.BytesIO(client.get(where).content))
    sheet, meanings, example = book.worksheets

    header = [str(cell.value) for cell in sheet[1]]
    assert header[:3] == ["project *", "component *", "code *"]
    assert "note_en" in header
    assert "delivered_on" in header
    lists = {
        next(iter(rule.sqref.ranges)).min_col: rule.formula1
        for rule in sheet.data_validations.dataValidation
    }
    assert "planned" in lists[header.index("rung") + 1]
    assert sheet.column_dimensions["C"].number_format == "@"
    title = {"lv": "Nosaukums angliski", "en": "Title in English"}[language]
    told = {row[0].value: [cell.value for cell in row] for row in meanings}
    assert told["title_en"][1:3] == [title, {"lv": "jā", "en": "yes"}[language]]
    assert [str(cell.value) for cell in example[1]] == header
    assert example["A2"].value == "tw-1"

    sheet.append(["tw-1", 1, "D1.5", *[None] * 4])
    for name, value in (("title_lv *", "Jauns"), ("title_en *", "New")):
        sheet.cell(row=2, column=header.index(name) + 1, value=value)
    out = io.BytesIO()
    book.save(out)
    session = Session(client).upload(out.getvalue(), "t.xlsx")
    assert session.faults == []
    assert session.page.context["plan"].notes == []
    session.apply()

    assert Deliverable.objects.get(code="D1.5").title_en == "New"


def test_a_long_list_stands_on_a_sheet_of_its_own(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blanks, "SHORT", 100)
    where = "/admin/experts/partnership/import/template.xlsx"
    book = load_workbook(io.BytesIO(client.get(where).content))
    sheet = book.worksheets[0]
    column = [str(cell.value) for cell in sheet[1]].index("country *") + 1
    (formula,) = (
        rule.formula1 for rule in sheet.data_validations.dataValidation
        if next(iter(rule.sqref.ranges)).min_col == column
    )  # fmt: skip

    name, _sign, last = formula.rpartition("$")
    assert name.startswith("'Codes'!$A$2:$A")
    codes = [row[0].value for row in book["Codes"]]
    assert {"LV", "XK", "GE"} < {*codes[1 : int(last)]}
