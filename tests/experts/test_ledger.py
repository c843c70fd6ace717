"""The edges of the ledger; its sums stand in test_ledger_properties.py."""

from __future__ import annotations

import datetime as dt

from experts.missions import ledger


def test_a_pace_so_slow_that_no_calendar_holds_the_day_ends_with_it() -> None:
    start, on = dt.date(2024, 1, 1), dt.date(2026, 1, 1)

    assert ledger.runs_out(1, 100_000, start, on) == dt.date(2100, 12, 31)
    assert ledger.runs_out(1, 4_000, start, on) == dt.date(2100, 12, 31)
