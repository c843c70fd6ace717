"""The ledger of many random projects beside a naive count."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection

from deliverables.models import Activity, Component, PlannedActivity, Project, WorkPlan
from experts import ledger
from experts.journey import AGREED, COMMITTED, DELIVERED, State
from experts.models import Expert, ExpertDay, Mission, MissionExpert
from experts.querysets import with_ledger

pytestmark = pytest.mark.django_db
HOW_MANY = int(os.environ.get("EXAMPLES", "2000"))
START = dt.date(2026, 1, 5)


class World:
    """Random projects: plans in versions, missions in all states, days of several experts."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - examples, not secrets
        self.rows: dict[type, list[Any]] = defaultdict(list)
        self.expected: dict[str, dict[str, int]] = {}
        both = {"title_lv": "x", "title_en": "x"}
        for number in range(1, HOW_MANY + 1):
            project = Project(
                id=number, slug=f"p{number}", reference=f"P {number}", beneficiary_country="AL",
                status="running", **both,
            )  # fmt: skip
            component = Component(id=number, project=project, number=1, **both)
            self._add(project, component)
            self._project(project, component)
        for country in range(1, 6):
            self._add(Expert(id=country, code=f"LV-E{country}", country="LV"))

    def _add(self, *rows: Any) -> None:
        for row in rows:
            self.rows[type(row)].append(row)

    def _id(self, model: type) -> int:
        return len(self.rows[model]) + 1

    def _project(self, project: Project, component: Component) -> None:
        activities = [
            Activity(
                id=self._id(Activity) + n, project=project, component=component,
                code=f"A{project.pk}.{n + 1}", kind="mission", title_lv="x", title_en="x",
            )
            for n in range(self.chance.randint(1, 3))
        ]  # fmt: skip
        self._add(*activities)
        days = self._plans(project, activities)
        for activity in activities:
            envelope = days.get(activity.pk, (0, 0))
            self.expected[activity.code] = self._missions(project, activity) | {
                "contract": envelope[0],
                "envelope": envelope[1],
            }

    def _plans(self, project: Project, activities: list[Activity]) -> dict[int, tuple[int, int]]:
        """Up to three versions; days of each activity in the contract and in what is in force."""
        found: dict[int, tuple[int, int]] = {}
        for number in range(self.chance.randint(0, 3)):
            approved = self.chance.random() < 0.8
            plan = WorkPlan(
                id=self._id(WorkPlan), project=project, code=f"P{number + 1}",
                kind="contract" if number == 0 else "amended",
                state="approved" if approved else "draft",
                approved_on=START + dt.timedelta(30 * number) if approved else None,
            )  # fmt: skip
            self._add(plan)
            if approved:
                found = {pk: (first, 0) for pk, (first, _now) in found.items()}
            for activity in activities:
                if self.chance.random() < 0.2:
                    continue
                days = self.chance.randint(0, 30)
                self._add(
                    PlannedActivity(
                        project=project, plan=plan, activity=activity, days=days,
                        from_on=START, to_on=START + dt.timedelta(300),
                    )
                )  # fmt: skip
                if approved:
                    first = found.get(activity.pk, (0, 0))[0]
                    found[activity.pk] = (days if number == 0 else first, days)
        return found

    def _missions(self, project: Project, activity: Activity) -> dict[str, int]:
        """Lay them down, and count them in the plainest way there is."""
        taken = delivered = accepted = 0
        for number in range(self.chance.randint(0, 4)):
            state = self.chance.choice(State.values)
            mission = Mission(
                id=self._id(Mission), project=project, activity=activity, state=state,
                code=f"M{activity.pk}.{number + 1}", from_on=START, to_on=START, report_on=START,
            )  # fmt: skip
            self._add(mission)
            planned = used = 0
            for expert in self.chance.sample(range(1, 6), self.chance.randint(0, 3)):
                asked = self.chance.randint(1, 9)
                planned += asked
                self._add(
                    MissionExpert(
                        project=project, mission=mission, expert_id=expert, days=asked,
                        travel_days=self.chance.randint(0, 2),
                    )
                )  # fmt: skip
                used += self._days(project, mission, expert)
            counts = used if state in DELIVERED else planned
            taken += counts if state in COMMITTED else 0
            delivered += counts if state in DELIVERED else 0
            accepted += counts if state in AGREED else 0
        return {"planned_days": taken, "delivered": delivered, "accepted": accepted}

    def _days(self, project: Project, mission: Mission, expert: int) -> int:
        """Days of work among days of travel; only the former count."""
        worked = 0
        for _number in range(self.chance.randint(0, 4)):
            kind = self.chance.choice(("country", "country", "travel"))
            day = START + dt.timedelta(self._id(ExpertDay))
            self._add(
                ExpertDay(project=project, mission=mission, expert_id=expert, on=day, kind=kind)
            )
            worked += kind == "country"
        return worked

    def save(self) -> None:
        order = (
            Project, Component, Activity, WorkPlan, PlannedActivity, Expert, Mission,
            MissionExpert, ExpertDay,
        )  # fmt: skip
        for model in order:
            model.objects.bulk_create(self.rows[model], batch_size=5000)


def analyze() -> None:
    """As a database in use does by itself: its planner knows how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("quick")
def test_the_ledger_of_random_projects_is_what_a_naive_count_gives() -> None:
    """EXAMPLES= projects, each with plans in versions and missions in every state."""
    world = World(20261124)
    world.save()
    analyze()

    rows = list(with_ledger(Activity.objects.all()).values("code", *ledger.SUMMED))

    assert len(rows) == len(world.expected) >= HOW_MANY
    for row in rows:
        expected = world.expected[row["code"]]
        expected["days_left"] = expected["envelope"] - expected["planned_days"]
        assert {name: row[name] for name in ledger.SUMMED} == {
            name: expected[name] for name in ledger.SUMMED
        }, row["code"]
    total = ledger.total(rows)
    for name in ledger.SUMMED:
        assert total[name] == sum(world.expected[row["code"]][name] for row in rows)


def test_a_pace_so_slow_that_no_calendar_holds_the_day_ends_with_it() -> None:
    start, on = dt.date(2024, 1, 1), dt.date(2026, 1, 1)

    assert ledger.runs_out(1, 100_000, start, on) == dt.date(2100, 12, 31)
    assert ledger.runs_out(1, 4_000, start, on) == dt.date(2100, 12, 31)
