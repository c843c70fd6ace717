"""The ledger of 2,000 random projects beside a naive count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from experts.findings import over_the_envelope
from experts.missions import ledger
from experts.missions.resources import PersonDaysResource
from public.pages.plan import plan
from releases.reading.reading import Reading
from tests.experts.worlds import COMPONENTS, MANY, World, batches, counted, laid, worlds

pytestmark = [pytest.mark.django_db, pytest.mark.slow("many examples")]


@pytest.mark.usefixtures("quick")
@MANY
@given(batches(worlds()))
def test_the_ledger_is_a_naive_count_by_activity_by_component_and_in_all(
    drawn: list[World],
) -> None:
    """400 examples of five projects each, which are 2,000 projects."""
    with laid(*drawn) as projects:
        found = PersonDaysResource.document_rows(project__in=[one.pk for one in projects])
        flagged = {(one.project, one.about) for one in over_the_envelope()}

    over = set()
    for number, (project, world) in enumerate(zip(projects, drawn, strict=True), 1):
        rows = [row for row in found if row["project"] == project.slug]
        expected = with_left(counted(world))
        assert [numbers(row) for row in rows] == expected
        assert numbers(ledger.total(rows)) == added(expected)
        shares_are_of_the_envelope(ledger.total(rows))
        by_component(rows, world, expected)
        over |= {
            (project.slug, f"deliverables.activity:{1000 * number + activity}")
            for activity, row in enumerate(expected)
            if row["planned_days"] > row["envelope"]
        }
    assert flagged == over


def with_left(rows: list[dict[str, int]]) -> list[dict[str, int]]:
    return [row | {"days_left": row["envelope"] - row["planned_days"]} for row in rows]


def numbers(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in ledger.SUMMED}


def added(rows: list[dict[str, int]]) -> dict[str, int]:
    """Column by column; zero where there is no row."""
    return {name: sum(row[name] for row in rows) for name in ledger.SUMMED}


def shares_are_of_the_envelope(total: Mapping[str, Any]) -> None:
    """Tenths of a per cent in whole numbers, half up; beyond the whole only where more was done."""
    assert total["accepted"] <= total["delivered"] <= total["planned_days"]
    whole = total["envelope"]
    for name in ("delivered", "accepted"):
        share = total[f"percent_{name}"]
        if not whole:
            assert share is None
            continue
        tenths = (2 * 1000 * total[name] + whole) // (2 * whole)
        assert share == f"{tenths // 10}.{tenths % 10}"


def by_component(rows: list[dict[str, Any]], world: World, expected: list[dict[str, int]]) -> None:
    """Sums of a component: the standing of a project adds rows up, the plan's page for itself."""
    document: Any = {
        "project": {"status": "planned", "start_actual": "", "start_planned": ""},
        "components": [{"number": number} for number in COMPONENTS],
        "activities": [
            {"code": row["activity"], "component": row["component"], "status": "completed"}
            for row in rows
        ],
        "person_days": rows,
        **{
            name: []
            for name in ("planned_activities", "work_plans", "activity_deliverables", "reports")
        },
        "totals": {"days": ledger.total(rows)},
    }
    page = plan(Reading(document, "", 1, None, dt.date(2026, 7, 1), {}), {})

    told = {component["number"]: sums for component, sums, _own in page["parts"]}
    assert set(told) == set(world.activities)
    for number in COMPONENTS:
        own = [row for of, row in zip(world.activities, expected, strict=True) if of == number]
        sums = added(own)
        part = [row for row in rows if row["component"] == number]
        assert numbers(ledger.total(part)) == sums
        assert all(sums[name] == days for name, days in told.get(number, {}).items())
