"""What the checks find in the work plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from deliverables import findings, signing
from deliverables.models import Deliverable, SignOff
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_evidence,
    make_item,
    make_member,
    make_plan,
    make_planned,
    make_project,
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


def test_signatures_are_read_at_once_however_many_they_are(
    django_assert_num_queries: Any,
) -> None:
    component = make_component(make_project())
    user = make_member(component.project)

    def signed(number: int) -> SignOff:
        row = make_deliverable(component, f"D1.{number}", rung="accepted")
        make_item(row, f"D1.{number}.1")
        make_evidence(component.project, f"E{number}", deliverable=row)
        return SignOff.objects.create(
            deliverable=row, side="ms", digest=signing.digest(signing.content(row)), by=user,
            at=timezone.now(),
        )  # fmt: skip

    signed(1)
    with django_assert_num_queries(7):
        assert list(findings.signatures()) == []
    for number in (2, 3, 4):
        last = signed(number)
    SignOff.objects.filter(pk=last.pk).update(digest="0" * 64)
    with django_assert_num_queries(7):
        (one,) = findings.signatures(component.project)
    assert "under D1.4 binds another content" in one.sentence
