"""A whole project as one workbook: what one register gives out founds the project in another."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from psycopg.errors import LockNotAvailable

from accounts.models import User
from deliverables.projects.models import Project
from exchange.imports import apply
from experts.missions.models import MissionExpert
from experts.people.models import Partnership
from releases.actions import publish
from releases.document import live
from releases.models import Release
from tests import databases
from tests.exchange.files import Session
from tests.make import (
    make_activity,
    make_assignment,
    make_component,
    make_deliverable,
    make_entry,
    make_expert,
    make_institution,
    make_line,
    make_member,
    make_mission,
    make_project,
    make_user,
)
from tests.office.workbooks import (
    DEMO,
    FOUNDED,
    FOUNDING,
    administrator,
    counts,
    edited,
    founding,
    imported,
    renamed_book,
    renamed_document,
    taken_out,
)
from tests.playing import play
from tests.volume import share


@pytest.fixture(scope="module", params=share(("midterm", "closing"), "workbook", of=2))
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
@pytest.mark.slow("plays the story")
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
    assert session.said() == []
    connection.check_constraints()  # as the end of a transaction would
    assert counts() == empty


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


def test_the_list_of_projects_leads_there_whoever_writes_in_one(
    lead: Client, project: Project
) -> None:
    auditor = Client()
    auditor.force_login(make_member(project, "auditor", "aija"))
    shown = [client.get("/admin/deliverables/project/").content.decode()
             for client in (administrator(), lead, auditor)]  # fmt: skip

    assert ["Import a whole project" in page for page in shown] == [True, True, False]


@pytest.mark.django_db
def test_who_writes_nowhere_sees_no_page_of_it() -> None:
    client = Client()
    client.force_login(make_user("nora"))

    for name in ("workbook_import", "workbook_import_template"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403


@pytest.mark.parametrize("role", ["coordinator", "ms_leader"])
def test_what_a_person_took_out_unedited_is_taken_in_without_a_word(
    project: Project, role: str
) -> None:
    """Also the rows that the person only reads, and those that other projects share."""
    component = project.components.get()
    institution, expert = make_institution("LV-1"), make_expert("LV-E01")
    for where in (project, make_project("another")):
        Partnership.objects.create(
            project=where, code="P1", institution=institution, country="LV", role="junior"
        )
        make_assignment(where, expert=expert)
    client = Client()
    client.force_login(make_member(component if role == "coordinator" else project, role, "cora"))

    session = imported(client, taken_out(client, "tw-1"))

    assert session.faults == []
    assert session.counts["new"] == session.counts["changed"] == 0


def test_an_expert_whom_own_rows_name_is_known_there_and_in_no_new_row(project: Project) -> None:
    """A coordinator sees who is on a mission, and may choose those of the own component."""
    component = project.components.get()
    mission = make_mission(make_activity(component))
    other = make_mission(mission.activity, "M2")
    expert = make_expert("LV-E01")
    MissionExpert.objects.create(project=project, mission=mission, expert=expert, days=2)
    make_assignment(make_project("another"), expert=expert)
    client = Client()
    client.force_login(make_member(component, "coordinator", "cora"))
    data = taken_out(client, "tw-1")

    assert imported(client, data).counts["changed"] == 0
    new = ("mission_experts", {"project": "tw-1", "mission": other.code, "expert": "LV-E01",
                               "days": 1})  # fmt: skip
    (told,) = imported(client, edited(data, rows=[new])).faults
    assert "“LV-E01” is not a known expert." in told


def test_a_row_that_fits_only_what_another_sheet_changes_is_taken_with_it(
    lead: Client, project: Project
) -> None:
    mission = make_mission(make_activity(project.components.get()), from_on=dt.date(2026, 3, 2),
                           to_on=dt.date(2026, 3, 3))  # fmt: skip
    expert = MissionExpert.objects.create(
        project=project, mission=mission, expert=make_expert(), days=2
    )
    data = edited(taken_out(lead, "tw-1"), ("missions", mission.code, "to_on", "2026-03-13"))
    book = load_workbook(io.BytesIO(data))
    sheet: Any = book["mission_experts"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("days") + 1, 8)
    out = io.BytesIO()
    book.save(out)

    session = imported(lead, out.getvalue()).apply()

    assert session.faults == []
    expert.refresh_from_db()
    assert expert.days == 8


def test_what_a_ticked_conflict_lets_in_is_told_when_it_does_not_fit(
    lead: Client, project: Project
) -> None:
    mission = make_mission(make_activity(project.components.get()), from_on=dt.date(2026, 3, 2),
                           to_on=dt.date(2026, 3, 13))  # fmt: skip
    expert = MissionExpert.objects.create(
        project=project, mission=mission, expert=make_expert(), days=2
    )
    data = edited(taken_out(lead, "tw-1"), ("missions", mission.code, "to_on", "2026-03-05"))
    mission.to_on = dt.date(2026, 3, 20)
    mission.save()
    type(expert).objects.update(days=9)

    session = imported(lead, data)
    session.apply(take="missions:2:to_on")

    assert session.page.status_code == 200
    assert mission.__class__.objects.get().to_on in (dt.date(2026, 3, 5), dt.date(2026, 3, 20))


@pytest.mark.django_db
def test_what_projects_share_is_not_changed_by_one_that_is_founded() -> None:
    make_institution("LV-1", name_en="Ours")
    theirs = ("institutions", {"code": "LV-1", "country": "LV", "name_lv": "Cita",
                               "name_en": "Theirs"})  # fmt: skip
    partner = ("partnerships", {"project": "new", "code": "P1", "country": "LV",
                                "institution": "LV-1", "role": "junior"})  # fmt: skip
    told = imported(administrator(), founding(theirs, partner)).faults

    assert "The register has this code already, and says something else of it." in told[0]


@pytest.mark.django_db
def test_a_second_project_is_refused_beside_one_that_is_founded() -> None:
    second = ("projects", {**FOUNDING[0][1], "slug": "newer", "reference": "XX 26 IB OT 02"})

    told = imported(administrator(), founding(second)).faults

    assert told == ["Sheet “projects”: A workbook that adds a project has this one project alone."]


@pytest.mark.django_db
def test_a_file_of_evidence_cannot_come_along_and_the_row_says_so() -> None:
    row = ("evidence", {"project": "new", "code": "V1", "deliverable": "D1.1", "kind": "file",
                        "title_lv": "A", "title_en": "A"})  # fmt: skip

    told = imported(administrator(), founding(row)).faults

    assert "Files are in no workbook." in told[0]


def test_who_lost_the_right_to_a_table_does_not_take_it_back(project: Project) -> None:
    client = administrator()
    data = edited(taken_out(client, "tw-1"), ("deliverables", "D1.1", "title_en", "Edited"))
    book = load_workbook(io.BytesIO(data))
    sheet: Any = book["projects"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("title_en") + 1, "Renamed")
    out = io.BytesIO()
    book.save(out)
    session = imported(client, out.getvalue()).apply()
    user = User.objects.get(username="boss")
    user.is_superuser = False
    user.save()
    make_member(project, name="boss")

    session.undo()

    assert "you may not write into all of its tables any more" in session.said()[0]
    project.refresh_from_db()
    assert project.title_en == "Renamed"


def test_a_row_that_somebody_holds_is_waited_for_and_told(
    lead: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*args: Any) -> Any:
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    data = edited(taken_out(lead, "tw-1"), ("deliverables", "D1.1", "title_en", "Mine"))
    monkeypatch.setattr(apply, "write", held)

    assert "Somebody is writing rows of the file at this moment" in imported(lead, data).faults[0]
