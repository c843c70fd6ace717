"""What the checks find in the work plan."""

from __future__ import annotations

import datetime as dt

import pytest

from deliverables import findings
from tests.make import (
    approved,
    make_activity,
    make_component,
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
