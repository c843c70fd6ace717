from __future__ import annotations

import datetime as dt

from budget.contract.deadlines import DueReport, reports

D = dt.date


def test_interim_reports_follow_their_periods_and_the_final_one_the_end() -> None:
    assert reports(D(2025, 11, 30), D(2026, 8, 31), 3, 31, 3) == [
        DueReport(1, D(2025, 11, 30), D(2026, 2, 27), D(2026, 3, 30)),
        DueReport(2, D(2026, 2, 28), D(2026, 5, 29), D(2026, 6, 29)),
        DueReport(3, D(2026, 5, 30), D(2026, 8, 29), D(2026, 9, 29)),
        DueReport(4, D(2026, 8, 30), D(2026, 8, 31), D(2026, 10, 1)),
        DueReport(0, D(2025, 11, 30), D(2026, 8, 31), D(2026, 11, 30)),
    ]


def test_what_the_rules_do_not_state_is_not_dated() -> None:
    assert reports(D(2026, 1, 1), D(2026, 3, 31), 3, None, None) == [
        DueReport(1, D(2026, 1, 1), D(2026, 3, 31), None),
        DueReport(0, D(2026, 1, 1), D(2026, 3, 31), None),
    ]
    assert [one.number for one in reports(D(2026, 1, 1), D(2026, 3, 31), None, 1, 1)] == [0]
