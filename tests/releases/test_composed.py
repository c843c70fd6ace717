"""What somebody with a part of a project reads: own components live, the rest as released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from accounts.roles import Role
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from releases import actions
from releases.document import changes
from releases.document.shapes import Document
from releases.reading import reach
from releases.reading.composed import composed
from tests.make import (
    approved,
    make_activity,
    make_assignment,
    make_component,
    make_deliverable,
    make_evidence,
    make_expert,
    make_institution,
    make_item,
    make_member,
    make_plan,
    make_planned,
    make_project,
)

PROJECT = {"slug": "tw-1", "title_en": "Project", "results_basis": "contract"}


def document(**tables: Any) -> Any:
    empty = ("sources", "components", "deliverables", "items", "evidence", "experts",
             "assignments", "institutions", "budget_entries", "person_days")  # fmt: skip
    return {"schema": "s", "project": PROJECT} | {name: [] for name in empty} | tables


def row(code: str, component: int = 1, **given: Any) -> dict[str, Any]:
    return {"code": code, "component": component, "rung": "planned", "active": True,
            "weight": 1, "title_en": code, **given}  # fmt: skip


def codes(found: Mapping[str, Any], table: str = "deliverables") -> list[str]:
    return [one["code"] for one in found[table]]


def titles(found: Document) -> dict[str, str]:
    return {one["code"]: one["title_en"] for one in found["deliverables"]}


@pytest.mark.parametrize("other", [0, 1])
def test_what_an_own_row_names_of_another_component_stays_out_whatever_its_number(
    other: int,
) -> None:
    """Component 0, of management and visibility, is one like the others."""
    live = document(
        components=[{"number": other}, {"number": 2}],
        deliverables=[row("D9.1", other, title_en="secret"), row("D2.1", 2)],
        evidence=[{"code": "E9", "deliverable": "D9.1", "title_en": "secret"}],
        items=[{"code": "D2.1.1", "deliverable": "D2.1", "evidence": "E9"}],
    )

    found = composed(live, document(), frozenset({2}))

    assert "secret" not in str(found)
    assert (codes(found), found["items"][0]["evidence"]) == (["D2.1"], "")


def test_own_rows_are_as_they_are_and_all_others_as_they_were() -> None:
    last = document(deliverables=[row("D1.1"), row("D1.2"), row("D2.1", 2), row("D2.2", 2)])
    live = document(
        deliverables=[
            row("D1.1", title_en="mine"), row("D1.3"), row("D2.1", 2, title_en="theirs"),
            row("D2.3", 2),
        ],
        sources=[{"code": "S1"}],
    ) | {"project": PROJECT | {"title_en": "The leaders' new title"}}  # fmt: skip

    found = composed(live, last, frozenset({1}))

    assert titles(found) == {"D1.1": "mine", "D1.3": "D1.3", "D2.1": "D2.1", "D2.2": "D2.2"}
    assert codes(found) == ["D1.1", "D1.3", "D2.1", "D2.2"]
    assert (dict(found["project"]), list(found["sources"])) == (PROJECT, [])
    assert found["totals"]["results"]["whole"] == 4


def test_a_row_that_moved_to_another_component_stays_as_it_was() -> None:
    last = document(deliverables=[row("D1.1"), row("D2.1", 2)])
    live = document(deliverables=[row("D1.1", 2, title_en="theirs"), row("D2.1", title_en="mine")])

    found = composed(live, last, frozenset({1}))

    assert titles(found) == {"D1.1": "D1.1", "D2.1": "mine"}


def test_without_a_release_there_is_nothing_but_the_own_components() -> None:
    live = document(
        components=[{"number": 1, "evidence": ""}, {"number": 2, "evidence": ""}],
        deliverables=[row("D1.1"), row("D2.1", 2)],
        sources=[{"code": "S1"}, {"code": "S2"}],
        evidence=[
            {"code": "E1", "deliverable": "D1.1", "source": "S1"},
            {"code": "E2", "deliverable": "D2.1", "source": "S2"},
        ],
    )

    found = composed(live, None, frozenset({1}))

    assert [one["number"] for one in found["components"]] == [1]
    assert (codes(found), codes(found, "evidence")) == (["D1.1"], ["E1"])
    assert codes(found, "sources") == ["S1"]  # what an own row rests on comes along
    assert found["totals"]["results"]["whole"] == 1


def test_a_reference_to_what_another_component_has_not_published_goes() -> None:
    last = document(deliverables=[row("D1.1")])
    live = document(
        deliverables=[row("D1.1"), row("D2.1", 2)],
        evidence=[{"code": "E2", "deliverable": "D2.1", "source": ""}],
        items=[{"deliverable": "D1.1", "code": "D1.1.1", "evidence": "E2"}],
        activities=[row("A1.1")],
        activity_deliverables=[
            {"activity": "A1.1", "deliverable": code} for code in ("D1.1", "D2.1")
        ],
        planned_activities=[{"plan": "P1", "activity": "A1.1"}],
        work_plans=[{"code": "P1"}],
    )

    found = composed(live, last, frozenset({1}))

    assert [one["evidence"] for one in found["items"]] == [""]
    assert [one["deliverable"] for one in found["activity_deliverables"]] == ["D1.1"]
    assert codes(found, "work_plans") == ["P1"]  # the first version, with the own lines


def test_a_version_of_the_plan_is_read_as_a_whole_or_not() -> None:
    lines = [{"plan": "P1", "activity": "A1.1", "days": 5}]
    last = document(activities=[row("A1.1")], planned_activities=lines, work_plans=[{"code": "P1"}])
    live = document(
        activities=[row("A1.1", title_en="mine"), row("A1.2")],
        planned_activities=[
            *lines, {"plan": "P2", "activity": "A1.1"}, {"plan": "P2", "activity": "A1.2"},
        ],
        work_plans=[{"code": "P1"}, {"code": "P2"}],
    )  # fmt: skip

    found = composed(live, last, frozenset({1}))

    assert (codes(found, "work_plans"), codes(found, "activities")) == (["P1"], ["A1.1"])
    assert found["planned_activities"] == lines
    assert found["activities"][0]["title_en"] == "mine"


def test_experts_are_those_whom_the_functions_name() -> None:
    function = {"component": "", "institution": "", "evidence": ""}
    one, two, three = ({"code": f"LV-E{n}", "country": "LV", "institution": i}
                       for n, i in ((1, "I1"), (2, "I2"), (3, "")))  # fmt: skip
    last = document(
        experts=[one, two],
        institutions=[{"code": "I1"}, {"code": "I2"}],
        assignments=[
            function | {"code": "A1", "component": 1, "expert": "LV-E1"},
            function | {"code": "A2", "component": 2, "expert": "LV-E2"},
        ],
        partnerships=[],
    )
    live = document(
        experts=[two, three],
        institutions=[{"code": "I2"}],
        assignments=[function | {"code": "A1", "component": 1, "expert": "LV-E3"}],
        partnerships=[],
    )

    found = composed(live, last, frozenset({1}))

    assert codes(found, "experts") == ["LV-E2", "LV-E3"]
    assert codes(found, "institutions") == ["I2"]
    assert found["totals"]["experts"]["whole"] == 2


def running() -> Project:
    """Two components with a row in each kind of table."""
    project = make_project(publishing="by_hand")
    plan = make_plan(project)
    for number in (1, 2):
        component = make_component(project, number)
        deliverable = make_deliverable(component, f"D{number}.1")
        evidence = make_evidence(project, f"E{number}", deliverable=deliverable)
        make_item(deliverable, f"D{number}.1.1", evidence=evidence)
        make_planned(plan, make_activity(component, f"A{number}.1"))
        office = make_institution(f"LV-{number}", name_en=f"Office {number}")
        expert = make_expert(f"LV-E0{number}", institution=office)
        make_assignment(project, f"A{number}", component=component, expert=expert)
    approved(plan)
    return project


@pytest.mark.django_db
@pytest.mark.parametrize("released", [True, False])
def test_of_all_components_it_is_what_a_release_would_hold(released: bool) -> None:
    """Composed of everything it is the live document, but for what concerns the whole project."""
    project = running()
    if released:
        actions.publish(project, by=None)
    whole, _part = reach.read(project, access_of(make_member(project)))
    component = project.components.get(number=1)
    ana = make_member(component, Role.COORDINATOR, "carl")
    make_member(project.components.get(number=2), Role.COORDINATOR, "carl")

    found, part = reach.read(project, access_of(ana))

    assert part == reach.LivePart((1, 2), 1 if released else None)
    assert found == whole


@pytest.mark.django_db
def test_what_would_change_tells_a_coordinator_of_own_rows(client: Any) -> None:
    project = running()
    actions.publish(project, by=None)
    for number in (1, 2):
        component = project.components.get(number=number)
        make_deliverable(component, f"D{number}.2", title_en=f"Draft of {number}")
    Project.objects.update(title_en="The leaders' new title")
    ana = make_member(project.components.get(number=1), Role.COORDINATOR)
    client.force_login(ana)

    page = client.get("/admin/releases/release/tw-1/changes/").content.decode()
    preview = client.get("/admin/preview/en/projects/tw-1/").content.decode()
    file = client.get("/admin/preview/en/projects/tw-1/deliverables.csv")

    found, _part = reach.read(project, access_of(ana))
    last = project.releases.get().document
    assert [one.row for one in changes.between(last, found)] == ["D1.2"]
    assert "New: deliverable D1.2." in page
    assert "D2.2" not in page
    told = (
        "You see your component 1 as it is now, and all the rest, what concerns the whole project "
        "included, as release 1 has it. Totals are counted from both."
    )
    assert told in page
    assert told in preview
    assert "new title" not in preview
    assert 'filename="tw-1_deliverables_preview-components-1.csv"' in file.headers[
        "Content-Disposition"
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_project_without_a_release_says_so_to_a_coordinator(client: Any) -> None:
    project = running()
    component = project.components.get(number=1)
    client.force_login(make_member(component, Role.COORDINATOR))

    page = client.get("/admin/preview/lv/projects/tw-1/deliverables/").content.decode()

    assert "D2.1" not in page
    assert (
        "No šī projekta vēl nekas nav publicēts, tāpēc redzama tikai jūsu komponente 1. Kopsummas "
        "saskaitītas no tās, pārējais nav parādīts."
    ) in page
