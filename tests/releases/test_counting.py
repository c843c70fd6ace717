"""Which rows count: what a pack says of each, its totals, and what its script finds."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from deliverables.projects.models import Project
from experts.missions.models import Mission
from tests import make
from tests.releases.packing import checked, packed

pytestmark = pytest.mark.django_db


def a_project() -> Project:
    """In each table whose rows may not count, some that count and some that do not."""
    project = make.make_project(publishing="by_hand")
    component = make.make_component(project)
    make.make_deliverable(component, "D1.1")
    make.make_deliverable(component, "D1.2", active=False)
    make.make_deliverable(component, "D1.3", rung="dropped", reason_lv="Jo", reason_en="As")
    activity, line = make.make_activity(component), make.make_line(project)
    _planned(project, activity)
    _measured(component)
    _spent(project, line)
    _worked(activity)
    return project


def _planned(project: Project, activity: Any) -> None:
    plans = (("P9", 3, 19), ("A10", 3, 18), ("P10", 3, 20), ("P11", 2, 21), ("P12", 0, 22))
    for code, month, days in plans:  # A10 and P10 differ in no day and no number
        kind = "contract" if code == "P9" else "amended"
        plan = make.make_plan(project, code, kind=kind, note_lv="x", note_en="x")
        make.make_planned(plan, activity, days)
        if month:
            make.approved(plan, dt.date(2026, month, 1))


def _measured(component: Any) -> None:
    indicator = make.make_indicator(component)
    for month, by in ((3, "U-0001"), (4, "U-0001"), (5, "")):
        make.make_value(indicator, dt.date(2026, month, 1), approved_by=by)


def _spent(project: Project, line: Any) -> None:
    make.make_entry(line, "P1")
    make.make_entry(line, "F1", kind="forecast", amount="7.00")
    wrong = make.make_entry(line, "S1", kind="spent", amount="10.00", on="2026-06")
    why = {"note_lv": "Kļūda", "note_en": "Error", "corrects": wrong}
    make.make_entry(line, "S2", kind="spent", amount="12.00", on="2026-06", **why)
    for code in ("SL1", "SL2"):
        make.make_move(make.make_change(project, code), line=line, amount="5.00")
    signed = {"state": "signed", "signed_on": timezone.localdate(), "number": 1}
    project.contract_changes.filter(code="SL1").update(**signed)


def _worked(activity: Any) -> None:
    expert = make.make_expert()
    make.make_rate(activity.project, "100.00", from_on=dt.date(2026, 1, 1))
    for month, state in enumerate(("reported", "accepted", "approved", "cancelled"), 4):
        begun = dt.date(2026, month, 4)
        make.make_worked(activity, expert, month, f"M{month}", state, from_on=begun)
    draft = make.make_mission(
        activity, "M8", from_on=dt.date(2026, 8, 3), to_on=dt.date(2026, 8, 7)
    )
    make.make_goer(draft, expert, 2)
    assert set(Mission.objects.values_list("state", flat=True)) > {"draft", "cancelled"}


# Of each table, what is in these columns of the rows that count.
COUNTED = {
    "deliverables": ("code", ["D1.1"]),
    "results": ("code", ["D1.1"]),
    "planned_activities": ("plan", ["P10"]),
    "measurements": ("on", ["2026-04-01"]),
    "budget_entries": ("code", ["P1", "F1", "S2"]),
    "expenditure": ("code", ["S2"]),
    "contract_moves": ("change", ["SL1"]),
    "mission_experts": ("mission", ["M6"]),
    "expert_days": ("mission", ["M4"] * 4 + ["M5"] * 5),
    "day_costs": ("mission", ["M5"] * 5),
}
TOTALS = [
    "budget_entries.csv,sum,amount,planned,100.00", "budget_entries.csv,sum,amount,committed,0",
    "budget_entries.csv,sum,amount,spent,12.00", "budget_entries.csv,sum,amount,forecast,7.00",
    "budget_entries.csv,rows,,,4", "budget_entries.csv,counting,,spent,1",
    "expenditure.csv,sum,amount,spent,12.00", "contract_moves.csv,sum,amount,,5.00",
    "planned_activities.csv,sum,days,,20", "mission_experts.csv,sum,days,,6",
    "expert_days.csv,counting,,,9", "day_costs.csv,sum,cost,,500.00",
]  # fmt: skip

SUMMED = {
    "amount", "days", "travel_days", "fee", "support", "per_diem", "cost",  # of rows
    "original", "signed", "planned", "committed", "spent", "balance",  # of lines
    "contract", "envelope", "planned_days", "delivered", "accepted", "days_left",  # of activities
}  # fmt: skip


def test_a_pack_says_which_rows_count_and_its_script_finds_the_same(tmp_path: Path) -> None:
    bag = packed(a_project(), tmp_path)

    found = {}
    for table, (column, _codes) in COUNTED.items():
        with (bag / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["counts"] for row in rows} == {"yes", "no"}, table
        found[table] = (column, [row[column] for row in rows if row["counts"] == "yes"])
    assert found == COUNTED
    totals = (bag / "data" / "control_totals.csv").read_text("utf-8").splitlines()
    assert set(TOTALS) - set(totals) == set()
    assert {line.split(",")[2] for line in totals if ",sum," in line} == SUMMED
    assert checked(bag) == 2  # nothing is wrong, and nothing was published to compare it with
