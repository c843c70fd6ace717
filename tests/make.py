"""Test data by plain functions: valid, overridable, without chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from budget.contract.models import Rate, Report, Ruleset
from budget.money.models import ContractChange, Entry, Heading, Line, Move
from deliverables.evidence.models import Evidence
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable, Item
from deliverables.plan.models import Activity, PlannedActivity, WorkPlan
from deliverables.projects.models import Component, Membership, Project, Suspension
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.people.models import Assignment, Expert, Institution
from releases.document.build import digest, summary
from releases.models import Release


def make_project(slug: str = "tw-1", **given: Any) -> Project:
    given = {
        "slug": slug,
        "reference": slug.upper(),
        "title_lv": "Projekts",
        "title_en": "Project",
        "beneficiary_country": "AL",
        "status": "running",
        **given,
    }
    return Project.objects.create(**given)


def make_suspension(project: Project, **given: Any) -> Suspension:
    given = {"from_on": dt.date(2026, 2, 1), "reason_en": "The border was closed.", **given}
    return Suspension.objects.create(project=project, **given)


def make_component(project: Project, number: int = 1, **given: Any) -> Component:
    given = {"title_lv": "Komponente", "title_en": "Component", **given}
    return Component.objects.create(project=project, number=number, **given)


def make_deliverable(component: Component, code: str = "D1.1", **given: Any) -> Deliverable:
    given = {"title_lv": "Nodevums", "title_en": "Deliverable", **given}
    return Deliverable.objects.create(
        project=component.project, component=component, code=code, **given
    )


def make_item(deliverable: Deliverable, code: str = "D1.1.1", **given: Any) -> Item:
    given = {"title_lv": "Daļa", "title_en": "Part", **given}
    return Item.objects.create(deliverable=deliverable, code=code, **given)


def make_evidence(project: Project, code: str = "E1", **given: Any) -> Evidence:
    given = {
        "kind": "link",
        "url": "https://example.org/",
        "title_lv": "Pierādījums",
        "title_en": "Evidence",
        **given,
    }
    return Evidence.objects.create(project=project, code=code, **given)


def make_institution(code: str = "LV-1", **given: Any) -> Institution:
    given = {"name_lv": "Pārvalde", "name_en": "Office", "country": "LV", **given}
    return Institution.objects.create(code=code, **given)


def make_expert(code: str = "LV-E01", **given: Any) -> Expert:
    if given.get("name_consent"):
        given = {"consent_on": "2026-01-15", "consent_basis": "signed form", **given}
    return Expert.objects.create(code=code, **{"country": "LV", **given})


def make_assignment(project: Project, code: str = "A1", **given: Any) -> Assignment:
    return Assignment.objects.create(
        project=project, code=code, **{"function": "component_leader", **given}
    )


def make_line(project: Project, code: str = "B1", **given: Any) -> Line:
    given = {"title_lv": "Rinda", "title_en": "Line", **given}
    return Line.objects.create(project=project, code=code, **given)


def make_entry(line: Line, code: str = "N1", **given: Any) -> Entry:
    return Entry.objects.create(
        line=line, code=code, **{"kind": "planned", "amount": "100.00", **given}
    )


def make_heading(project: Project, code: str = "H1", **given: Any) -> Heading:
    given = {"title_lv": "Pozīcija", "title_en": "Heading", **given}
    return Heading.objects.create(project=project, code=code, **given)


def make_ruleset(project: Project, **given: Any) -> Ruleset:
    return Ruleset.objects.create(project=project, **{"edition": "2017", **given})


def make_report(project: Project, number: int = 1, **given: Any) -> Report:
    given = {"from_on": dt.date(2026, 1, 1), "to_on": dt.date(2026, 3, 31), **given}
    return Report.objects.create(project=project, number=number, **given)


def make_rate(project: Project, amount: str = "350.00", **given: Any) -> Rate:
    given = {"kind": "fee", "from_on": dt.date(2026, 1, 1), **given}
    return Rate.objects.create(project=project, amount=amount, **given)


def make_change(project: Project, code: str = "SL1", **given: Any) -> ContractChange:
    given = {"kind": "side_letter", "reason_lv": "Iemesls", "reason_en": "Reason", **given}
    return ContractChange.objects.create(project=project, code=code, **given)


def make_move(change: ContractChange, code: str = "V1", **given: Any) -> Move:
    return Move.objects.create(
        project=change.project, change=change, code=code, **(given or {"to_on": "2027-12-31"})
    )


def make_activity(component: Component, code: str = "A1.1", **given: Any) -> Activity:
    given = {"title_lv": "Aktivitāte", "title_en": "Activity", "kind": "mission", **given}
    return Activity.objects.create(
        project=component.project, component=component, code=code, **given
    )


def make_plan(project: Project, code: str = "P1", **given: Any) -> WorkPlan:
    return WorkPlan.objects.create(project=project, code=code, **{"kind": "contract", **given})


def make_planned(plan: WorkPlan, activity: Activity, days: int = 20, **given: Any) -> Any:
    given = {"from_on": dt.date(2026, 1, 1), "to_on": dt.date(2026, 12, 31), **given}
    return PlannedActivity.objects.create(
        project=plan.project, plan=plan, activity=activity, days=days, **given
    )


def approved(plan: WorkPlan, on: dt.date = dt.date(2026, 1, 1)) -> WorkPlan:
    """The version as its approval leaves it."""
    plan.state, plan.approved_on = "approved", on
    plan.save()
    return plan


def make_indicator(component: Component, code: str = "I1.1", **given: Any) -> Indicator:
    given = {"title_lv": "Rādītājs", "title_en": "Indicator", "unit": "number", **given}
    return Indicator.objects.create(
        project=component.project, component=component, code=code, **given
    )


def make_value(indicator: Indicator, on: dt.date = dt.date(2026, 5, 4), **given: Any) -> Any:
    given = {"value": 5, "source_lv": "Pārskats", "source_en": "Report", **given}
    return Measurement.objects.create(
        project=indicator.project, indicator=indicator, on=on, **given
    )


def make_mission(activity: Activity, code: str = "M1", **given: Any) -> Mission:
    given = {"from_on": dt.date(2026, 5, 4), "to_on": dt.date(2026, 5, 8), **given}
    return Mission.objects.create(project=activity.project, activity=activity, code=code, **given)


def make_goer(mission: Mission, expert: Expert, days: int = 3, **given: Any) -> MissionExpert:
    return MissionExpert.objects.create(
        project=mission.project, mission=mission, expert=expert, days=days, **given
    )


def make_worked(
    activity: Activity, expert: Expert, days: int, code: str = "M1", state: str = "accepted",
    from_on: dt.date = dt.date(2026, 5, 4), **goer: Any,
) -> Mission:  # fmt: skip
    """A mission whose time sheet is full, as its steps leave it."""
    last = from_on + dt.timedelta(days - 1)
    mission = make_mission(activity, code, from_on=from_on, to_on=last)
    make_goer(mission, expert, days, **goer)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    for number in range(days):
        ExpertDay.objects.create(
            project=mission.project, mission=mission, expert=expert,
            on=from_on + dt.timedelta(number),
        )  # fmt: skip
    Mission.objects.filter(pk=mission.pk).update(state=state, report_on=last)
    mission.refresh_from_db()
    return mission


def make_user(name: str = "ana", **given: Any) -> User:
    """Someone who may open the back office, and who has no role yet."""
    return User.objects.create_user(name, password="a long pass phrase", is_staff=True, **given)


def make_member(
    where: Project | Component, role: str = "ms_leader", name: str = "ana", **given: Any
) -> User:
    """Someone with one role in a project; a coordinator is given the component."""
    user = User.objects.filter(username=name).first() or make_user(name, **given)
    own = {"component": where} if isinstance(where, Component) else {}
    project = where.project if isinstance(where, Component) else where
    Membership.objects.create(user=user, project=project, role=role, **own)
    return user


def make_release(project: Project, document: Mapping[str, Any], **given: Any) -> Release:
    """A release of this document, whatever the live tables are."""
    told: dict[str, Any] = {"digest": digest(document), "summary": summary(document), **given}
    told.setdefault("files_digest", digest({"files": []}))
    return Release.objects.create(project=project, slug=project.slug, document=document, **told)
