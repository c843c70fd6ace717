"""The life of the fictitious project, played through the same actions as real work.

The files under seed/demo/story say what happens and when; a stage is how far the story has come.
The people who act are accounts nobody can log in to. Dates are the story's own, the moments of the
trail are those of the playing.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from audit.acting import acting
from audit.models import Through
from deliverables import measuring, planning
from deliverables.models import (
    Activity,
    Measurement,
    Membership,
    PlanKind,
    Project,
    WorkPlan,
)
from experts import actions, sheets
from experts.actions import Given
from experts.journey import Move
from experts.models import Expert, Mission, MissionExpert

FOLDER: Path = settings.BASE_DIR / "seed" / "demo" / "story"
TABLES = (
    "work_plans", "activities", "activity_deliverables", "planned_activities", "indicators",
    "measurements",
)  # fmt: skip
STAGES = {"inception": dt.date(2026, 1, 31), "midterm": dt.date(2026, 10, 31)}
SIGNED = dt.date(2025, 10, 20)
AHEAD = dt.timedelta(14)  # terms are approved two weeks before a mission
CHECKED = dt.timedelta(21)  # a report is accepted three weeks after it came
NO_PAPERS = "Izdomāts paraugs: dokumentu nav. Fictitious sample: there are no papers."
Row = dict[str, str]


def rows(name: str) -> Iterator[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class Story:
    """One playing; the project's tables of the story are loaded, and nothing has happened yet."""

    def __init__(self, project: Project, until: dt.date) -> None:
        self.project, self.until = project, min(until, timezone.localdate())
        self.leader = self._person("demo.leader", "ms_leader")
        self.host = self._person("demo.host", "bc_leader")
        self.activities = {row.code: row for row in Activity.objects.filter(project=project)}
        self.experts = {row.code: row for row in Expert.objects.all()}

    def _person(self, name: str, role: str) -> User:
        user, new = User.objects.get_or_create(username=name)
        if new:
            user.set_unusable_password()
            user.save()
            Membership.objects.create(user=user, project=self.project, role=role)
        return user

    def play(self) -> int:
        """What happened until the stage, in its order; how many missions that are."""
        plan = WorkPlan.objects.get(project=self.project, code="P1")
        planning.approve(plan, by=self.leader, seen=plan.version, on=SIGNED)
        changes = list(rows("changes"))
        for row in rows("missions"):
            first = dt.date.fromisoformat(row["from_on"])
            changes = self._sign(changes, first - AHEAD)
            if first - AHEAD <= self.until:
                self._mission(row, first)
        self._sign(changes, self.until)
        self._statuses()
        self._approve_values()
        return Mission.objects.filter(project=self.project).count()

    def _sign(self, changes: list[Row], day: dt.date) -> list[Row]:
        """The changes of the contract up to a day, each a version; those that are left."""
        due = [row for row in changes if row["on"] <= min(day, self.until).isoformat()]
        for on in sorted({row["on"] for row in due}):
            same = [row for row in due if row["on"] == on]
            plan = planning.next_version(self.project, PlanKind.AMENDED, by=self.leader)
            plan.note_lv, plan.note_en = same[0]["note_lv"], same[0]["note_en"]
            plan.save(update_fields=["note_lv", "note_en"])
            for row in same:
                line = plan.lines.get(activity__code=row["activity"])
                line.from_on = dt.date.fromisoformat(row["from_on"])
                line.to_on = dt.date.fromisoformat(row["to_on"])
                line.days = int(row["days"])
                line.full_clean()
                line.save()
            plan.refresh_from_db()
            day_of = dt.date.fromisoformat(on)
            planning.approve(plan, by=self.leader, seen=plan.version, on=day_of)
        return [row for row in changes if row not in due]

    def _mission(self, row: Row, first: dt.date) -> None:
        activity = self.activities[row["activity"]]
        mission = actions.draft(
            Mission(
                project=self.project,
                activity=activity,
                from_on=first,
                to_on=dt.date.fromisoformat(row["to_on"]),
                place=row["place"],
                terms_lv=activity.title_lv,
                terms_en=activity.title_en,
                papers_note=NO_PAPERS,
            ),
            by=self.leader,
        )
        for code in row["experts"].split():
            goer = MissionExpert(
                project=self.project, mission=mission, expert=self.experts[code],
                days=int(row["days"]), travel_days=int(row["travel"]),
            )  # fmt: skip
            goer.full_clean()
            goer.save()
        self._steps(mission, row)

    def _steps(self, mission: Mission, row: Row) -> None:
        """As far as the stage: whoever took a step does not take the next one of the ladder."""
        reported = min(dt.date.fromisoformat(row["report_on"]), self.until)
        self._take(mission, Move.APPROVE, self.host)
        if mission.from_on <= self.until:
            self._take(mission, Move.CONFIRM, self.host)
        if mission.to_on > self.until or mission.to_on > timezone.localdate():
            return
        self._fill_in(mission, row)
        self._take(mission, Move.FINISH, self.leader)
        self._take(mission, Move.REPORT, self.leader, Given(on=reported))
        if reported + CHECKED <= self.until:
            self._take(mission, Move.ACCEPT, self.host)
        if reported + 4 * CHECKED <= self.until:
            self._take(mission, Move.CLAIM, self.leader)
        if reported + 8 * CHECKED <= self.until:
            self._take(mission, Move.SETTLE, self.leader)

    def _take(self, mission: Mission, move: Move, by: User, given: Given | None = None) -> None:
        mission.refresh_from_db()
        actions.take(mission, move, by=by, seen=mission.version, given=given or Given())
        mission.refresh_from_db()

    def _fill_in(self, mission: Mission, row: Row) -> None:
        """Travel first, then the days that were used, from Monday on."""
        days = {}
        travel, used = int(row["travel"]), int(row["used"])
        for goer in mission.experts.all():
            for number in range(travel + used):
                day = mission.from_on + dt.timedelta(number)
                days[goer.expert_id, day] = "travel" if number < travel else "country"
        sheets.fill_in(mission, days, by=self.leader, seen=mission.version)

    def _approve_values(self) -> None:
        """What was measured until the stage; later values wait, as drafts do."""
        values = Measurement.objects.filter(project=self.project, on__lte=self.until)
        for row in values.select_related("indicator"):
            measuring.approve(row, by=self.host, seen=row.version)

    def _statuses(self) -> None:
        """What the activities came to, as a coordinator notes it."""
        lines = WorkPlan.objects.in_force(self.project).get().lines.select_related("activity")
        with acting(self.leader.code, Through.ACTION, "story"):
            for line in lines:
                row = line.activity
                if line.from_on <= self.until:
                    row.status, row.started_on = "ongoing", line.from_on.isoformat()
                if line.to_on <= self.until:
                    row.status, row.ended_on = "completed", line.to_on.isoformat()
                row.full_clean()
                row.save()
