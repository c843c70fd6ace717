"""What the checks find in the work plan."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from deliverables import findings
from deliverables.evidence.models import Evidence
from deliverables.ladder import signing
from deliverables.ladder.models import Deliverable, Figure, SignOff
from deliverables.projects.models import Component, Project
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_evidence,
    make_item,
    make_plan,
    make_planned,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_an_activity_planned_beyond_the_project_is_found_in_the_plan_in_force_only() -> None:
    project = make_project(start_planned="2026-01", end_planned="2026-12")
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity, from_on=dt.date(2026, 11, 2), to_on=dt.date(2027, 1, 8))
    assert list(findings.plan_outside()) == []  # a draft is nobody's plan yet

    approved(plan)

    (one,) = findings.plan_outside(project)
    assert (one.severity, one.sentence) == (
        "warning",
        "Version P1 plans activity A1.1 from 2026-11-02 to 2027-01-08, outside the project's time.",
    )
    assert list(findings.plan_outside(make_project("other"))) == []
    later = make_plan(project, "P2", kind="amended")
    make_planned(later, activity, from_on=dt.date(2026, 11, 2), to_on=dt.date(2026, 12, 31))
    approved(later, dt.date(2026, 6, 1))
    assert list(findings.plan_outside()) == []


def signed(component: Component, code: str) -> Deliverable:
    """With an item, its figure and evidence, and under the signatures of both sides."""
    row = make_deliverable(component, code, rung="accepted", accepted_on="2026-05-04")
    Figure.objects.create(
        item=make_item(row, f"{code}.1"), position=1, label_lv="Skaits", label_en="Number",
        value="5",
    )  # fmt: skip
    make_evidence(component.project, f"E{code[1:]}", deliverable=row)
    digest = signing.digest(signing.content(row))
    for side, by in (("ms", "lea"), ("bc", "berta")):
        who = User.objects.filter(username=by).first() or make_user(by)
        SignOff.objects.create(deliverable=row, side=side, digest=digest, by=who, at=timezone.now())
    return row


def looked(project: Project) -> tuple[list[str], int]:
    with CaptureQueriesContext(connection) as queries:
        told = [one.sentence for one in findings.signatures(project)]
    return told, len(queries)


def test_signatures_are_read_at_once_however_many_there_are() -> None:
    component = make_component(make_project(publishing="by_hand"))
    for number in (1, 2):
        signed(component, f"D1.{number}")
    far = signed(make_component(make_project("far", publishing="by_hand")), "D1.1")  # same code
    assert looked(component.project) == ([], 7)
    for number in (3, 4, 5):
        signed(component, f"D1.{number}")
    with connection.cursor() as cursor:  # past the triggers, as damage comes
        cursor.execute("SET LOCAL session_replication_role = replica")
        Evidence.objects.filter(code="E1.4").update(title_en="Other")
        Figure.objects.filter(item__deliverable=far).update(value="6")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    told, number = looked(component.project)

    assert number == 7
    assert sorted(told) == [
        f"The signature of {side} under D1.4 binds another content than the deliverable has."
        for side in ("Beneficiary", "Member State")
    ]
    assert len(list(findings.signatures())) == 4


def test_an_original_date_that_was_another_when_the_plan_was_approved_is_found() -> None:
    """By whatever way it came; a draft's dates may still be corrected, and gaps filled in."""
    component = make_component(make_project())
    rows = [make_deliverable(component, f"D1.{n}", due_original="2026-03-31") for n in (1, 2)]
    gap = make_deliverable(component, "D1.3")
    Deliverable.objects.filter(pk=rows[0].pk).update(due_original="2026-05-31")
    plan = make_plan(component.project)
    make_planned(plan, make_activity(component))
    approved(plan)
    Deliverable.objects.filter(pk=gap.pk).update(due_original="2026-06-30")
    assert list(findings.original_moved()) == []

    for date in ("2026-08-31", ""):
        Deliverable.objects.filter(pk=rows[0].pk).update(due_original=date)
        (one,) = findings.original_moved(component.project)
        assert (one.severity, one.sentence) == (
            "warning",
            f"D1.1 was due on 2026-05-31 by the first plan approved, and its original date is "
            f"{date or '–'} now. Late against the first plan is measured from it.",
        )
    assert list(findings.original_moved(make_project("other"))) == []
    Deliverable.objects.filter(pk=rows[0].pk).update(due_original="2026-05-31")
    assert list(findings.original_moved()) == []


@pytest.mark.parametrize(
    ("started", "ended", "found"),
    [
        ("", "", False),
        ("2026-01", "2026-03-31", False),
        ("2026-05-04", "", False),
        ("2025-12-31", "2026-02-03", True),
        ("", "2025-12", True),
        ("2026-11-02", "2027-01-08", True),
        ("2026-12-30", "", True),  # in time, and still to come
    ],
)
def test_actual_dates_of_activities_lie_in_the_project_and_have_come(
    started: str, ended: str, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2026, 12, 1))
    project = make_project(start_planned="2026-01", end_planned="2026-12")
    make_activity(make_component(project), started_on=started, ended_on=ended)

    told = [one.sentence for one in findings.activities_outside(project)]

    assert (
        told
        == [
            f"Activity A1.1 took place from {started or ended} to {ended or started}, outside the "
            "project's time or after today."
        ]
        * found
    )


def test_planned_dates_of_the_project_are_those_of_the_first_plan() -> None:
    project = make_project(start_planned="2026-01", end_planned="2026-12")
    Project.objects.update(end_planned="2027-01")  # nothing is agreed yet
    approved(make_plan(project))
    assert list(findings.original_moved()) == []

    for end in ("2027-06", "2028-01"):
        Project.objects.update(end_planned=end)

    (one,) = findings.original_moved(project)
    assert (one.severity, one.sentence) == (
        "warning",
        "“planned end” of the project was 2027-01 when the first plan was approved, and is 2028-01 "
        "now. A contract change moves the end; the first plan stays.",
    )
    Project.objects.update(end_planned="2027-01")
    assert list(findings.original_moved()) == []
