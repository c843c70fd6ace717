"""The screen that says where a project stands: clocks, ledger in full, costs of days."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from budget.costs.querysets import with_cost
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from experts.missions.ledger import SUMMED
from experts.missions.models import ExpertDay
from experts.missions.querysets import with_ledger
from releases import actions
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_expert,
    make_line,
    make_member,
    make_plan,
    make_planned,
    make_project,
    make_rate,
    make_user,
    make_worked,
)

pytestmark = pytest.mark.django_db
HERE = "/admin/standing/tw-1/"


@pytest.fixture
def project() -> Project:
    """Two components; eight accepted days, two reported ones, one of a class without a fee."""
    project = make_project(
        publishing="by_hand", status="running", start_actual="2026-01-01", end_planned="2026-12-31",
        results_basis="contract",
    )  # fmt: skip
    make_rate(project, "350.00", from_on=dt.date(2026, 5, 5))
    plan = make_plan(project)
    for number in (1, 2):
        component = make_component(project, number)
        make_planned(plan, make_activity(component, f"A{number}.1"), days=10 * number)
    approved(plan)
    one, two = project.activities.order_by("code")
    make_deliverable(one.component, rung="accepted")
    make_deliverable(two.component, "D2.1", due_original="2026-02")
    make_worked(one, make_expert(), 5)  # 4 May has no rate yet
    make_worked(two, make_expert("LV-E02"), 3, "M2", from_on=dt.date(2026, 6, 1))
    make_worked(two, make_expert("LV-E03"), 2, "M3", "reported", dt.date(2026, 9, 7))
    make_line(project, cost_basis="unit_cost", priced_by="fee")
    return project


def screen(who: Any, lang: str = "en") -> str:
    client = Client()
    who.language = lang
    who.save()
    client.force_login(who)
    answer = client.get(HERE)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<.*?>", " ", answer.content.decode()))


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_the_ledger_is_added_again_by_component_and_in_all(project: Project, lang: str) -> None:
    page = screen(make_member(project), lang)

    live = list(with_ledger(Activity.objects.all()).values(*SUMMED))
    names = ("contract", "envelope", "planned_days", "delivered", "accepted", "days_left")
    whole = " ".join(str(sum(row[name] for row in live)) for name in names)
    assert whole == "30 30 10 10 8 20"
    cost = with_cost(ExpertDay.objects.filter(mission__state="accepted")).aggregate(s=Sum("cost"))
    assert cost["s"] == Decimal("2450.00")
    row = f"Total {whole} 2,450.00" if lang == "en" else f"Kopā {whole} 2 450,00"
    assert row in page.replace("\u00a0", " ")
    first = "10 10 5 5 5 5 1,400.00" if lang == "en" else "10 10 5 5 5 5 1 400,00"
    assert page.replace("\u00a0", " ").count(first) == 2  # the component and its one activity


def test_an_activity_without_days_is_not_planned_rather_than_nought(project: Project) -> None:
    make_activity(project.components.get(number=1), "A1.2")

    page = screen(make_member(project))

    assert re.search(r"A1\.2 \S+ not planned", page), page


def test_the_clocks_are_those_of_the_public_and_live(project: Project) -> None:
    page = screen(make_member(project))

    assert "Results 50 % 1 of 2 accepted by the beneficiary" in page
    assert "Expert-days 33.3 % 10 of 30 delivered" in page
    assert "percentage points behind schedule" in page
    assert "Overdue now: component 2 (1)." in page
    assert "without 1 day that has no fee" in page
    assert "8 2,450.00 0.00 2,450.00 Enter it" in page  # the line: days, due, spent, missing


def test_who_may_not_see_the_project_gets_nothing_and_an_auditor_enters_nothing(
    project: Project,
) -> None:
    assert "Enter it" not in screen(make_member(project, "auditor"))
    client = Client()
    for who in (make_member(make_project("far"), name="far"), make_user("nobody")):
        client.force_login(who)
        assert client.get(HERE).status_code == 404


def test_a_coordinator_reads_no_amounts_of_other_components(project: Project) -> None:
    component = project.components.get(number=1)
    actions.publish(project, by=None)
    page = screen(make_member(component, "coordinator", "carl"))

    assert "10 10 5 5 5 5 1,400.00" in page
    assert "20 20 5 5 3 15 –" in page
    assert "Total 30 30 10 10 8 20 –" in page
    assert "1,050.00" not in page
    assert "that the rate card pays" not in page


def test_a_coordinator_reads_of_others_what_is_released_and_nothing_else(project: Project) -> None:
    carl = make_member(project.components.get(number=1), "coordinator", "carl")
    nothing = screen(carl)
    actions.publish(project, by=None)
    activity = project.activities.get(code="A2.1")
    Activity.objects.filter(pk=activity.pk).update(title_en="Not yours")
    make_worked(activity, make_expert("LV-E04"), 4, "M4", from_on=dt.date(2026, 10, 5))

    page = screen(carl)

    assert "Total 10 10 5 5 5 5 1,400.00" in nothing
    assert "you see your component 1 alone" in nothing
    assert "A2.1 20 20 5 5 3 15 –" in page
    assert "Total 30 30 10 10 8 20 –" in page
    assert "Not yours" not in page
    assert "as release 1 has it" in page


def test_it_costs_no_more_queries_with_more_rows(
    project: Project, django_assert_max_num_queries: Any
) -> None:
    component = project.components.first()
    assert component
    for number in range(30):
        make_activity(component, f"A9.{number}")
        make_deliverable(component, f"D9.{number}")
    client = Client()
    client.force_login(make_member(project))
    client.get(HERE)
    with django_assert_max_num_queries(15):
        client.get(HERE)
