"""The extract of activities: by the contract, by the plan in force, and as it came to be."""

from __future__ import annotations

import datetime as dt

import pytest

from deliverables.plan.models import Activity
from releases.document.extracts import ActivityProgress
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db


def test_original_dates_stand_beside_the_current_ones() -> None:
    project = make_project(publishing="by_hand")
    moved = make_activity(make_component(project), started_on="2026-02", status="ongoing")
    added = make_activity(moved.component, "A1.2")
    first, second = make_plan(project), make_plan(project, "P2", kind="amended")
    make_planned(first, moved, days=10)
    make_planned(second, moved, days=15, to_on=dt.date(2027, 3, 31))
    make_planned(second, added, days=5)
    approved(first)
    approved(second, dt.date(2026, 6, 1))

    rows = {row.code: row for row in ActivityProgress.extract(Activity.objects.all())}

    names = (
        "plan", "contract_from", "contract_to", "planned_to", "started_on", "contract", "envelope",
        "days_left",
    )  # fmt: skip
    assert [getattr(rows["A1.1"], name) for name in names] == [
        "P2", dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 3, 31), "2026-02", 10, 15,
        15,
    ]  # fmt: skip
    assert [getattr(rows["A1.2"], name) for name in names] == [
        "P2", None, None, dt.date(2026, 12, 31), "", 0, 5, 5,
    ]  # fmt: skip
