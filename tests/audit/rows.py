"""One row of every audited table, and a change of it that its rules allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection, models

from accounts.models import SecondFactor, Subscriber, User
from budget.contract.models import Term
from deliverables.evidence.models import File, Source, Statement
from deliverables.indicators.models import Submission
from deliverables.ladder.models import Figure, SignOff, Step
from deliverables.plan.models import ActivityDeliverable
from deliverables.projects.models import (
    AcceptedFinding,
    Component,
    Membership,
    Mistake,
    Project,
    Title,
)
from exchange.models import Export, Import
from experts.missions.models import ExpertDay, Mission, MissionStep
from experts.people.models import Partnership
from releases.models import Pack, Release, Withdrawal
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
)

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def a_subscriber() -> Subscriber:
    return Subscriber.objects.create(email="anna@example.org", language="en")


def a_deliverable() -> Any:
    return make_deliverable(make_component(make_project()))


def a_component() -> Component:
    return make_component(make_project())


def a_source(project: Project | None = None) -> Source:
    return Source.objects.create(
        project=project or make_project(), code="S1", title_lv="Avots", title_en="Source",
        publisher_lv="Pārvalde", publisher_en="Office", publisher_short="PMLP", language="lv",
    )  # fmt: skip


def a_file(project: Project | None = None) -> File:
    return File.objects.create(
        project=project or make_project(), name="a.pdf", kind="pdf", size=5, sha256="0" * 64,
        key=project.slug if project else "k", added_at=NOW,
    )  # fmt: skip


def a_pack() -> Pack:
    return Pack.objects.create(book="deliverables_project:1", files="0" * 64)


def a_release() -> Release:
    project = make_project()
    return Release.objects.create(
        project=project, slug=project.slug, number=1, made_at=NOW, digest="0" * 64,
        summary="0" * 64, files_digest="0" * 64, document={},
    )  # fmt: skip


def a_withdrawal() -> Withdrawal:
    return Withdrawal.objects.create(
        project=make_project(), reason="closed", sentence_en="Archived.", by=make_user(), at=NOW
    )


def an_activity() -> Any:
    return make_activity(a_component())


def a_mission(**given: Any) -> Any:
    return make_mission(an_activity(), **given)


def a_service() -> ActivityDeliverable:
    deliverable = a_deliverable()
    activity = make_activity(deliverable.component)
    return ActivityDeliverable.objects.create(
        project=activity.project, activity=activity, deliverable=deliverable
    )


def an_expert_day() -> ExpertDay:
    mission, expert = a_mission(), make_expert()
    make_goer(mission, expert)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    mission.refresh_from_db()
    return ExpertDay.objects.create(
        project=mission.project, mission=mission, expert=expert, on=mission.from_on
    )


def a_planned_activity() -> Any:
    activity = an_activity()
    return make_planned(make_plan(activity.project), activity)


def a_mission_step() -> MissionStep:
    mission = a_mission()
    return MissionStep.objects.create(
        project=mission.project, mission=mission, verb="approve", ends="approved", by=make_user(),
        at=NOW,
    )  # fmt: skip


ROWS: dict[str, tuple[Callable[[], Any], tuple[str, Any]]] = {
    "accounts.User": (lambda: make_user("anna"), ("language", "lv")),
    "accounts.SecondFactor": (
        lambda: SecondFactor.objects.create(user=make_user(), type="totp", data={"secret": "x"}),
        ("type", "webauthn"),
    ),
    "accounts.Subscriber": (a_subscriber, ("language", "lv")),
    "deliverables.Project": (make_project, ("title_en", "Other")),
    "deliverables.Component": (a_component, ("title_en", "Other")),
    "deliverables.Title": (
        lambda: Title.objects.create(
            project=make_project(), title_en="T", where_lv="Lapa", where_en="Page"
        ),
        ("title_en", "Other"),
    ),
    "deliverables.Suspension": (
        lambda: make_suspension(make_project()), ("reason_en", "Other")
    ),
    "deliverables.Deliverable": (a_deliverable, ("title_en", "Other")),
    "deliverables.Item": (lambda: make_item(a_deliverable()), ("title_en", "Other")),
    "deliverables.Figure": (
        lambda: Figure.objects.create(
            item=make_item(a_deliverable()), label_lv="Studenti", label_en="Students", value=550
        ),
        ("value", 551),
    ),
    "deliverables.Source": (a_source, ("title_en", "Other")),
    "deliverables.File": (a_file, ("public", True)),
    "deliverables.Evidence": (lambda: make_evidence(make_project()), ("title_en", "Other")),
    "deliverables.Statement": (
        lambda: Statement.objects.create(
            project=make_project(), code="S1", kind="note", text_lv="Teksts", text_en="Text"
        ),
        ("text_en", "Other"),
    ),
    "deliverables.Membership": (
        lambda: Membership.objects.create(
            user=make_user(), project=make_project(), role="ms_leader"
        ),
        ("role", "auditor"),
    ),
    "deliverables.Step": (
        lambda: Step.objects.create(
            deliverable=a_deliverable(), verb="start", begins="planned", ends="in_progress",
            by=make_user(), at=NOW,
        ),
        ("on", "2026-05"),
    ),
    "deliverables.SignOff": (
        lambda: SignOff.objects.create(
            deliverable=a_deliverable(), side="ms", digest="0" * 64, by=make_user(), at=NOW
        ),
        ("digest", "1" * 64),
    ),
    "experts.Institution": (make_institution, ("name_en", "Other")),
    "experts.Partnership": (
        lambda: Partnership.objects.create(
            project=make_project(), code="P1", country="LV", role="junior"
        ),
        ("detail_en", "Other"),
    ),
    "experts.Expert": (lambda: make_expert(name="Anna Ozola"), ("country", "NL")),
    "experts.Assignment": (
        lambda: make_assignment(make_project(), holder_name="Anna Ozola"),
        ("note_en", "Other"),
    ),
    "budget.Ruleset": (lambda: make_ruleset(make_project()), ("note_en", "Other")),
    "budget.Rate": (lambda: make_rate(make_project()), ("verified", True)),
    "budget.Term": (
        lambda: Term.objects.create(
            project=make_project(), function="rta", label_lv="RTA", label_en="RTA"
        ),
        ("label_en", "Other"),
    ),
    "budget.Report": (lambda: make_report(make_project()), ("note_en", "Other")),
    "budget.Heading": (lambda: make_heading(make_project()), ("title_en", "Other")),
    "budget.ContractChange": (lambda: make_change(make_project()), ("reason_en", "Other")),
    "budget.Move": (lambda: make_move(make_change(make_project())), ("to_on", "2028-01")),
    "budget.Line": (lambda: make_line(make_project()), ("title_en", "Other")),
    "budget.Entry": (lambda: make_entry(make_line(make_project())), ("note_en", "Other")),
    "deliverables.WorkPlan": (lambda: make_plan(make_project()), ("note_en", "Other")),
    "deliverables.Activity": (an_activity, ("title_en", "Other")),
    "deliverables.ActivityDeliverable": (a_service, ("version", 7)),
    "deliverables.PlannedActivity": (a_planned_activity, ("days", 21)),
    "deliverables.Indicator": (lambda: make_indicator(a_component()), ("title_en", "Other")),
    "deliverables.Measurement": (
        lambda: make_value(make_indicator(a_component())), ("source_en", "Other")
    ),
    "deliverables.AcceptedFinding": (
        lambda: AcceptedFinding.objects.create(
            project=make_project(), key="weekends M1", reason="Agreed.", by="U-0001", at=NOW
        ),
        ("reason", "Other"),
    ),
    "deliverables.Mistake": (
        lambda: Mistake.objects.create(
            project=make_project(), table="budget_line", row=7, code="B7", reason="Typed twice.",
            by="U-0001", at=NOW,
        ),
        ("reason", "Other"),
    ),
    "deliverables.Submission": (
        lambda: Submission.objects.create(
            project=make_project(), on=NOW.date(), by="U-0001", at=NOW
        ),
        ("note", "Other"),
    ),
    "experts.Mission": (a_mission, ("place", "Tirana")),
    "experts.MissionExpert": (
        lambda: make_goer(a_mission(), make_expert()), ("days", 2)
    ),
    "experts.ExpertDay": (an_expert_day, ("kind", "travel")),
    "experts.MissionStep": (a_mission_step, ("reason", "Other")),
    "exchange.Export": (
        lambda: Export.objects.create(
            kind="table", made_at=NOW, name="x.csv", rows=1, size=5, sha256="0" * 64
        ),
        ("rows", 2),
    ),
    "exchange.Import": (
        lambda: Import.objects.create(
            made_at=NOW, made_by=make_user(), table="items", name="x.csv", sha256="0" * 64
        ),
        ("encoding", "cp1257"),
    ),
    "releases.Pack": (a_pack, ("period", "2026-01-01/..")),
    "releases.Release": (a_release, ("number", 2)),
    "releases.Withdrawal": (a_withdrawal, ("sentence_en", "Other")),
}  # fmt: skip


def columns(model: type[models.Model]) -> list[str]:
    """What an insert may name: all but generated columns."""
    fields = model._meta.concrete_fields
    return [str(f.column) for f in fields if not isinstance(f, models.GeneratedField)]


def inserted_by_sql(row: Any, how: str) -> None:
    """Delete the row by SQL, and put the very same back by INSERT or by COPY."""
    table, names = row._meta.db_table, ", ".join(f'"{name}"' for name in columns(type(row)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT {names} FROM {table} "
                       "WHERE id = %s", [row.pk])  # fmt: skip
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])
        if how == "sql":
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept")
        else:
            with cursor.copy("COPY kept TO STDOUT") as out:
                data = b"".join(bytes(part) for part in out)
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as into:
                into.write(data)
        cursor.execute("DROP TABLE kept")


__all__ = ["ROWS", "User", "columns", "inserted_by_sql"]
