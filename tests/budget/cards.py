"""Random rate cards, lines and entries for a random world, and the plainest sums of them."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from budget.contract.models import Rate
from budget.money.models import Entry, Line
from deliverables.projects.models import Project
from experts.people.models import Partnership
from tests.experts.worlds import COMPONENTS, FIRST, GRADES, INSTITUTIONS, Trip, World, laid, worlds

CENTS = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
DAYS = st.integers(-3, 16).map(lambda n: FIRST + dt.timedelta(n))
DATES = ("", "2025", "2026", "2026-06", "2026-06-30", "2026-07", "2026-07-01")
PARTNERS = {1: "LV", 2: "EE", None: "LT"}  # the institution of each; one names its country only
KINDS = ("planned", "spent", "committed", "forecast")


@dataclass(frozen=True, slots=True)
class Price:
    """A rate of the card."""

    kind: str
    grade: str
    from_on: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sold:
    """A budget line; `partner` is a partner's institution, or "" where it names none."""

    priced_by: str
    component: int | None
    partner: int | None | str
    entries: list[Booked]

    def pays(self, component: int, institution: int | None) -> bool:
        if self.component is not None and self.component != component:
            return False
        return self.partner in ("", None) or self.partner == institution

    def sum(self, kind: str, until: dt.date | None = None) -> Decimal:
        """One entry after another, without those that a later one corrects."""
        total = Decimal(0)
        for number, entry in enumerate(self.entries):
            if entry.kind != kind or any(one.corrects == number for one in self.entries):
                continue
            if until is None or (entry.on and last(entry.on) <= until):
                total += entry.amount
        return total


@dataclass(frozen=True, slots=True)
class Booked:
    kind: str
    amount: Decimal
    on: str
    corrects: int | None  # the number of an earlier entry of the line


@dataclass(frozen=True, slots=True)
class Budget:
    world: World
    card: list[Price]
    lines: list[Sold]


def last(date: str) -> dt.date:
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


RATED = [*(("fee", grade) for grade in GRADES), ("support", ""), ("per_diem", ""), ("indirect", "")]
RATES = st.dictionaries(st.tuples(st.sampled_from(RATED), DAYS), CENTS, max_size=7)
Rates = dict[tuple[tuple[str, str], dt.date], Decimal]
PAID = st.sampled_from(["fee", "support", "per_diem"])
LINES = st.lists(
    st.tuples(
        PAID | st.just(""),
        st.sampled_from([None, *COMPONENTS]),
        st.sampled_from(["", *PARTNERS]),
        st.lists(
            st.tuples(st.sampled_from(KINDS), CENTS, st.sampled_from(DATES), st.booleans()),
            max_size=3,
        ),
    ),
    max_size=3,
)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """A rate card with daily fees by class and for all, and lines with their entries."""
    lines = [
        Sold(by, component, partner, _booked(rows)) for by, component, partner, rows in draw(LINES)
    ]
    return Budget(draw(worlds()), of(draw(RATES)), lines)


def of(rates: Rates) -> list[Price]:
    return [Price(kind, grade, day, amount) for ((kind, grade), day), amount in rates.items()]


def _booked(rows: list[Any]) -> list[Booked]:
    """A correction replaces the last entry of its kind that none replaced yet."""
    found: list[Booked] = []
    for kind, amount, on, corrects in rows:
        gone = {one.corrects for one in found}
        same = [n for n, one in enumerate(found) if one.kind == kind and n not in gone]
        found.append(Booked(kind, amount, on, same[-1] if corrects and same else None))
    return found


def of_a_day(rates: Iterable[Any], grade: str, on: dt.date) -> dict[str, Decimal]:
    """What a day costs by kind, EUR, by going through the card from its beginning."""
    found: dict[str, Decimal] = {}
    for own in ("", grade):  # the class of the expert goes before the rate for all
        for rate in sorted(rates, key=lambda rate: rate.from_on):
            if rate.grade == own and rate.from_on <= on:
                found[rate.kind] = rate.amount
    if "fee" not in found:
        return {}
    support = found["fee"] * found.get("support", Decimal(0)) / 100
    return {
        "fee": found["fee"],
        "support": support.quantize(Decimal("0.01"), ROUND_HALF_UP),
        "per_diem": found.get("per_diem", Decimal(0)),
    }


@dataclass(frozen=True, slots=True)
class Owed:
    """A day of somebody, or several by the terms: what it costs by kind."""

    component: int
    institution: int | None
    days: int
    on: dt.date
    cost: dict[str, Decimal]


def worked(budget: Budget, states: Iterable[str]) -> list[Owed]:
    """Day after day of the time sheets of missions in these states."""
    return [
        Owed(of, INSTITUTIONS[goer.expert], 1, day, of_a_day(budget.card, goer.grade, day))
        for of, trip in _trips(budget.world, states)
        for goer in trip.goers
        for day in goer.worked
    ]


def promised(budget: Budget) -> list[Owed]:
    """The days of the terms of missions that have no report, as on their first day."""
    found = []
    for of, trip in _trips(budget.world, ("approved", "confirmed", "done")):
        for goer in trip.goers:
            cost = of_a_day(budget.card, goer.grade, trip.from_on)
            whole = {kind: goer.days * amount for kind, amount in cost.items()}
            found.append(Owed(of, INSTITUTIONS[goer.expert], goer.days, trip.from_on, whole))
    return found


def _trips(world: World, states: Iterable[str]) -> list[tuple[int, Trip]]:
    return [(world.activities[t.activity], t) for t in world.trips if t.state in states]


def due(line: Sold, owed: Iterable[Owed], until: dt.date = dt.date.max) -> tuple[Decimal, int]:
    """What days come to on a line, EUR, and how many they are."""
    total, days = Decimal(0), 0
    for one in owed:
        if one.on <= until and line.pays(one.component, one.institution):
            total += one.cost.get(line.priced_by, Decimal(0))
            days += one.days
    return total, days


@contextmanager
def booked(budgets: list[Budget]) -> Iterator[list[Project]]:
    """The rows of worlds and of their budgets; lines are B0, B1, … in their order."""
    rows: dict[Any, list[Any]] = defaultdict(list)
    for number, budget in enumerate(budgets, 1):
        _book(budget, number, rows)
    with laid(*(budget.world for budget in budgets)) as projects:
        for model, found in rows.items():
            model.objects.bulk_create(found)
        yield projects


def _book(budget: Budget, number: int, rows: dict[Any, list[Any]]) -> None:
    first = 1000 * number
    own: dict[str, Any] = {"project_id": number}
    partners: dict[Any, Partnership | None] = {"": None}
    for n, (of, country) in enumerate(PARTNERS.items()):
        partners[of] = Partnership(
            id=first + n, code=f"P{n}", country=country, institution_id=of, role="junior", **own
        )
        rows[Partnership].append(partners[of])
    rows[Rate] += rates(budget.card, number)
    for n, line in enumerate(budget.lines):
        component = None if line.component is None else first + line.component
        rows[Line].append(
            Line(
                id=first + n, code=f"B{n}", title_lv="x", title_en="x", cost_basis="unit_cost",
                priced_by=line.priced_by, partner=partners[line.partner], component_id=component,
                **own,
            )
        )  # fmt: skip
        entry = first + 10 * n
        rows[Entry] += [
            Entry(
                id=entry + i, line_id=first + n, code=f"N{i}", kind=one.kind, amount=one.amount,
                on=one.on, note_lv="x", note_en="x",
                corrects_id=None if one.corrects is None else entry + one.corrects,
            )
            for i, one in enumerate(line.entries)
        ]  # fmt: skip


def rates(card: list[Price], project: int) -> list[Rate]:
    return [
        Rate(project_id=project, kind=one.kind, grade=one.grade, from_on=one.from_on,
             amount=one.amount)
        for one in card
    ]  # fmt: skip
