"""What missions hold of the work plan is not taken away from under them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from audit.rows.refused import Refused
from budget.money import actions
from deliverables.plan import actions as planning
from deliverables.plan.models import Activity, PlanKind, WorkPlan
from experts.missions.actions import take
from experts.missions.models import Mission
from experts.missions.status import MissionVerb
from tests.make import (
    approved,
    make_activity,
    make_change,
    make_component,
    make_expert,
    make_goer,
    make_member,
    make_mission,
    make_move,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db
FEB = dt.date(2026, 2, 2)


@pytest.fixture
def mission() -> Mission:
    """Approved: three days of the ten that the contract's plan gives to A1.1; A1.2 has ten, too."""
    component = make_component(make_project(publishing="by_hand"))
    plan = make_plan(component.project)
    for code in ("A1.1", "A1.2"):
        make_planned(plan, make_activity(component, code), days=10)
    approved(plan)
    mission = make_mission(Activity.objects.get(code="A1.1"))
    make_goer(mission, make_expert(), 3)
    Mission.objects.update(state="approved")
    return mission


@pytest.fixture
def leader(mission: Mission) -> Any:
    return make_member(mission.project)


def rolling(mission: Mission, by: Any, **days: int) -> WorkPlan:
    plan = planning.next_version(mission.project, PlanKind.ROLLING, by=by)
    for code, given in days.items():
        plan.lines.filter(activity__code=code.replace("_", ".")).update(days=given)
    return plan


def test_a_rolling_plan_keeps_the_days_that_missions_hold(mission: Mission, leader: Any) -> None:
    plan = rolling(mission, leader, A1_1=2, A1_2=17)

    with pytest.raises(Refused) as told:
        planning.approve(plan, by=leader, seen=plan.version, on=FEB)

    assert str(told.value) == (
        "Missions take 3 days of activity A1.1 already, and P2 would give it 2. Give it as many, "
        "or send missions back first."
    )
    plan.lines.filter(activity__code="A1.1").delete()
    with pytest.raises(Refused, match="and P2 would give it 0"):
        planning.approve(plan, by=leader, seen=plan.version, on=FEB)
    make_planned(plan, mission.activity, days=3)
    assert planning.approve(plan, by=leader, seen=plan.version, on=FEB).state == "approved"


def test_a_plan_that_was_exceeded_before_may_still_be_amended(
    mission: Mission, leader: Any
) -> None:
    """Imported missions may take more than was planned: the next version gives at least as much."""
    Mission.objects.update(state="draft")
    mission.experts.update(days=12)
    Mission.objects.update(state="approved")
    plan = rolling(mission, leader, A1_1=9)
    with pytest.raises(Refused, match="Missions take 12 days of activity A1.1 already"):
        planning.approve(plan, by=leader, seen=plan.version, on=FEB)
    plan.lines.filter(activity__code="A1.1").update(days=10)

    assert planning.approve(plan, by=leader, seen=plan.version, on=FEB).state == "approved"


def test_nor_does_a_side_letter_take_them(mission: Mission, leader: Any) -> None:
    change = make_change(mission.project)
    make_move(change, "V1", activity=mission.activity, from_on=FEB, to_on="2026-12-31", days=1)

    with pytest.raises(Refused, match="Missions take 3 days of activity A1.1 already"):
        actions.sign(change, by=leader, seen=change.version, on=FEB)

    change.refresh_from_db()
    assert (change.state, WorkPlan.objects.count()) == ("draft", 1)


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"status": "completed", "started_on": "2026-02", "ended_on": "2026-04-30"},
         "Activity A1.1 ended on 2026-04-30, before the mission begins. Choose another one, or "
         "correct when it ended."),
        ({"status": "cancelled", "reason_lv": "Nav", "reason_en": "None"},
         "Activity A1.1 is cancelled. Choose another one."),
    ],
)  # fmt: skip
def test_nobody_goes_on_a_mission_of_an_activity_that_is_over(
    mission: Mission, leader: Any, over: dict[str, str], told: str
) -> None:
    Mission.objects.update(state="draft")
    Activity.objects.filter(code="A1.1").update(**over)
    mission.refresh_from_db()

    with pytest.raises(Refused) as refused:
        take(mission, MissionVerb.APPROVE, by=leader, seen=mission.version)
    assert str(refused.value) == told
    Activity.objects.filter(code="A1.1").update(
        status="completed", started_on="2026-02", ended_on="2026-05"
    )

    mission.refresh_from_db()
    assert take(mission, MissionVerb.APPROVE, by=leader, seen=mission.version).state == "approved"
