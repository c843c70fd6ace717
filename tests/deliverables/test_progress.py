from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.fields.shares import Share
from deliverables.ladder.lateness import Timing, timing
from deliverables.ladder.progress import count

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 800, "0.1"), (0, 5, "0.0"), (7, 5, "140.0")],
)
def test_share_rounds_half_up_to_one_decimal(part: int, whole: int, percent: str) -> None:
    assert Share(part, whole).percent == Decimal(percent)


def test_share_of_nothing_planned_is_not_zero() -> None:
    assert Share(0, 0).percent is None
    assert not Share(0, 0).complete


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_share_is_complete_by_its_numbers_not_by_rounding(part: int, whole: int) -> None:
    assert Share(part, whole).complete == (part >= whole)


def row(rung: str = "planned", active: bool = True, **dates: str) -> dict[str, Any]:
    empty = {"due_original": "", "due_current": "", "delivered_on": ""}
    return {"rung": rung, "active": active, **empty, **dates}


def test_count_leaves_out_what_is_dropped_or_switched_off() -> None:
    rows = [row("accepted"), row("delivered"), row("dropped"), row("confirmed", active=False)]

    counted = count(rows)

    assert {name: counted[name] for name in ("whole", "delivered", "documented", "accepted")} == {
        "whole": 2,
        "delivered": 2,
        "documented": 1,
        "accepted": 1,
    }
    assert (counted["confirmed"], counted["dropped"]) == (0, 1)


@pytest.mark.parametrize(
    ("given_row", "told"),
    [
        (row(), Timing("not_planned", None, None)),
        (row("delivered"), Timing("done", None, None)),
        (row("dropped", due_original="2026-01-01"), Timing("closed", None, None)),
        (row(due_original="2026-11-23"), Timing("late", 1, 1)),
        (row(due_original="2026-11"), Timing("open", -6, -6)),
        (row(due_original="2026-10-25", due_current="2026-12-01"), Timing("open", 30, -7)),
        (
            row("accepted", due_original="2026-01-31", delivered_on="2026-02-20"),
            Timing("done_late", 20, 20),
        ),
        (
            row(
                "delivered",
                due_original="2026-01-31",
                due_current="2026-03-31",
                delivered_on="2026-02-20",
            ),
            Timing("on_time", 20, -39),
        ),
        (row("in_progress", due_current="2026-11-24"), Timing("open", None, 0)),
    ],
)
def test_timing_tells_both_due_dates_apart(given_row: dict[str, Any], told: Timing) -> None:
    assert timing(given_row, TODAY) == told
