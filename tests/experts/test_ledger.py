"""The ledger of many random projects, and of one large one, beside a naive count."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from budget.models import ContractChange, Entry, Heading, Line
from deliverables.models import Activity, Component, Deliverable, PlannedActivity, Project, WorkPlan
from experts import ledger
from experts.journey import AGREED, COMMITTED, DELIVERED, State
from experts.models import Expert, ExpertDay, Mission, MissionExpert
from experts.querysets import with_ledger
from releases import actions
from releases.models import Release

pytestmark = pytest.mark.django_db
HOW_MANY = int(os.environ.get("EXAMPLES", "2000"))
START = dt.date(2026, 1, 5)


@pytest.fixture
def quick() -> None:
    """Triggers rest: thousands of rows are laid down in the states that the actions would give."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


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


@pytest.mark.usefixtures("quick")
def test_a_project_of_a_thousand_results_and_two_thousand_missions_stays_quick(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    """At most three queries, one second for a release and 150 kB for a page."""
    project = a_large_project()
    a_large_budget(project)
    analyze()

    seconds, release = best_of_three(project)

    assert release.document["totals"]["days"]["delivered"] == 8000
    sizes = {}
    for page in ("", "plan/", "budget/", "budget/?by=quarter"):
        with django_assert_max_num_queries(3):
            answer = client.get(f"/en/projects/large/{page}")
        assert answer.status_code == 200
        sizes[page] = len(answer.content)
    assert max(sizes.values()) <= 150_000, sizes
    assert seconds <= 1, f"a release took {seconds:.2f} s"


def test_a_pace_so_slow_that_no_calendar_holds_the_day_ends_with_it() -> None:
    start, on = dt.date(2024, 1, 1), dt.date(2026, 1, 1)

    assert ledger.runs_out(1, 100_000, start, on) == dt.date(2100, 12, 31)
    assert ledger.runs_out(1, 4_000, start, on) == dt.date(2100, 12, 31)


def best_of_three(project: Project) -> tuple[float, Release]:
    """What a release takes when nobody else wants the machine, and the last release."""
    found: list[float] = []
    releases: list[Release] = []
    for number in range(3):
        Project.objects.filter(pk=project.pk).update(fund=f"Fund {number}")
        begun = time.perf_counter()
        release = actions.publish(project, by=None)
        found.append(time.perf_counter() - begun)
        assert release is not None
        releases.append(release)
        if found[-1] <= 0.5:
            break
    return min(found), releases[-1]


def a_large_budget(project: Project) -> None:
    """40 lines under 5 headings, planned and spent in 12 quarters, and 20 signed side letters."""
    both = {"title_lv": "Pozīcija", "title_en": "Line"}
    headings = Heading.objects.bulk_create(
        Heading(project=project, code=f"H{n}", **both) for n in range(5)
    )
    lines = Line.objects.bulk_create(
        Line(project=project, code=f"B{n}", heading=headings[n % 5], **both) for n in range(40)
    )
    changes = ContractChange.objects.bulk_create(
        ContractChange(
            project=project, code=f"SL{n}", kind="side_letter", reason_lv="x", reason_en="x",
            state="signed", signed_on="2026-01-01", number=n,
        )
        for n in range(1, 21)
    )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(
            line=line, code=f"N{n}.{i}", kind=kind, amount=1000 + n,
            on=f"{2024 + n // 4}-{3 * (n % 4) + 1:02}",
            change=changes[n] if n and kind == "planned" else None,
        )
        for line in lines
        for n in range(12)
        for i, kind in enumerate(("planned", "spent"))
    )  # fmt: skip


def a_large_project() -> Project:
    """1,000 results, 120 activities over 12 quarters, 2,000 reported missions of four days."""
    both = {"title_lv": "Nodevums, kas aprakstīts teikumā", "title_en": "A result in a sentence"}
    project = Project.objects.create(
        slug="large", reference="LARGE 1", beneficiary_country="AL", status="running",
        start_actual="2024-01-01", end_planned="2026-12-31", publishing="by_hand", **both,
    )  # fmt: skip
    parts = Component.objects.bulk_create(
        Component(project=project, number=n, **both) for n in range(1, 11)
    )
    Deliverable.objects.bulk_create(
        Deliverable(
            project=project, component=parts[n % 10], code=f"D{n % 10 + 1}.{n}",
            due_original="2026-06", **both,
        )
        for n in range(1000)
    )  # fmt: skip
    activities = Activity.objects.bulk_create(
        Activity(
            project=project, component=parts[n % 10], code=f"A{n % 10 + 1}.{n}", kind="mission",
            **both,
        )
        for n in range(120)
    )  # fmt: skip
    plan = WorkPlan.objects.create(
        project=project, code="P1", kind="contract", state="approved", approved_on=START
    )
    first = dt.date(2024, 1, 1)
    PlannedActivity.objects.bulk_create(
        PlannedActivity(
            project=project, plan=plan, activity=row, days=100,
            from_on=first + dt.timedelta(91 * (n % 12)),
            to_on=first + dt.timedelta(91 * (n % 12) + 90),
        )
        for n, row in enumerate(activities)
    )  # fmt: skip
    expert = Expert.objects.create(code="LV-E1", country="LV")
    missions = Mission.objects.bulk_create(
        Mission(
            project=project, activity=activities[n % 120], code=f"M{n + 1}", state="reported",
            from_on=first, to_on=first, report_on=first,
        )
        for n in range(2000)
    )  # fmt: skip
    MissionExpert.objects.bulk_create(
        MissionExpert(project=project, mission=row, expert=expert, days=5) for row in missions
    )
    ExpertDay.objects.bulk_create(
        ExpertDay(project=project, mission=row, expert=expert, on=first + dt.timedelta(4 * n + day))
        for n, row in enumerate(missions)
        for day in range(4)
    )
    return project
