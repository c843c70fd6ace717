"""The life of the fictitious project, played through the same actions as real work.

The files under seed/demo/story say what happens and when; a stage is how far the story has come.
The people who act are accounts nobody can log in to. Dates are the story's own, the moments of the
trail are those of the playing.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from audit.events.acting import SYSTEM, acting
from audit.models import Through
from budget.contract.actions import adopt
from budget.costs import unit_costs
from budget.costs.actions import enter_days
from budget.money import actions as contract
from budget.money.models import ContractChange, Entry, Line, Move
from deliverables.evidence.models import Evidence, EvidenceKind
from deliverables.fields import dates
from deliverables.indicators import actions as measuring
from deliverables.indicators.models import Measurement
from deliverables.ladder import actions as ladder
from deliverables.ladder import signing
from deliverables.ladder.models import Deliverable
from deliverables.ladder.status import Verb
from deliverables.plan import actions as planning
from deliverables.plan.models import Activity, PlannedActivity, WorkPlan
from deliverables.projects.models import Membership, Project
from demo.mission_story import MissionStory, save_checked
from demo.stages import Row, Stage, rows
from experts.missions.models import Mission
from experts.people.models import Expert

FOLDER: Path = settings.BASE_DIR / "seed" / "demo" / "story"
TABLES = (
    "work_plans", "activities", "activity_deliverables", "planned_activities", "indicators",
    "measurements",
)  # fmt: skip
SIGNED = "2025-10-20"
AHEAD = dt.timedelta(14)  # terms are approved two weeks before a mission
M = TypeVar("M", bound=Model)


class ProjectStory:
    """One playing; the project's tables of the story are loaded, and nothing has happened yet."""

    def __init__(self, project: Project, at: Stage) -> None:
        self.project, self.at = project, at
        self.until = min(at.day, timezone.localdate())
        self.people = {
            "leader": self._person("demo.leader", "ms_leader"),
            "host": self._person("demo.host", "bc_leader"),
            "coordinator": self._person("demo.coordinator", "coordinator"),
        }
        self.leader, self.host = self.people["leader"], self.people["host"]
        self.activities = {row.code: row for row in Activity.objects.filter(project=project)}
        experts = {row.code: row for row in Expert.objects.all()}
        self.missions = MissionStory(
            project, self.until, self.leader, self.host, self.activities, experts
        )

    def _person(self, name: str, role: str) -> User:
        with acting(SYSTEM, Through.COMMAND, "story"):
            user, new = User.objects.get_or_create(username=name)
            if new:
                user.set_unusable_password()
                user.save()
                of = self.project.components.all() if role == "coordinator" else [None]
                for part in of:
                    Membership.objects.create(
                        user=user, project=self.project, component=part, role=role
                    )
        return user

    def _rows(self, name: str) -> list[Row]:
        return [self.at.shifted(row) for row in rows(FOLDER / f"{name}.csv")]

    def play(self) -> int:
        """What happened until the stage, in its order; how many missions that are."""
        adopt(self.project, "2017", by=self.leader)
        plan = WorkPlan.objects.get(project=self.project, code="P1")
        signed = dt.date.fromisoformat(self.at.date(SIGNED))
        planning.approve(plan, by=self.leader, seen=plan.version, on=signed)
        letters = self._rows("contract_changes")
        for row in self._rows("missions"):
            first = dt.date.fromisoformat(row["from_on"])
            letters = self._sign(letters, first - AHEAD)
            if first - AHEAD <= self.until:
                self.missions.play(row, first)
        self._sign(letters, self.until)
        self._climb()
        self._spend()
        self._statuses()
        self._approve_values()
        self._facts()
        return Mission.objects.filter(project=self.project).count()

    def _sign(self, letters: list[Row], day: dt.date) -> list[Row]:
        """The changes of the contract up to a day; those that are left."""
        due = [row for row in letters if row["on"] <= min(day, self.until).isoformat()]
        for row in due:
            change = ContractChange(
                project=self.project, code=row["code"], kind=row["kind"],
                reason_lv=row["reason_lv"], reason_en=row["reason_en"],
            )  # fmt: skip
            with acting(self.leader.code, Through.ACTION, "story"):
                save_checked(change)
                moves = [
                    move for move in self._rows("contract_moves") if move["change"] == row["code"]
                ]
                for number, move in enumerate(moves, 1):
                    save_checked(self._move(change, f"V{number}", move))
            on = dt.date.fromisoformat(row["on"])
            contract.sign(change, by=self.leader, seen=change.version, on=on)
        return [row for row in letters if row not in due]

    def _move(self, change: ContractChange, code: str, row: Row) -> Move:
        return Move(
            project=self.project,
            change=change,
            code=code,
            deliverable=self._of(Deliverable, row["deliverable"]),
            activity=self.activities.get(row["activity"]),
            line=self._of(Line, row["line"]),
            from_on=dt.date.fromisoformat(row["from_on"]) if row["from_on"] else None,
            to_on=row["to_on"],
            days=int(row["days"]) if row["days"] else None,
            amount=row["amount"] or None,
        )

    def _of(self, model: type[M], code: str) -> M | None:
        rows = model._default_manager.filter(project=self.project, code=code)
        return rows.first() if code else None

    def _climb(self) -> None:
        """The results on their ladder; the two leaders sign what the committee confirms."""
        with acting(self.leader.code, Through.ACTION, "story"):
            for row in self._rows("evidence"):
                if row["on"] <= self.until.isoformat():
                    of = self._of(Deliverable, row["deliverable"])
                    columns = {name: row[name] for name in ("code", "title_lv", "title_en", "url")}
                    save_checked(
                        Evidence(
                            project=self.project, deliverable=of, kind=EvidenceKind.LINK, **columns
                        )
                    )
        for row in self._rows("steps"):
            if row["on"] > self.until.isoformat():
                return
            result = Deliverable.objects.get(project=self.project, code=row["deliverable"])
            verb = Verb(row["verb"])
            if verb is Verb.CONFIRM:
                for side in (self.leader, self.host):
                    ladder.sign(result, by=side, seen=signing.digest(signing.content(result)))
            given = ladder.LadderGiven(
                **{name: row[name] for name in ("on", "outcome", "reason_lv", "reason_en")},
                reason=row["reason"],
            )
            by = self.people[row["by"]]
            ladder.take(result, verb, by=by, seen=result.version, given=given)

    def _spend(self) -> None:
        """What was committed, expected, spent and corrected, as it came to be known."""
        for row in self._rows("entries"):
            if row["known_on"] > self.until.isoformat():
                return
            line = Line.objects.get(project=self.project, code=row["line"])
            if row["amount"]:
                with acting(self.leader.code, Through.ACTION, "story"):
                    self._enter(line, row)
            else:
                self._enter_days(line, row["on"])

    def _enter(self, line: Line, row: Row) -> None:
        wrong = row["corrects"]
        save_checked(
            Entry(
                line=line,
                ledger_ref=f"DEMO/{row['code']}",
                corrects=line.entries.get(code=wrong) if wrong else None,
                **{name: row[name] for name in ("code", "kind", "amount", "on")},
                **{name: row[name] for name in ("note_lv", "note_en")},
            )
        )

    def _enter_days(self, line: Line, on: str) -> None:
        """What the accepted days of a quarter come to; nothing where there are none."""
        costs = unit_costs.of_project(self.project, until=dates.last(on))
        missing = next(cost.missing for cost in costs if cost.line.pk == line.pk)
        if missing:
            enter_days(
                line, by=self.leader, seen=str(missing), on=on, ledger_ref=f"DEMO/{line.code}"
            )

    def _approve_values(self) -> None:
        """What was measured until the stage."""
        values = Measurement.objects.filter(project=self.project, on__lte=self.until)
        for row in values.select_related("indicator"):
            measuring.approve(row, by=self.host, seen=row.version)

    def _statuses(self) -> None:
        """What the activities came to, as a coordinator notes it."""
        lines = WorkPlan.objects.in_force(self.project).get().lines.select_related("activity")
        notes = {
            row["activity"]: row for row in self._rows("statuses") if row["on"] <= f"{self.until}"
        }
        with acting(self.leader.code, Through.ACTION, "story"):
            for line in lines:
                row, noted = line.activity, notes.get(line.activity.code, {})
                if noted.get("status"):
                    row.status, row.started_on = noted["status"], noted["started_on"]
                    row.ended_on = noted["ended_on"]
                else:
                    self._as_planned(row, line)
                row.participants = noted.get("participants") or None
                row.reason_lv = noted.get("reason_lv", "")
                row.reason_en = noted.get("reason_en", "")
                save_checked(row)

    def _as_planned(self, row: Activity, line: PlannedActivity) -> None:
        if line.from_on <= self.until:
            row.status, row.started_on = "ongoing", line.from_on.isoformat()
        if line.to_on <= self.until:
            row.status, row.ended_on = "completed", line.to_on.isoformat()

    def _facts(self) -> None:
        """Facts beside the ladder and notes, where the stage is the one that the files describe."""
        with acting(self.leader.code, Through.ACTION, "story"):
            if self.at.name == "closing":
                self.project.refresh_from_db()
                self.project.status, self.project.end_actual = "concluded", self.until.isoformat()
                save_checked(self.project)
            if self.at.name == "inception":
                return
            for given in rows(FOLDER.parent / "deliverables.csv"):
                facts = self.at.shifted(given)
                row = Deliverable.objects.get(project=self.project, code=facts["code"])
                row.adopted_on, row.adopted_by_lv = facts["adopted_on"], facts["adopted_by_lv"]
                row.adopted_by_en = facts["adopted_by_en"]
                if self.at.name == "midterm":
                    row.note_lv, row.note_en = facts["note_lv"], facts["note_en"]
                save_checked(row)
