"""A page of the back office asks no more of the database when there is more on it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from deliverables.evidence.models import Source
from deliverables.projects.models import Project
from tests.make import (
    approved,
    make_activity,
    make_assignment,
    make_component,
    make_deliverable,
    make_evidence,
    make_expert,
    make_goer,
    make_member,
    make_mission,
    make_plan,
    make_planned,
    make_project,
)

MOST = 16
pytestmark = [pytest.mark.django_db, pytest.mark.slow("opens the page of every row")]


@pytest.fixture(autouse=True)
def content_types_are_known(db: None) -> None:
    """A process asks for them once; tests that commit make it forget them."""
    ContentType.objects.get_for_models(*apps.get_models())


def queries_of(client: Client, address: str) -> int | None:
    """None where the page does not show the row."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    return len(queries) if answer.status_code == 200 else None


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_the_page_of_each_row_of_the_running_project(model: type[Model]) -> None:
    project = Project.objects.get(slug="demo")
    client = Client()
    client.force_login(make_member(project))
    client.get("/admin/")
    rows = model._default_manager.all()
    if any(field.name == "project" for field in model._meta.fields):
        rows = rows.filter(project=project)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    try:
        addresses = [reverse(name, args=[row.pk]) for row in rows.order_by("pk")[:60]]
    except NoReverseMatch:
        return  # it has a list only

    asked = {address: queries_of(client, address) for address in addresses}

    assert {address: n for address, n in asked.items() if n and n > MOST} == {}


def many(project: Project) -> list[str]:
    """Pages with thirty rows each: a draft plan, an approved one, terms of a mission, evidence."""
    component = make_component(project)
    activities = [make_activity(component, f"A1.{n}") for n in range(1, 31)]
    plans = [make_plan(project, "P1"), make_plan(project, "P2", kind="rolling")]
    for plan in plans:
        for activity in activities:
            make_planned(plan, activity)
    approved(plans[0])
    mission = make_mission(activities[0])
    for n in range(1, 31):
        make_goer(mission, make_expert(f"LV-X{n:02}"), 1)
    deliverable = make_deliverable(component)
    source = Source.objects.create(
        project=project,
        code="S1",
        title_lv="Avots",
        title_en="Source",
        publisher_lv="P",
        publisher_en="P",
    )
    for n in range(1, 31):
        make_evidence(project, f"E{n}", deliverable=deliverable, source=source)
    return [
        *(reverse("admin:deliverables_workplan_change", args=[plan.pk]) for plan in plans),
        reverse("admin:experts_mission_change", args=[mission.pk]),
        reverse("admin:deliverables_deliverable_change", args=[deliverable.pk]),
    ]


def test_thirty_rows_on_a_page_cost_no_more_than_one() -> None:
    project = make_project(publishing="by_hand")
    client = Client()
    client.force_login(make_member(project))
    client.get("/admin/")

    asked = {address: queries_of(client, address) for address in many(project)}

    assert all(n and n <= MOST for n in asked.values()), asked


def test_an_expert_with_two_functions_is_one_row_and_one_page() -> None:
    """A leader's list and page of experts, asked without joins that double a row."""
    project = make_project(publishing="by_hand")
    expert = make_expert("LV-X99")
    for code in ("F1", "F2"):
        make_assignment(project, code, expert=expert)
    client = Client()
    client.force_login(make_member(project))

    page = client.get(reverse("admin:experts_expert_change", args=[expert.pk]))
    rows = client.get(reverse("admin:experts_expert_changelist")).context["cl"].result_list

    assert "LV-X99" in page.content.decode()
    assert [row.code for row in rows] == ["LV-X99"]
