"""What the form of a mission says as it is typed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from budget.costs import remaining
from deliverables.plan.models import Activity
from experts.missions.models import Mission
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_entry,
    make_expert,
    make_goer,
    make_line,
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


@pytest.mark.parametrize(
    ("language", "days", "begins"),
    [
        ("en", 1, "Activity A1.1 has 1 day left; "),
        ("en", 21, "Activity A1.1 has 21 days left; "),
        ("lv", 1, "Aktivitātei A1.1 atlikusi 1 diena; "),
        ("lv", 2, "Aktivitātei A1.1 atlikušas 2 dienas; "),
        ("lv", 0, "Aktivitātei A1.1 atlicis 0 dienu, bet "),
        ("lv", 21, "Aktivitātei A1.1 atlikusi 21 diena; "),
    ],
)
def test_one_day_is_no_days(activity: Activity, language: str, days: int, begins: str) -> None:
    plan = make_plan(activity.project, "P2", kind="amended")
    make_planned(plan, activity, days=days)
    approved(plan, dt.date(2026, 2, 1))
    with override(language):
        (sentence, *_money), _over = remaining.would_leave(activity, [(1, "")], dt.date(2026, 5, 4))
    assert sentence.startswith(begins)


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


def test_fees_are_not_paid_from_the_lines_of_support_costs(activity: Activity) -> None:
    for code, rate, euro in (("F1", "fee", "500.00"), ("S1", "support", "90000.00")):
        line = make_line(activity.project, code, cost_basis="unit_cost", priced_by=rate)
        make_entry(line, "N1", amount=euro)

    one, two = (asked(activity, f"days={days}&from_on=2026-05-04") for days in (1, 2))

    assert (one["over"], two["over"]) == (False, True)
    assert one["told"][-1] == (  # type: ignore[index]
        "The budget lines for days have 90,500.00 EUR left; it takes 826.00 EUR of them, so "
        "89,674.00 EUR would be left."
    )
    assert two["told"][-1] == (  # type: ignore[index]
        "The budget lines of “Daily fee” have 500.00 EUR left, and it takes 700.00 EUR of them: "
        "more than there is."
    )


def test_the_activity_of_another_project_is_not_there(activity: Activity) -> None:
    stranger = make_member(make_project("far"), name="far")
    client = Client()
    client.force_login(stranger)

    for key in (activity.pk, "x"):
        answer = client.get(f"/admin/left/?activity={key}&days=1")
        assert answer.status_code == 404
        assert b"A1.1" not in answer.content


def test_without_javascript_a_mission_is_chosen_from_lists_and_told_on_save(
    activity: Activity,
) -> None:
    """The lists hold what the person sees; a refused form says what its own rows would leave."""
    make_activity(make_component(make_project("far", reference="FAR")), "A9.9")
    expert = make_expert()
    client = Client()
    client.force_login(make_member(activity.project))
    page = client.get("/admin/experts/mission/add/").content.decode()
    assert re.findall(r'<option value="(\d*)"', select(page, "activity")) == ["", str(activity.pk)]
    assert f'<option value="{expert.pk}">' in select(page, "experts-0-expert")
    form = {
        "project": activity.project_id, "activity": activity.pk, "from_on": "2026-05-04",
        "to_on": "2026-05-01", "experts-TOTAL_FORMS": 1, "experts-INITIAL_FORMS": 0,
        "experts-0-expert": expert.pk, "experts-0-days": 3, "experts-0-travel_days": 0,
    }  # fmt: skip

    refused = client.post("/admin/experts/mission/add/", form).content.decode()
    saved = client.post("/admin/experts/mission/add/", form | {"to_on": "2026-05-08"}, follow=True)

    left = "Activity A1.1 has 10 days left; this mission asks for 3, so 7 would be left."
    assert left in refused
    assert left in saved.content.decode()
    assert "M1 2026-05-04" in saved.content.decode()


def select(page: str, name: str) -> str:
    found = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert found, name
    return found.group()


def test_more_days_than_the_mission_has_are_refused_on_the_first_save(activity: Activity) -> None:
    expert = make_expert()
    client = Client()
    client.force_login(make_member(activity.project))
    form = {
        "project": activity.project_id, "activity": activity.pk, "from_on": "2026-05-04",
        "to_on": "2026-05-08", "experts-TOTAL_FORMS": 1, "experts-INITIAL_FORMS": 0,
        "experts-0-expert": expert.pk, "experts-0-days": 5, "experts-0-travel_days": 1,
    }  # fmt: skip

    page = client.post("/admin/experts/mission/add/", form).content.decode()

    assert "Days and travel, 5 + 1, do not fit into a mission of 5 days." in page
    assert not Mission.objects.exists()
