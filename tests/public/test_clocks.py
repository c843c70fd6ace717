"""The clocks against a naive count, for thousands of random projects."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from deliverables.progress import Share
from public.clocks import clocks
from releases import actions
from releases.reading import Reading
from tests.make import make_entry, make_line, make_project
from tests.public.make import get

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


def percent(part: Any, whole: Any) -> str | None:
    found = Share(part, whole).percent
    return None if found is None else str(found)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    whole, envelope = draw(st.integers(0, 40)), draw(st.integers(0, 500))
    accepted, delivered = draw(st.integers(0, whole)), draw(st.integers(0, 600))
    planned, spent = draw(st.integers(0, 10**6)), draw(st.integers(0, 12 * 10**5))
    project = {
        "status": draw(st.sampled_from(["running", "suspended", "concluded", "planned"])),
        "start_actual": draw(st.sampled_from(["", "2025-03-04", "2025-03"])),
        "start_planned": draw(st.sampled_from(["", "2025-01-01"])),
        "end_planned": draw(st.sampled_from(["", "2026", "2026-11-30", "2024-12-31"])),
        "end_current": draw(st.sampled_from(["", "2027-05"])),
    }
    totals = {
        "results": {
            "accepted": accepted, "whole": whole, "percent_accepted": percent(accepted, whole)
        },
        "days": {
            "delivered": delivered, "envelope": envelope,
            "percent_delivered": percent(delivered, envelope),
        },
        "budget": {
            "spent": str(spent), "planned": str(planned), "percent": percent(spent, planned)
        },
    }  # fmt: skip
    return Reading({"project": project, "totals": totals}, "", 1, None, draw(DAYS), {})


def whole_days(project: dict[str, str]) -> list[dt.date]:
    """Every day of the period, one after another."""
    starts = {"2025-03-04": dt.date(2025, 3, 4), "2025-03": dt.date(2025, 3, 1)}
    start = starts.get(project["start_actual"]) or (
        dt.date(2025, 1, 1) if project["start_planned"] else None
    )
    ends = {
        "2026": dt.date(2026, 12, 31), "2026-11-30": dt.date(2026, 11, 30),
        "2024-12-31": dt.date(2024, 12, 31),
    }  # fmt: skip
    end = dt.date(2027, 5, 31) if project["end_current"] else ends.get(project["end_planned"])
    if start is None or end is None:
        return []
    return [start + dt.timedelta(n) for n in range((end - start).days + 1)]


@settings(max_examples=2000, deadline=None)
@given(readings())
def test_each_clock_is_its_part_of_its_whole(reading: Reading) -> None:
    found = {clock.key: clock for clock in clocks(reading)}
    project, totals = reading.document["project"], reading.document["totals"]

    days = whole_days(project)
    if project["status"] in ("running", "suspended") and days:
        passed = sum(day <= reading.on for day in days)
        assert (found["time"].part, found["time"].whole) == (passed, len(days))
    else:
        assert "time" not in found
    assert ("results" in found) == (totals["results"]["whole"] > 0)
    assert ("days" in found) == (totals["days"]["envelope"] > 0)
    assert ("money" in found) == (totals["budget"]["planned"] != "0")
    for clock in found.values():
        part, whole = Decimal(clock.part), Decimal(clock.whole)
        naive = (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert Decimal(clock.percent) == naive
        drawn = float(clock.width.removesuffix("%"))
        assert 0 <= drawn <= 100  # a share beyond its whole fills the scale, and is flagged
        assert clock.over == (part > whole)


@pytest.mark.django_db
@pytest.mark.parametrize(("spent", "flags"), [("100.00", [0, 0]), ("100.01", [2, 3])])
def test_more_than_the_plan_is_flagged_beside_each_share(
    client: Client, spent: str, flags: list[int]
) -> None:
    """The clock, the glance, and the line and the quarter of the budget."""
    project = make_project(
        publishing="by_hand", status="running", start_actual="2026-01-01", end_planned="2099-12-31"
    )
    line = make_line(project)
    make_entry(line, "N1", amount="100.00", on="2026-03")
    make_entry(line, "N2", kind="spent", amount=spent, on="2026-03", ledger_ref="1")
    actions.publish(project, by=None)

    pages = [get(client, f"/en/projects/tw-1/{page}") for page in ("", "budget/")]

    assert [page.count("beyond the plan") for page in pages] == flags
