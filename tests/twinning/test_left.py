"""What the form of a mission says as it is typed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from accounts.models import User
from deliverables.models import Activity
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_expert,
    make_goer,
    make_member,
    make_mission,
    make_plan,
    make_planned,
    make_project,
    make_rate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity() -> Activity:
    project = make_project(publishing="by_hand")
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity, days=10)
    approved(plan)
    make_rate(project, "350.00")
    make_rate(project, "136.00", kind="support")
    return activity


def asked(activity: Activity, query: str) -> dict[str, object]:
    client = Client()
    known = User.objects.filter(username="ana").first()
    client.force_login(known or make_member(activity.project))
    answer = client.get(f"/admin/left/?activity={activity.pk}&{query}")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def test_days_and_money_that_are_left(activity: Activity) -> None:
    assert asked(activity, "days=5&days=3&from_on=2026-05-04") == {
        "told": [
            "Activity A1.1 has 10 days left; this mission asks for 8, so 2 would be left.",
            "By the rate card that is 6,608.00 EUR.",
        ],
        "over": False,
    }


def test_a_day_as_people_type_it_has_the_rate_of_that_day(activity: Activity) -> None:
    make_rate(activity.project, "400.00", from_on=dt.date(2027, 1, 1))

    def money(day: str) -> str:
        return str(asked(activity, f"days=1&from_on={day}")["told"][1])  # type: ignore[index]

    assert money("04.05.2026") == money("2026-05-04") == "By the rate card that is 826.00 EUR."
    assert money("1.1.2027") == "By the rate card that is 944.00 EUR."


def test_too_many_days_are_told_and_half_typed_ones_count_as_nothing(activity: Activity) -> None:
    assert asked(activity, "days=5&days=x&days=6&from_on=2026-13") == {
        "told": [
            "Activity A1.1 has 10 days left, and this mission asks for 11: too many to be "
            "approved.",
            "By the rate card that is 9,086.00 EUR.",
        ],
        "over": True,
    }


def test_the_page_says_it_without_javascript(activity: Activity) -> None:
    mission = make_mission(activity)
    make_goer(mission, make_expert(), 4)
    client = Client()
    client.force_login(make_member(activity.project))

    page = client.get(f"/admin/experts/mission/{mission.pk}/change/").content.decode()

    assert "this mission asks for 4, so 6 would be left. By the rate card that is 3,304.00" in page


def test_the_activity_of_another_project_is_not_there(activity: Activity) -> None:
    stranger = make_member(make_project("far"), name="far")
    client = Client()
    client.force_login(stranger)

    for key in (activity.pk, "x"):
        answer = client.get(f"/admin/left/?activity={key}&days=1")
        assert answer.status_code == 404
        assert b"A1.1" not in answer.content
