"""All tables of a project at once: who may take what, and what is recorded."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from audit.models import Seal
from deliverables.indicators.models import Submission
from deliverables.ladder.models import Deliverable, Step
from deliverables.projects.models import AcceptedFinding, Component
from exchange.models import Export
from experts.missions.models import MissionStep
from tests.exchange.files import Session
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_member,
    make_mission,
    make_project,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow("writes every extract in every format")]
PAGE = "/admin/extracts/tw-1/"


@pytest.fixture(autouse=True)
def component(settings: Any, tmp_path: Any) -> Component:
    settings.VAR_DIR = tmp_path
    project = make_project(publishing="by_hand")
    component = make_component(project)
    make_deliverable(component)
    make_deliverable(make_component(project, 2), "D2.1", title_en="Of the other component")
    make_deliverable(make_component(make_project("far")), title_en="Of a far project")
    return component


def taken(client: Client, **given: Any) -> bytes:
    response = client.post(PAGE, given)
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_leader_takes_all_tables_in_one_workbook(client: Client, component: Component) -> None:
    client.force_login(make_member(component.project, name="lea"))

    book = load_workbook(io.BytesIO(taken(client, what="workbook")))

    codes = [row[2].value for row in book["deliverables"].rows]
    assert codes == ["code", "D1.1", "D2.1"]
    assert {"projects", "steps", "results", "About"} <= set(book.sheetnames)
    about = {str(row[0].value): str(row[1].value) for row in book["About"].rows}
    assert about["deliverables: rows"] == "2"
    export = Export.objects.get()
    assert (export.kind, export.project) == ("project", "tw-1")


def test_a_sheet_of_the_workbook_imports_into_its_table(
    client: Client, component: Component
) -> None:
    client.force_login(make_member(component.project, name="lea"))
    data = taken(client, what="workbook")

    session = Session(client).upload(data, "all.xlsx")

    assert session.counts == {"new": 0, "changed": 0, "unchanged": 2, "conflicts": 0}


def test_a_coordinator_takes_only_the_rows_of_own_components_and_no_pack(
    client: Client, component: Component
) -> None:
    client.force_login(make_member(component, "coordinator", "cora"))

    data = taken(client, what="workbook")

    book = load_workbook(io.BytesIO(data))
    text = str([cell.value for sheet in book for row in sheet.rows for cell in row])
    assert "D1.1" in text
    assert "other component" not in text
    assert "far" not in text
    page = client.post(PAGE, {"what": "pack"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "its leaders and auditors take it" in page.content.decode()
    assert Export.objects.count() == 1


def test_an_auditor_takes_a_pack_and_it_is_sealed(client: Client, component: Component) -> None:
    auditor = make_member(component.project, "auditor", "aud")
    client.force_login(auditor)

    data = taken(client, what="pack", first="2026-01-01", last="", evidence="on")

    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert "tw-1_audit-pack/bag-info.txt" in pack.namelist()
        text = b"".join(pack.read(name) for name in pack.namelist())
    assert b"far project" not in text
    assert {made.occasion for made in Seal.objects.all()} == {"audit pack"}
    export = Export.objects.get()
    assert (export.kind, export.filter, export.made_by) == ("pack", "2026-01-01/..", auditor)


def test_a_period_that_ends_before_it_begins_is_told(client: Client, component: Component) -> None:
    client.force_login(make_member(component.project, name="lea"))

    late = client.post(PAGE, {"what": "pack", "last": "9999-12-31"}).content.decode()
    assert "9999-12-31" in late.split('class="errorlist')[1].split("</ul>")[0]
    page = client.post(PAGE, {"what": "pack", "first": "2026-02-01", "last": "2026-01-01"})

    assert "The period ends before it begins." in page.content.decode()
    assert not Export.objects.exists()


def test_strangers_find_nothing(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(make_member(Component.objects.get(project__slug="far").project, name="f"))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"what": "pack"}).status_code == 404


def test_exports_are_listed_for_those_who_see_the_whole_project(
    client: Client, component: Component
) -> None:
    cora = make_member(component, "coordinator", "cora")
    client.force_login(cora)
    taken(client, what="workbook")
    listed = "/admin/exchange/export/"
    assert "all-tables" in client.get(listed).content.decode()

    client.force_login(make_member(component.project, "auditor", "aud"))
    assert "all-tables" in client.get(listed).content.decode()
    assert client.get(f"{listed}{Export.objects.get().pk}/change/").status_code == 200
    client.force_login(make_member(make_component(make_project("x")), "coordinator", "x"))
    assert "all-tables" not in client.get(listed).content.decode()
    client.force_login(User.objects.create_superuser("root", password="x"))
    assert client.post(f"{listed}{Export.objects.get().pk}/delete/").status_code == 403


def test_results_say_who_verified_them_by_code(client: Client, component: Component) -> None:
    lea = make_member(component.project, name="lea")
    row = Deliverable.objects.get(code="D1.1", project=component.project)
    Step.objects.create(
        deliverable=row, verb="document", begins="delivered", ends="documented", by=lea,
        at=timezone.now(),
    )  # fmt: skip
    client.force_login(lea)
    book = load_workbook(io.BytesIO(taken(client, what="workbook")))

    cells = dict(
        zip([c.value for c in book["results"][1]], [c.value for c in book["results"][2]],
            strict=True)
    )  # fmt: skip
    assert cells["verified_by"] == lea.code


def written_by_actions(component: Component, by: User, **sheet: Any) -> None:
    """A step of a mission, an accepted finding and a submission of one project."""
    project, now = component.project, timezone.now()
    for code in ("M1", "M2"):
        mission = make_mission(make_activity(component, f"A1.{code[1]}"), code)
        MissionStep.objects.create(
            project=project, mission=mission, verb="cancel", ends="cancelled", by=by, at=now,
            reason=f"No {code} any more.",
        )  # fmt: skip
    AcceptedFinding.objects.create(
        project=project, key="weekends M1", reason="Agreed so.", by=by.code, at=now
    )
    content = [{"code": "I1.1", "value": "5", **sheet}]
    Submission.objects.create(project=project, on="2026-06-30", by=by.code, at=now, content=content)


def sheet(book: Any, table: str) -> list[dict[str, Any]]:
    head, *rows = book[table].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_what_only_actions_write_is_taken_out_with_reasons_and_codes_of_people(
    client: Client, component: Component
) -> None:
    lea = make_member(component.project, name="lea")
    written_by_actions(component, lea)
    far = Component.objects.get(project__slug="far")
    written_by_actions(far, make_member(far.project, name="far"))
    client.force_login(lea)

    book = load_workbook(io.BytesIO(taken(client, what="workbook")))

    steps = sheet(book, "mission_steps")
    assert [(row["mission"], row["verb"], row["ends"], row["reason"]) for row in steps] == [
        ("M1", "cancel", "cancelled", "No M1 any more."),
        ("M2", "cancel", "cancelled", "No M2 any more."),
    ]
    (finding,) = sheet(book, "accepted_findings")
    assert (finding["key"], finding["reason"]) == ("weekends M1", "Agreed so.")
    (told,) = sheet(book, "submissions")
    assert (str(told["on"])[:10], told["lines"]) == ("2026-06-30", 1)
    assert json.loads(told["content"]) == [{"code": "I1.1", "value": "5"}]
    for row in (*steps, finding, told):
        assert (row["project"], row["by_code"]) == ("tw-1", lea.code)
        assert row["at"].endswith("Z")


def test_a_coordinator_takes_no_steps_findings_or_submissions_of_the_whole_project(
    client: Client, component: Component
) -> None:
    written_by_actions(component, make_member(component.project, name="lea"))
    client.force_login(make_member(component, "coordinator", "cora"))

    book = load_workbook(io.BytesIO(taken(client, what="workbook")))

    assert "missions" in book.sheetnames
    own = {"steps", "signatures", "mission_steps", "accepted_findings", "submissions"}
    assert not own & set(book.sheetnames)


def test_a_sheet_too_long_for_a_cell_is_whole_in_the_pack_and_said_to_be_so_in_a_workbook(
    client: Client, component: Component
) -> None:
    lea = make_member(component.project, name="lea")
    written_by_actions(component, lea, source="x" * 40_000)
    client.force_login(lea)

    (told,) = sheet(load_workbook(io.BytesIO(taken(client, what="workbook"))), "submissions")
    with zipfile.ZipFile(io.BytesIO(taken(client, what="pack"))) as pack:
        csv = pack.read("tw-1_audit-pack/data/submissions.csv")

    assert told["content"].endswith(" characters, too many for a cell; the CSV has it.")
    assert b"x" * 40_000 in csv
