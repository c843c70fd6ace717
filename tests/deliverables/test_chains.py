"""Shifting a chain of a draft, and repeating an activity each year."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.rows.refused import Refused
from deliverables.plan import chains
from deliverables.plan.models import Activity, ActivityDeliverable, PlannedActivity, WorkPlan
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_member,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def plan() -> WorkPlan:
    """A0.1 in January, A1.1 in March, A2.1 in May; A1.2 of the first component in June."""
    project = make_project(publishing="by_hand", end_planned="2028-06-30")
    plan = make_plan(project)
    for number, (component, code, month) in enumerate(
        [(1, "A1.1", 3), (2, "A2.1", 5), (1, "A1.2", 6), (3, "A0.1", 1)]
    ):
        part = project.components.filter(number=component).first()
        activity = make_activity(part or make_component(project, component), code)
        make_planned(
            plan, activity, days=number, from_on=D(2026, month, 2), to_on=D(2026, month, 20)
        )
    return plan


@pytest.fixture
def leader(plan: WorkPlan) -> User:
    return make_member(plan.project)


def begins(plan: WorkPlan) -> dict[str, str]:
    rows = plan.lines.select_related("activity").order_by("activity__code")
    return {row.activity.code: f"{row.from_on:%m-%d}/{row.to_on:%m-%d}" for row in rows}


def first() -> Activity:
    return Activity.objects.get(code="A1.1")


def test_the_chain_moves_and_what_is_before_it_stays(plan: WorkPlan, leader: User) -> None:
    assert chains.shift(plan, first(), 14, by=leader, seen=str(plan.version)) == 3

    assert begins(plan) == {
        "A0.1": "01-02/01-20", "A1.1": "03-16/04-03", "A1.2": "06-16/07-04",
        "A2.1": "05-16/06-03",
    }  # fmt: skip


def test_only_its_component_moves_and_back(plan: WorkPlan, leader: User) -> None:
    chains.shift(plan, first(), -7, by=leader, seen=str(plan.version), alone=True)

    assert begins(plan) == {
        "A0.1": "01-02/01-20", "A1.1": "02-23/03-13", "A1.2": "05-26/06-13",
        "A2.1": "05-02/05-20",
    }  # fmt: skip


def test_a_second_click_moves_nothing_twice(plan: WorkPlan, leader: User) -> None:
    seen = str(plan.version)
    chains.shift(plan, first(), 7, by=leader, seen=seen)
    after = begins(plan)

    with pytest.raises(Refused) as told:
        chains.shift(plan, first(), 7, by=leader, seen=seen)

    assert str(told.value).startswith(
        "Somebody changed the plan after you opened this page, so nothing was moved."
    )
    assert begins(plan) == after


def test_what_has_ended_stays_and_what_has_begun_keeps_its_start(
    plan: WorkPlan, leader: User
) -> None:
    Activity.objects.filter(code="A1.1").update(status="ongoing", started_on="2026-03-02")
    Activity.objects.filter(code="A2.1").update(
        status="completed", started_on="2026-05", ended_on="2026-05-20"
    )

    assert chains.shift(plan, first(), 7, by=leader, seen=str(plan.version)) == 2

    assert begins(plan) == {
        "A0.1": "01-02/01-20", "A1.1": "03-02/03-27", "A1.2": "06-09/06-27", "A2.1": "05-02/05-20",
    }  # fmt: skip
    plan.refresh_from_db()
    over = Activity.objects.get(code="A2.1")
    with pytest.raises(Refused, match=r"Activity A2\.1 is over, so its plan does not move"):
        chains.shift(plan, over, 7, by=leader, seen=str(plan.version))
    with pytest.raises(Refused, match="It ends before it begins"):
        chains.shift(plan, first(), -60, by=leader, seen=str(plan.version))


def test_what_cannot_be_shifted_says_why(plan: WorkPlan, leader: User) -> None:
    nobody = make_member(plan.project, "auditor", "aud")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"days": 0}, "Choose an activity of this version, and by how many days it moves."),
        ({"days": 99_000}, "The dates would leave the years 2000 to 2100."),
        ({"days": 7, "by": nobody}, "Your role does not take this step. See “Roles and rights”."),
    ]
    for given, sentence in cases:
        asked = {"by": leader, "seen": str(plan.version), **given}
        with pytest.raises(Refused) as told:
            chains.shift(plan, first(), asked.pop("days"), **asked)
        assert str(told.value) == sentence
    approved(plan)
    plan.refresh_from_db()
    with pytest.raises(Refused, match="is approved and never changes"):
        chains.shift(plan, first(), 7, by=leader, seen=str(plan.version))
    assert begins(plan)["A1.1"] == "03-02/03-20"


def test_an_activity_is_repeated_each_year_until_the_project_ends(
    plan: WorkPlan, leader: User
) -> None:
    activity = first()
    deliverable = make_deliverable(activity.component)
    ActivityDeliverable.objects.create(
        project=plan.project, activity=activity, deliverable=deliverable
    )

    made = chains.repeat(plan, activity, by=leader, seen=str(plan.version))

    assert [row.code for row in made] == ["A1.3", "A1.4"]
    rows = PlannedActivity.objects.filter(activity__in=made).order_by("from_on")
    assert [(row.from_on, row.to_on, row.days) for row in rows] == [
        (D(2027, 3, 2), D(2027, 3, 20), 0),
        (D(2028, 3, 2), D(2028, 3, 20), 0),
    ]
    assert [row.serves.get().deliverable for row in made] == [deliverable, deliverable]
    plan.refresh_from_db()
    with pytest.raises(Refused) as told:
        chains.repeat(plan, activity, by=leader, seen=str(plan.version))
    assert str(told.value) == (
        "No year is left for it before the end of the project, or it is there already."
    )


def test_the_29th_of_february_becomes_the_28th(plan: WorkPlan, leader: User) -> None:
    line = plan.lines.get(activity=first())
    line.from_on, line.to_on = D(2024, 2, 29), D(2024, 3, 1)
    line.save()
    plan.refresh_from_db()

    made = chains.repeat(plan, first(), by=leader, seen=str(plan.version))

    days = [row.planned.get().from_on for row in made]
    assert days == [D(2025, 2, 28), D(2026, 2, 28), D(2027, 2, 28), D(2028, 2, 29)]


def test_the_page_shows_what_would_move_before_it_moves(plan: WorkPlan, leader: User) -> None:
    client = Client()
    client.force_login(leader)
    address = f"/admin/deliverables/workplan/{plan.pk}/shift/"
    given = {"activity": first().pk, "number": "2", "unit": "7", "seen": plan.version}

    looked = client.post(address, given | {"do": "look"}).content.decode()
    assert re.search(r"2026-03-02 – 2026-03-20</td>\s*<td>2026-03-16 – 2026-04-03", looked)
    assert begins(plan)["A1.1"] == "03-02/03-20"

    moved = client.post(address, given | {"do": "shift"}, follow=True).content.decode()
    assert "Moved: 3 activities." in moved
    assert begins(plan)["A1.1"] == "03-16/04-03"
