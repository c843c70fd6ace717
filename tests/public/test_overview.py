from __future__ import annotations

import datetime as dt
from typing import Any

from budget.money.absorption import absorb
from public.pages import overview

TODAY = dt.date(2026, 3, 31)


def project(reference: str, **given: Any) -> Any:
    plain = {
        "reference": reference, "fictitious": False, "status": "running",
        "footnote_lv": "", "footnote_en": "",
        "start_planned": "", "start_actual": "", "end_planned": "", "end_current": "",
        "end_actual": "",
    }  # fmt: skip
    return plain | given


def test_member_states_begin_with_the_lead() -> None:
    roles = [("LV", "contributing"), ("XK", "beneficiary"), ("NL", "lead"), ("LV", "junior")]
    rows: Any = [{"country": country, "role": role} for country, role in roles]
    assert overview.member_states(rows) == ["NL", "LV"]


def test_a_partner_in_several_roles_stands_once_and_several_may_lead() -> None:
    roles = [("NL", "N1", "lead"), ("LV", "L1", "lead"), ("LV", "L1", "experts"),
             ("GE", "G1", "beneficiary"), ("LV", "", "junior")]  # fmt: skip
    rows: Any = [{"country": c, "institution": i, "role": role} for c, i, role in roles]

    found = [(row["country"], row["institution"], row["leads"]) for row in overview.partners(rows)]

    assert found == [("NL", "N1", ["lead"]), ("LV", "L1", ["lead"]), ("LV", "", [])]
    assert overview.member_states(rows) == ["NL", "LV"]


def test_time_is_told_only_of_a_running_project_with_both_dates() -> None:
    dates = {"start_actual": "2025-09-15", "end_planned": "2027-08"}
    months = overview.time(project("A", **dates), TODAY)
    assert months is not None
    assert (months.now, months.whole) == (7, 24)
    assert overview.time(project("A", **dates, status="concluded"), TODAY) is None
    assert overview.time(project("A", start_actual="2025-09-15"), TODAY) is None
    assert overview.time(project("A", **dates), dt.date(2025, 1, 1)) is None


def test_absorption_that_cannot_be_told_is_not_drawn() -> None:
    nothing = absorb([])
    assert overview.money(nothing) is None
    drawn = overview.money({**nothing, "percent": "0.0", "spent": "0.00", "planned": "5.00"})
    assert drawn is not None
    assert drawn.spent.width == "0.00%"
