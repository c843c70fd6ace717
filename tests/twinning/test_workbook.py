"""A whole project as one workbook: what one register gives out founds the project in another."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from deliverables.models import Project
from exchange.columns import Column
from releases import document, live
from releases.actions import publish
from releases.models import Release
from releases.tables import PUBLISHED, RESOURCES
from tests import databases
from tests.exchange.files import Session
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_line,
    make_member,
    make_project,
    make_user,
)
from tests.twinning.conftest import play

DEMO, FOUNDED = "demo", "founded"


def administrator() -> Client:
    client = Client()
    client.force_login(make_user("boss", is_superuser=True))
    return client


def taken_out(client: Client, slug: str) -> bytes:
    answer = client.post(reverse("admin:extracts", args=[slug]), {"what": "workbook"})
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def imported(client: Client, data: bytes) -> Session:
    return Session(client, "", "workbook").upload(data, "project.xlsx")


def renamed(column: Column, value: Any) -> Any:
    """The slug changed, and each code made another one."""
    if value in (None, ""):
        return value
    of = column.path.rpartition("__")[2]
    return FOUNDED if of == "slug" else f"{value}9" if of == "code" else value


def by_key(table: str) -> dict[str, Column]:
    return {column.key: column for column in (RESOURCES | PUBLISHED)[table].columns}


def renamed_book(data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        if sheet.title in RESOURCES:
            columns = [by_key(sheet.title).get(str(cell.value)) for cell in sheet[1]]
            for row in sheet.iter_rows(min_row=2):
                for cell, column in zip(row, columns, strict=True):
                    if column:
                        cell.value = renamed(column, cell.value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def renamed_document(given: Mapping[str, Any]) -> dict[str, Any]:
    tables = {name: given[name] for name in PUBLISHED if name in given}
    tables["projects"] = [given["project"]]
    return document.build({
        name: [
            {key: renamed(by_key(name)[key], value) if key in by_key(name) else value
             for key, value in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    })  # fmt: skip


def counts() -> dict[str, int]:
    """Rows of every table but those that say what was done."""
    kept = {"audit", "contenttypes", "exchange", "sessions", "procrastinate"}
    return {
        model._meta.db_table: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in kept
    }


@pytest.fixture(scope="module", params=["midterm", "closing"])
def given_out(request: Any, django_db_setup: None, django_db_blocker: Any) -> Any:
    """The workbook of the fictitious project at a stage, and its document."""
    stage = request.param
    with django_db_blocker.unblock(), databases.filled(stage, lambda: play(stage)):
        project = Project.objects.get(slug=DEMO)
        with transaction.atomic():
            given = taken_out(administrator(), DEMO), live.build(project)
            transaction.set_rollback(True)
        return given


@pytest.mark.django_db
def test_a_project_that_one_register_gives_out_is_founded_in_another_and_taken_back(
    given_out: tuple[bytes, dict[str, Any]],
) -> None:
    data, before = given_out
    client = administrator()
    empty = counts()

    session = imported(client, renamed_book(data))
    assert session.faults[:8] == []
    assert counts() == empty  # a preview writes nothing
    session.apply()

    founded = Project.objects.get()
    assert (founded.slug, founded.publishing) == (FOUNDED, "by_hand")
    assert live.build(founded) == renamed_document(before)
    session.undo()
    assert counts() == empty


def edited(data: bytes, *cells: tuple[str, str, str, Any], rows: Any = ()) -> bytes:
    """The workbook with cells changed (sheet, code of the row, column, value) and rows added."""
    book = load_workbook(io.BytesIO(data))
    for name, code, column, value in cells:
        sheet: Any = book[name]
        head = [str(cell.value) for cell in sheet[1]]
        key = head.index("code" if "code" in head else "number")
        for row in sheet.iter_rows(min_row=2):
            if str(row[key].value) == code:
                row[head.index(column)].value = value
    for name, given in rows:
        sheet = book[name]
        sheet.append([given.get(str(cell.value).removesuffix(" *")) for cell in sheet[1]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def project(db: None) -> Project:
    made = make_project()
    component = make_component(made)
    make_deliverable(component, title_en="First")
    make_entry(make_line(made, "B1"), "E1")
    return made


@pytest.fixture
def lead(project: Project) -> Client:
    client = Client()
    client.force_login(make_member(project, name="lea"))
    return client


def test_a_workbook_that_nobody_edited_changes_nothing(lead: Client, project: Project) -> None:
    session = imported(lead, taken_out(lead, "tw-1"))

    assert session.faults == []
    assert session.counts == {"new": 0, "changed": 0, "unchanged": 4, "conflicts": 0}
    assert "nothing to carry out" in session.text


def test_rows_of_several_sheets_that_need_each_other_are_one_import(
    lead: Client, project: Project
) -> None:
    before = counts()
    own = {"project": "tw-1", "title_lv": "Jauns", "title_en": "New"}
    data = edited(
        taken_out(lead, "tw-1"),
        ("components", "1", "evidence", "V1"),
        ("deliverables", "D1.1", "title_en", "Edited"),
        rows=[
            ("evidence", {**own, "code": "V1", "deliverable": "D1.2", "kind": "link",
                          "url": "https://example.org/"}),
            ("deliverables", {**own, "code": "D1.2", "component": 1, "kind": "main_result"}),
        ],
    )  # fmt: skip

    session = imported(lead, data)

    assert session.faults == []
    assert session.counts == {"new": 2, "changed": 2, "unchanged": 2, "conflicts": 0}
    assert "deliverables 3 · tw-1 D1.2" in session.text
    only = lead.get(session.where, {"table": "evidence"}).content.decode()
    assert ("tw-1 V1" in only, "tw-1 D1.2" in only) == (True, False)
    assert counts() == before
    session.apply()
    component = project.components.get()
    assert component.evidence is not None
    assert component.evidence.deliverable.code == "D1.2"
    session.undo()
    assert counts() == before
    assert project.deliverables.get().title_en == "First"


def test_what_is_wrong_is_told_of_all_sheets_but_those_that_need_a_wrong_one(
    lead: Client, project: Project
) -> None:
    data = edited(
        taken_out(lead, "tw-1"),
        ("components", "1", "title_en", "\u202e"),
        ("deliverables", "D1.1", "rung", "nowhere"),  # needs its component
        ("budget_entries", "E1", "kind", "guessed"),
    )

    session = imported(lead, data)

    assert "Not looked at yet, since they need what is wrong here: deliverables." in session.text
    assert [one.partition(":")[0] for one in session.faults] == [
        "Sheet “components”, row 2, column “title_en”",
        "Sheet “budget_entries”, row 2, column “kind”",
    ]
    assert project.components.get().title_en != "\u202e"


def test_a_cell_that_both_changed_is_a_conflict_of_its_sheet(
    lead: Client, project: Project
) -> None:
    data = edited(taken_out(lead, "tw-1"), ("deliverables", "D1.1", "title_en", "Mine"))
    row = project.deliverables.get()
    row.title_en = "Theirs"
    row.save()

    session = imported(lead, data)

    assert session.counts["conflicts"] == 1
    session.apply(take="deliverables:2:title_en")
    row.refresh_from_db()
    assert row.title_en == "Mine"


def test_what_changed_between_preview_and_carrying_out_is_looked_at_again(
    lead: Client, project: Project
) -> None:
    data = edited(taken_out(lead, "tw-1"), ("deliverables", "D1.1", "title_en", "Mine"))
    session = imported(lead, data)
    row = project.deliverables.get()
    row.title_en = "Theirs"
    row.save()

    session.apply()

    assert session.page.status_code == 409
    row.refresh_from_db()
    assert row.title_en == "Theirs"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda book: setattr(book["components"], "title", "Sheet7"),
         "Sheet “Sheet7”: The name of this sheet is of no table."),
        (lambda book: setattr(book["components"], "title", "nodevumi"),
         "Sheet “deliverables”: Another sheet is of the same table."),
        (lambda book: book["deliverables"].cell(1, 3, "codex"), "The column “codex” is not known"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_not_known_is_no_sheet_to_pass_over(
    lead: Client, project: Project, spoil: Any, told: str
) -> None:
    book = load_workbook(io.BytesIO(taken_out(lead, "tw-1")))
    spoil(book)
    out = io.BytesIO()
    book.save(out)

    assert told in imported(lead, out.getvalue()).faults[0]


def test_one_table_is_not_a_workbook(lead: Client) -> None:
    session = Session(lead, "", "workbook").upload("project,code\ntw-1,D1.1\n", "table.csv")

    assert "Import the file on the page of its table." in session.faults[0]


FOUNDING = [
    ("projects", {"slug": "new", "reference": "XX 26 IB OT 01", "title_lv": "Jauns",
                  "title_en": "New", "status": "running", "fictitious": "yes",
                  "beneficiary_country": "XK", "fund": "IPA II"}),
    ("components", {"project": "new", "number": 1, "title_lv": "A", "title_en": "A"}),
    ("deliverables", {"project": "new", "component": 1, "code": "D1.1", "kind": "main_result",
                      "title_lv": "A", "title_en": "A", "rung": "delivered",
                      "delivered_on": "2026-05"}),
]  # fmt: skip


@pytest.mark.django_db
def test_the_template_filled_in_founds_a_private_project() -> None:
    client = administrator()
    template = client.get(reverse("admin:workbook_import_template")).content

    session = imported(client, edited(template, rows=FOUNDING))

    assert session.faults == []
    (told,) = session.page.context["plan"].consequences
    assert told.startswith("The project is new. Its states are as the file says")
    session.apply()
    founded = Project.objects.get()
    assert founded.publishing == "by_hand"
    assert founded.deliverables.get().rung == "delivered"
    assert Release.objects.count() == 0
    assert client.get("/en/projects/new/").status_code == 404


@pytest.mark.django_db
def test_a_founded_project_stays_once_it_is_published() -> None:
    client = administrator()
    template = client.get(reverse("admin:workbook_import_template")).content
    session = imported(client, edited(template, rows=FOUNDING)).apply()
    publish(Project.objects.get(), by=None)

    assert "that the import did not add: releases." in client.get(session.where).content.decode()
    session.undo()

    assert "that the import did not add: releases." in session.said()[0]
    assert Project.objects.get().deliverables.count() == 1


def test_a_workbook_that_founds_a_project_brings_no_row_of_another_one(project: Project) -> None:
    client = administrator()
    template = client.get(reverse("admin:workbook_import_template")).content
    stray = ("deliverables", {"project": "tw-1", "code": "D1.1", "rung": "accepted"})

    told = imported(client, edited(template, rows=[*FOUNDING, stray])).faults

    assert told == [
        "Sheet “deliverables”, row 3, column “project”: The workbook adds the project “new”, and "
        "this row is of another one."
    ]
    assert project.deliverables.get().rung == "planned"


def test_nobody_founds_a_project_who_could_not_add_one_by_hand(lead: Client) -> None:
    own = lead.get(reverse("admin:workbook_import_template")).content
    assert "projects" not in load_workbook(io.BytesIO(own)).sheetnames
    template = administrator().get(reverse("admin:workbook_import_template")).content

    told = imported(lead, edited(template, rows=FOUNDING)).faults

    assert "“new” is not a known project." in told[0]
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_who_writes_nowhere_sees_no_page_of_it() -> None:
    client = Client()
    client.force_login(make_user("nora"))

    for name in ("workbook_import", "workbook_import_template"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
