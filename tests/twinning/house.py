"""The house that the matrix walks through: two projects, their rows, and the people in them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import User
from budget.contract.models import Term
from deliverables.evidence.models import File, Source, Statement
from deliverables.ladder.models import Deliverable, Figure
from deliverables.plan.models import ActivityDeliverable, WorkPlan
from deliverables.projects.mistakes import marking
from deliverables.projects.models import Component, Membership, Mistake, Project, Title
from exchange.models import Export
from experts.missions.models import ExpertDay, Mission
from experts.people.models import Expert, Partnership
from releases import actions
from releases.models import Release
from tests.make import (
    make_activity,
    make_assignment,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_goer,
    make_heading,
    make_indicator,
    make_institution,
    make_item,
    make_line,
    make_member,
    make_mission,
    make_move,
    make_plan,
    make_planned,
    make_project,
    make_rate,
    make_report,
    make_ruleset,
    make_suspension,
    make_user,
    make_value,
)  # fmt: skip

ROLES = ("nobody", "nothing", "coordinator", "leader", "auditor", "administrator")
OBJECTS = ("own", "other", "foreign", "missing")
MISSING = 987_654_321
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


class House:
    """A released project of two components, and a foreign one that is not released.

    The coordinator has component 1 (own); component 2 is the other one; the leader leads and the
    auditor audits the first project. An inactive deliverable stands in component 1.
    """

    def __init__(self) -> None:
        self.offered: dict[tuple[str, ...], Any] = {}  # forms that were read from their pages once
        self.alien: tuple[str, ...] = ()  # whose rows are not the person's who asks
        self.project = make_project("tw-1", publishing="by_hand")
        self.far = make_project("far", publishing="by_hand")
        self.rows: dict[tuple[str, str], Any] = {}
        self._fill("own", make_component(self.project, 1))
        self._fill("other", make_component(self.project, 2))
        self._fill("foreign", make_component(self.far, 3))
        make_deliverable(self.rows["component", "own"], "D1.9", active=False)
        actions.publish(self.project, by=None)
        self.rows["release", "own"] = Release.objects.get()
        self.people: dict[str, User | None] = {
            "nobody": None,
            "nothing": make_user("nothing"),
            "coordinator": make_member(self.rows["component", "own"], "coordinator", "coord"),
            "leader": make_member(self.project, name="lea"),
            "auditor": make_member(self.project, "auditor", "aud"),
            "administrator": User.objects.create_superuser("root", password="a long pass phrase"),
        }
        self.rows["user", "foreign"] = self.people["nothing"]
        self.rows["membership", "own"] = Membership.objects.get(role="coordinator")
        far = make_member(self.far, "auditor", "far")
        for which, slug in (("own", "tw-1"), ("foreign", "far")):
            self.rows["export", which] = Export.objects.create(
                kind="table", made_at=NOW, name="x.csv", project=slug, rows=1, size=5,
                sha256="0" * 64,
            )  # fmt: skip
        self.rows["membership", "foreign"] = Membership.objects.get(user=far)
        self._more_people()

    def _more_people(self) -> None:
        """Who sees the foreign project and writes a component of the first, and who may do all."""
        self.both = make_member(self.rows["component", "own"], "coordinator", "both")
        make_member(self.far, "auditor", "both")
        self.holder = User.objects.create_superuser("holder", password="a long pass phrase")
        for project in (self.project, self.far):
            make_member(project, name="holder")
        gone = make_deliverable(self.rows["component", "own"], "D1.8")
        self.rows["mistake", "own"] = marking.mark(
            gone, self.project, gone.component_id, by=self.holder, seen="1", reason="Typed twice."
        )
        self.rows["mistake", "foreign"] = Mistake.objects.create(
            project=self.far, table="deliverables_deliverable", row=MISSING, reason="Typed twice.",
            by="U-9999", at=NOW,
        )  # fmt: skip

    def person(self, who: str) -> User | None:
        return self.both if who == "both" else self.people[who]

    def _fill(self, which: str, component: Component) -> None:
        n, project = component.number, component.project
        deliverable = make_deliverable(component, f"D{n}.1")
        item = make_item(deliverable, f"D{n}.1.1")
        file = File.objects.create(
            project=project, name=f"{n}.pdf", kind="pdf", size=5, sha256=f"{n:064}", key=f"k{n}",
            added_at=NOW,
        )  # fmt: skip
        expert = make_expert(f"LV-E{n:02}", name="Canary")
        both = {"title_lv": "x", "title_en": "x"}
        self.rows |= {
            ("component", which): component,
            ("deliverable", which): deliverable,
            ("item", which): item,
            ("figure", which): Figure.objects.create(
                item=item, label_lv="x", label_en="x", value=1
            ),
            ("file", which): file,
            ("evidence", which): make_evidence(
                project, f"E{n}", deliverable=deliverable, kind="file", file=file
            ),
            ("title", which): Title.objects.create(
                project=project, component=component, where_lv="x", where_en="x", **both
            ),
            ("expert", which): expert,
            ("assignment", which): make_assignment(
                project, f"A{n}", component=component, expert=expert
            ),
        }
        self._run(which, deliverable, expert)
        if which == "other":
            return
        self.rows |= {
            ("project", which): project,
            ("institution", which): make_institution(f"LV-{n}", name_en=f"Office {n}"),
            ("partnership", which): Partnership.objects.create(
                project=project, code=f"P{n}", country="LV", role="junior"
            ),
            ("source", which): Source.objects.create(
                project=project, code=f"S{n}", publisher_lv="x", publisher_en="x",
                publisher_short="x", language="lv", **both,
            ),
            ("statement", which): Statement.objects.create(
                project=project, code=f"S{n}", kind="note", text_lv="x", text_en="x"
            ),
            ("line", which): (
                line := make_line(project, f"B{n}", cost_basis="unit_cost", priced_by="fee")
            ),
            ("entry", which): make_entry(line),
        }  # fmt: skip
        self._contract(which, project)
        if which == "foreign":
            make_assignment(project, "A9", institution=self.rows["institution", which])

    def _contract(self, which: str, project: Project) -> None:
        """The rules of the contract, and a draft that changes it."""
        change = make_change(project)
        self.rows |= {
            ("ruleset", which): make_ruleset(project),
            ("rate", which): make_rate(project),
            ("term", which): Term.objects.create(
                project=project, function="rta", label_lv="x", label_en="x"
            ),
            ("heading", which): make_heading(project),
            ("contractchange", which): change,
            ("move", which): make_move(change),
            ("report", which): make_report(project),
            ("suspension", which): make_suspension(project, to_on="2026-02-28"),
        }

    def _run(self, which: str, deliverable: Deliverable, expert: Expert) -> None:
        """An activity of the component, planned, with a mission that was confirmed."""
        component, project = deliverable.component, deliverable.project
        n = component.number
        activity = make_activity(component, f"A{n}.1")
        indicator = make_indicator(component, f"I{n}.1")
        self.rows["indicator", which] = indicator
        self.rows["measurement", which] = make_value(indicator)
        plans = WorkPlan.objects.filter(project=project)
        plan = plans.first() or make_plan(project)
        mission = make_mission(activity, f"M{n}")
        self.rows |= {
            ("activity", which): activity,
            ("activitydeliverable", which): ActivityDeliverable.objects.create(
                project=project, activity=activity, deliverable=deliverable
            ),
            ("plannedactivity", which): make_planned(plan, activity),
            ("mission", which): mission,
            ("missionexpert", which): make_goer(mission, expert),
        }
        papers = {"state": "confirmed", "report": self.rows["evidence", which]}
        Mission.objects.filter(pk=mission.pk).update(**papers)
        self.rows["expertday", which] = ExpertDay.objects.create(
            project=project, mission=mission, expert=expert, on=mission.from_on
        )
        if which != "other":
            self.rows["workplan", which] = plan
