"""Budget arithmetic against a naive recomputation, for thousands of random budgets, and the
database against the arithmetic."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budget.money.absorption import absorb, counting
from budget.money.breakdown import BY, breakdown
from budget.money.models import ContractChange, Entry, Heading, Line
from budget.money.reallocation import drifts
from deliverables.projects.models import Project
from tests.make import make_project, make_ruleset
from tests.volume import volume

pytestmark = pytest.mark.slow("many examples")
KINDS = ("planned", "committed", "spent", "forecast")
DATES = ("", "2026", "2026-02", "2026-05-31", "2026-09", "2027-01-01")
CENTS = st.integers(0, 99_999_999).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
Budget = dict[str, list[dict[str, Any]]]


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """Lines under headings, entries of all kinds, some corrected, and signed changes."""
    headings = [{"code": f"H{n}"} for n in range(draw(st.integers(1, 3)))]
    lines = [
        {
            "code": f"B{n}",
            "heading": draw(st.sampled_from(["", *(row["code"] for row in headings)])),
            "component": draw(st.sampled_from(["", 0, 1])),
            "partner": draw(st.sampled_from(["", "P1"])),
        }
        for n in range(draw(st.integers(1, 4)))
    ]
    changes = [
        {"code": f"C{n}", "state": "signed",
         "kind": draw(st.sampled_from(["side_letter", "side_letter", "addendum"]))}
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    entries: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 25))):
        row: dict[str, Any] = {
            "line": draw(st.sampled_from(lines))["code"], "code": f"N{number}",
            "kind": draw(st.sampled_from(KINDS)), "amount": draw(CENTS), "rounded_to": None,
            "on": draw(st.sampled_from(DATES)), "corrects": "", "change": "",
        }  # fmt: skip
        same = [
            old for old in entries
            if (old["line"], old["kind"], old["change"]) == (row["line"], row["kind"], "")
            and old["code"] not in {one["corrects"] for one in entries}
        ]  # fmt: skip
        if changes and row["kind"] == "planned" and draw(st.booleans()):
            row["change"] = draw(st.sampled_from(changes))["code"]
            row["amount"] = draw(st.sampled_from(["", "-"])) + row["amount"]
        elif draw(st.booleans()) and same:
            row["corrects"] = draw(st.sampled_from(same))["code"]
        entries.append(row)
    return {"headings": headings, "lines": lines, "entries": entries, "changes": changes}


def naive(entries: list[dict[str, Any]], kind: str) -> Decimal | None:
    """One entry after another, a corrected one taken out again."""
    total, seen = Decimal(0), False
    for row in entries:
        if row["kind"] != kind:
            continue
        if any(o["corrects"] == row["code"] and o["line"] == row["line"] for o in entries):
            continue
        total, seen = total + Decimal(row["amount"]), True
    return total if seen else None


def text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


@settings(max_examples=volume(2000))
@given(budgets())
def test_the_sums_of_a_budget_are_those_of_its_entries(budget: Budget) -> None:
    entries = budget["entries"]
    told: dict[str, Any] = {**absorb(entries)}

    for kind in KINDS:
        assert told[kind] == text(naive(entries, kind))
    first = [row for row in entries if not row["change"]]
    assert told["original"] == text(naive(first, "planned"))
    if told["percent"] is not None:
        planned, spent = Decimal(told["planned"]), Decimal(told["spent"])
        assert Decimal(told["left"]) == planned - spent
        assert (spent <= planned) == (Decimal(told["left"]) >= 0)


@settings(max_examples=volume(2000))
@given(budgets())
def test_each_side_of_the_budget_adds_up_to_the_whole(budget: Budget) -> None:
    whole: dict[str, Any] = {**absorb(budget["entries"])}

    for by in BY:
        groups = breakdown(budget["lines"], budget["entries"], by)
        parts: list[dict[str, Any]] = [{**total} for _key, total in groups]
        for kind in (*KINDS, "original"):
            amounts = [Decimal(part[kind]) for part in parts if part[kind] is not None]
            assert sum(amounts) == Decimal(whole[kind] or 0)
        if by == "quarter":  # where nobody reported, nothing is known of what was spent
            unreported = [part for key, part in groups if key and part["spent"] is None]
            assert all((part["left"], part["percent"]) == (None, None) for part in unreported)
            parts = [part for part in parts if part not in unreported]
        elif whole["left"] is not None:
            left = [Decimal(part["left"]) for part in parts if part["left"] is not None]
            assert sum(left) == Decimal(whole["left"])
        if whole["left"] is not None:
            assert all(part["spent"] is not None for part in parts if part["planned"] is not None)


@settings(max_examples=volume(2000))
@given(budgets(), st.integers(1, 100))
def test_reallocation_is_what_side_letters_moved_since_the_last_addendum(
    budget: Budget, limit: int
) -> None:
    rules = {"reallocation_limit": limit, "reallocation_warning": 80}
    found = drifts(budget["headings"], budget["lines"], budget["entries"], budget["changes"], rules)

    kinds = [change["kind"] for change in budget["changes"]]
    last = max((n for n, kind in enumerate(kinds) if kind == "addendum"), default=-1)
    since = {change["code"] for change in budget["changes"][last + 1 :]}
    for one in found:
        own = {line["code"] for line in budget["lines"] if line["heading"] == one.code}
        moved = Decimal(0)
        for row in counting(budget["entries"]):
            if row["line"] in own and row["change"] in since:
                moved += Decimal(row["amount"])
        assert one.amended - one.signed == moved
        assert one.beyond == (abs(moved) * 100 > limit * one.signed)
        assert not (one.near and one.beyond)
    with_plan = {
        line["heading"] for line in budget["lines"]
        for row in counting(budget["entries"])
        if row["line"] == line["code"] and row["kind"] == "planned"
    }  # fmt: skip
    assert {one.code for one in found} == with_plan - {""}


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
@settings(max_examples=volume(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(budgets(), min_size=2, max_size=2), st.none() | st.integers(1, 100))
def test_the_database_tells_the_same_of_a_heading(both: list[Budget], limit: int | None) -> None:
    """`with_drift` beside `drifts`, of two projects whose rows have the same codes."""
    with transaction.atomic():
        projects = [book(budget, f"p{n}", limit) for n, budget in enumerate(both)]
        lines = Line.objects.with_sums().with_drift().select_related("heading")
        asked: Any = [list(lines.filter(project=project)) for project in projects]
        transaction.set_rollback(True)

    rules = {"reallocation_limit": limit, "reallocation_warning": 80}
    for budget, found in zip(both, asked, strict=True):
        parts = (budget["headings"], budget["lines"], budget["entries"], budget["changes"])
        pure = {heading.code: heading for heading in drifts(*parts, rules)}
        for line in found:
            told = line.heading_amended, line.heading_signed, line.heading_drift, line.beyond_limit
            heading = pure.get(line.heading.code) if line.heading else None
            assert told == (
                (heading.amended, heading.signed, heading.percent, heading.beyond)
                if heading
                else (None, None, None, False)
            )
        for code, heading in pure.items():
            own = (line.signed for line in found if line.heading and line.heading.code == code)
            assert sum(own) == heading.signed


def book(budget: Budget, slug: str, limit: int | None) -> Project:
    """The rows of a budget."""
    project = make_project(slug=slug, reference=slug, publishing="by_hand")
    make_ruleset(project, reallocation_limit=limit)
    both: Any = {"title_lv": "x", "title_en": "x"}
    headings: Any = {
        row["code"]: Heading(project=project, code=row["code"], **both)
        for row in budget["headings"]
    }  # fmt: skip
    lines: Any = {
        row["code"]: Line(project=project, code=row["code"], heading=headings.get(row["heading"]),
                          **both)
        for row in budget["lines"]
    }  # fmt: skip
    changes: Any = {
        row["code"]: ContractChange(
            project=project, code=row["code"], kind=row["kind"], state="signed", number=number,
            signed_on="2026-05-04", reason_lv="x", reason_en="x",
        )
        for number, row in enumerate(budget["changes"], 1)
    }  # fmt: skip
    for model, rows in ((Heading, headings), (Line, lines), (ContractChange, changes)):
        model._default_manager.bulk_create(rows.values())
    entries: dict[str, Entry] = {}
    for row in budget["entries"]:
        entries[row["code"]] = Entry.objects.create(
            line=lines[row["line"]], code=row["code"], kind=row["kind"], amount=row["amount"],
            change=changes.get(row["change"]), corrects=entries.get(row["corrects"]),
            note_lv="x", note_en="x",
        )  # fmt: skip
    return project
