"""The extract of the budget, counted again from the other tables of a pack, as an auditor does."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from accounts.models import User
from budget.contract.models import Ruleset
from budget.money import actions, live_reallocation
from budget.money.models import Line
from deliverables.projects.models import Project
from exchange.exports.extracts import CSV, Extract
from releases.document.extracts import BY_TABLE, rows_of
from tests.make import (
    make_change,
    make_entry,
    make_heading,
    make_line,
    make_member,
    make_move,
    make_project,
    make_rate,
    make_ruleset,
)

pytestmark = pytest.mark.django_db
Rows = list[dict[str, str]]


@pytest.fixture
def project() -> Project:
    """Lines of two headings, one without, changed by a letter, an addendum and two letters."""
    project = make_project(publishing="by_hand")
    make_ruleset(project, reallocation_limit=20)
    first, second, empty = (make_heading(project, f"H{n}") for n in (1, 2, 3))
    fees = make_line(project, "B1", heading=first, cost_basis="unit_cost", priced_by="fee")
    make_line(project, "B2", heading=first, cost_basis="flat_rate")
    make_line(project, "B3", heading=second, cost_basis="actual")
    make_line(project, "B4", heading=empty, cost_basis="unit_cost", priced_by="per_diem")
    loose = make_line(project, "B5")
    make_rate(project, "450.00", grade="A")
    make_rate(project, "350.00", grade="B")
    make_rate(project, "150.00", kind="support")
    make_entry(fees, "N1", amount="35000.00", units=100, unit_rate="350.00")
    make_entry(fees, "N2", kind="spent", amount="3150.00", units="7.5", unit_rate="420.00",
               ledger_ref="1")  # fmt: skip
    wrong = make_entry(fees, "N3", kind="spent", amount="9000.00", units=9, unit_rate="1000.00",
                       ledger_ref="2")  # fmt: skip
    make_entry(fees, "N4", kind="spent", amount="3500.00", units=10, unit_rate="350.00",
               corrects=wrong, note_lv="Kļūda", note_en="Mistyped", ledger_ref="2")  # fmt: skip
    make_entry(line("B2"), "N1", amount="5000.00", units=2, unit_rate="2500.00")
    make_entry(line("B3"), "N1", amount="100000.00")
    make_entry(line("B3"), "N2", kind="committed", amount="700.00")
    make_entry(loose, "N1", amount="10.00")
    leader = make_member(project)
    for code, kind, euro in (
        ("SL1", "side_letter", 1000), ("AD1", "addendum", 30000), ("SL2", "side_letter", 3333),
        ("SL3", "side_letter", -1000),
    ):  # fmt: skip
        signed(project, code, kind, euro, leader)
    make_change(project, "SL4")
    return project


def line(code: str) -> Line:
    return Line.objects.get(code=code)


def signed(project: Project, code: str, kind: str, euro: int, by: User) -> None:
    """A change that takes money from B3 for B1."""
    change = make_change(project, code, kind=kind)
    make_move(change, "V1", line=line("B3"), amount=-euro, to_on="2026-09")
    make_move(change, "V2", line=line("B1"), amount=euro, to_on="2026-09")
    change.refresh_from_db()
    actions.sign(change, by=by, seen=change.version, on=dt.date(2026, 6, 15))


def table(name: str, project: Project) -> Rows:
    out = io.BytesIO()
    Extract(BY_TABLE[name], rows_of(BY_TABLE[name], project)).write(out, CSV)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def total(rows: Rows, name: str = "amount") -> Decimal:
    return sum((Decimal(row[name]) for row in rows if row[name]), Decimal(0))


def ends(rows: Rows, name: str) -> list[str]:
    """The lowest and the highest number; nothing of nothing."""
    numbers = sorted(Decimal(row[name]) for row in rows if row[name])
    return [f"{numbers[at].normalize():f}" if numbers else "" for at in (0, -1)]


def counted(project: Project) -> list[dict[str, Any]]:
    """What each line comes to by the files of entries, changes, rates and rules alone."""
    entries, changes = table("budget_entries", project), table("contract_changes", project)
    lines, rates = table("budget_lines", project), table("rates", project)
    (rules,) = table("rulesets", project)
    gone = {(row["line"], row["corrects"]) for row in entries if row["corrects"]}
    entries = [row for row in entries if (row["line"], row["code"]) not in gone]
    order = {row["code"]: int(row["number"]) for row in changes if row["state"] == "signed"}
    addenda = [order[row["code"]] for row in changes if row["kind"] == "addendum"]
    since = {code for code, number in order.items() if number > max(addenda, default=0)}
    found = []
    for row in lines:
        own = [one for one in entries if one["line"] == row["code"]]
        peers = {one["code"] for one in lines if one["heading"] == row["heading"] != ""}
        plan = [one for one in entries if one["kind"] == "planned"]
        whole = [one for one in plan if one["line"] in peers]
        was = total([one for one in whole if one["change"] not in since])
        moved = abs(total(whole) - was)
        card = [one for one in rates if one["kind"] == row["priced_by"]]
        planned = [one for one in plan if one["line"] == row["code"]]
        spent = [one for one in own if one["kind"] == "spent"]
        tenth = Decimal("0.1")
        drift = (100 * moved / was).quantize(tenth, ROUND_HALF_UP) if was else ""
        found.append(
            {
                "code": row["code"], "cost_basis": row["cost_basis"],
                "priced_by": row["priced_by"],
                "original": total([one for one in planned if not one["change"]]),
                "signed": total([one for one in planned if one["change"] not in since]),
                "planned": total(planned), "spent": total(spent),
                "balance": total(planned) - total(spent),
                "units_planned": total(planned, "units"), "units_spent": total(spent, "units"),
                "unit_rate": ends(own, "unit_rate"), "card": ends(card, "amount"),
                "heading_drift": drift,
                "beyond_limit": "yes" if moved * 100 > int(rules["reallocation_limit"]) * was
                else "no",
                "reallocation_limit": rules["reallocation_limit"],
            }
        )  # fmt: skip
    return found


def told(project: Project) -> list[dict[str, Any]]:
    """The extract in the same shape."""
    money = ("original", "signed", "planned", "spent", "balance", "units_planned", "units_spent")
    found = []
    for row in table("budget_vs_actual", project):
        names = ("code", "cost_basis", "priced_by", "beyond_limit", "reallocation_limit")
        drift = row["heading_drift"]
        cells: dict[str, Any] = {name: row[name] for name in names}
        cells |= {name: Decimal(row[name] or 0) for name in money}
        cells["unit_rate"] = [row["unit_rate_lowest"], row["unit_rate_highest"]]
        cells["card"] = [row["card_lowest"], row["card_highest"]]
        cells["heading_drift"] = Decimal(drift) if drift else ""
        found.append(cells)
    return found


def test_each_cell_is_counted_again_from_the_other_files(project: Project) -> None:
    found = told(project)

    assert found == counted(project)
    assert [(row["code"], row["signed"], row["heading_drift"]) for row in found] == [
        ("B1", 66000, Decimal("3.3")), ("B2", 5000, Decimal("3.3")),
        ("B3", 69000, Decimal("3.4")), ("B4", 0, ""), ("B5", 10, ""),
    ]  # fmt: skip
    assert [(row["unit_rate"], row["card"]) for row in found[:2]] == [
        (["350", "420"], ["350", "450"]), (["2500", "2500"], ["", ""]),
    ]  # fmt: skip
    assert (found[0]["units_planned"], found[0]["units_spent"]) == (100, Decimal("17.5"))


def test_the_drift_is_that_of_the_screens_and_the_public_page(project: Project) -> None:
    pure = {drift.code: drift for drift in live_reallocation.of_project(project)}
    rows = table("budget_vs_actual", project)

    assert {row["heading"]: row["heading_drift"] for row in rows if row["heading_drift"]} == {
        code: str(drift.percent) for code, drift in pure.items()
    }
    for code, drift in pure.items():
        own = [row for row in rows if row["heading"] == code]
        assert (total(own, "signed"), total(own, "planned")) == (drift.signed, drift.amended)
        assert {row["beyond_limit"] for row in own} == {"no"}


def test_beyond_is_told_exactly_and_an_unknown_limit_is_never_passed(project: Project) -> None:
    def beyond(limit: int | None) -> str:
        Ruleset.objects.update(reallocation_limit=limit)
        rows = table("budget_vs_actual", project)
        pure = {drift.code for drift in live_reallocation.of_project(project) if drift.beyond}
        assert {row["heading"] for row in rows if row["beyond_limit"] == "yes"} == pure
        return " ".join(row["beyond_limit"] for row in rows)

    assert beyond(3) == "yes yes yes no no"
    assert beyond(4) == "no no no no no"
    assert beyond(None) == "no no no no no"
