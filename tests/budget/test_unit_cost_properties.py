"""What days cost, and what lines that the rate card pays have left, beside a count day by day."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.contract.models import Rate
from budget.costs import remaining, unit_costs
from budget.costs.querysets import by_the_card, with_cost
from deliverables.plan.models import Activity
from experts.missions.models import ExpertDay, MissionExpert
from tests.budget import cards
from tests.budget.cards import CENTS, DAYS, Budget, budgets, of_a_day
from tests.experts.worlds import GRADES, MANY, batches
from tests.volume import volume

pytestmark = pytest.mark.slow("many examples")
ACCEPTED = ("accepted", "claimed", "settled")
JULY = dt.date(2026, 7, 1)
Costs = dict[tuple[int, int, dt.date, str], Decimal | None]


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
@MANY
@given(batches(budgets()), cards.RATES)
def test_a_day_costs_by_the_rates_of_its_day_and_rates_from_july_leave_june(
    drawn: list[Budget], later: cards.Rates
) -> None:
    """2,000 rate cards, to which rates from 1 July come."""
    new = cards.of({(rated, JULY): amount for (rated, _on), amount in later.items()})
    old = [[row for row in one.card if row.from_on < JULY] for one in drawn]
    before = [Budget(one.world, card, []) for one, card in zip(drawn, old, strict=True)]
    with cards.booked(before) as projects:
        first = costs()
        Rate.objects.bulk_create(row for one in projects for row in cards.rates(new, one.pk))
        then = costs()
        told = [remaining.rates_of_a_day(one.pk, "1", JULY) for one in projects]

    assert first == naive(before)
    assert then == naive([Budget(one.world, one.card + new, []) for one in before])
    assert in_june(then) == in_june(first)
    assert told == [of_a_day(card + new, "1", JULY) for card in old]  # of the form: the same


def costs() -> Costs:
    """What the database says, EUR: days of time sheets, and terms by their mission's first day."""
    days = with_cost(ExpertDay.objects.filter(kind="country"))
    found = {(row.project_id, row.expert_id, row.on, ""): row.cost for row in days}
    goers = by_the_card(MissionExpert.objects.select_related("mission"), "mission__from_on")
    for row in goers:
        key = (row.project_id, row.expert_id, row.mission.from_on, row.mission.code)
        parts = [part for part in (row.fee, row.support, row.per_diem) if part is not None]
        found[key] = None if row.fee is None else sum(parts, Decimal(0))
    return found


def naive(budgets: list[Budget]) -> Costs:
    found: Costs = {}
    for number, budget in enumerate(budgets, 1):
        for n, trip in enumerate(budget.world.trips):
            for goer in trip.goers:
                days = [*((day, "") for day in goer.worked), (trip.from_on, f"M{n}")]
                for day, code in days:
                    cost = of_a_day(budget.card, goer.grade, day)
                    key = (number, 10 * number + goer.expert, day, code)
                    found[key] = sum(cost.values(), Decimal(0)) if cost else None
    return found


def in_june(found: Costs) -> Costs:
    return {key: cost for key, cost in found.items() if key[2] < JULY}


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
@MANY
@given(batches(st.tuples(budgets(), st.none() | DAYS)))
def test_a_line_is_owed_what_accepted_days_cost_and_has_left_what_no_day_takes(
    drawn: list[tuple[Budget, dt.date | None]],
) -> None:
    """2,000 projects: in full or until a day, and what is left for the first activity of each."""
    with cards.booked([budget for budget, _until in drawn]) as projects:
        found = [
            unit_costs.of_project(project, until=until)
            for project, (_budget, until) in zip(projects, drawn, strict=True)
        ]
        rest = [unit_costs.left_for(Activity.objects.get(pk=1000 * one.pk)) for one in projects]

    for told, (budget, until) in zip(found, drawn, strict=True):
        shown = [(one.line.code, one.due, one.days, one.missing) for one in told]
        assert shown == owed(budget, until)
    assert rest == [left(budget) for budget, _until in drawn]


def owed(budget: Budget, until: dt.date | None) -> list[tuple[str, Decimal, int, Decimal]]:
    """Until a day never more is missing than is missing in all."""
    days, found = cards.worked(budget, ACCEPTED), []
    for number, line in enumerate(budget.lines):
        if not line.priced_by:
            continue
        due, count = cards.due(line, days)
        missing = due - line.sum("spent")
        if until:
            due, count = cards.due(line, days, until)
            missing = min(missing, due - line.sum("spent", until))
        found.append((f"B{number}", due, count, missing))
    return found


def left(budget: Budget) -> dict[str, Decimal]:
    """By the kind of rate, once the days of time sheets and of approved terms are paid."""
    taken = cards.worked(budget, ("reported", *ACCEPTED)) + cards.promised(budget)
    found: dict[str, Decimal] = {}
    for line in budget.lines:
        if line.priced_by and line.component in (None, budget.world.activities[0]):
            here = line.sum("planned") - cards.due(line, taken)[0]
            found[line.priced_by] = found.get(line.priced_by, Decimal(0)) + here
    return found


SIGNED = CENTS | CENTS.map(lambda amount: -amount)
WANTED = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(GRADES)), max_size=3)


@settings(max_examples=volume(2000))
@given(cards.RATES, DAYS, WANTED, st.integers(-3, 20), st.dictionaries(cards.PAID, SIGNED))
def test_a_mission_takes_its_days_and_its_money_from_what_is_left_or_it_is_told(
    rates: cards.Rates,
    on: dt.date,
    wanted: list[tuple[int, str]],
    days: int,
    left: dict[str, Decimal],
) -> None:
    card = cards.of(rates)
    with (
        mock.patch.object(remaining, "days_left", return_value=days),
        mock.patch.object(
            remaining, "rates_of_a_day", lambda _project, grade, day: of_a_day(card, grade, day)
        ),
        mock.patch.object(unit_costs, "left_for", return_value=left),
    ):
        (first, *rest), flagged = remaining.would_leave(
            Activity(code="A1", project_id=1), wanted, on
        )

    asked = sum(number for number, _grade in wanted)
    assert f"has {days} {'day' if days == 1 else 'days'} left" in first
    assert f"asks for {asked}" in first
    money, short = naive_money(wanted, [of_a_day(card, grade, on) for _n, grade in wanted], left)
    assert [amounts(sentence) for sentence in rest] == money
    assert flagged == (asked > days or short)


def amounts(sentence: str) -> list[Decimal]:
    found = re.findall(r"-?[\d,]+\.\d\d", sentence)
    return [Decimal(text.replace(",", "")) for text in found]


def naive_money(
    wanted: list[tuple[int, str]], costs: list[dict[str, Decimal]], left: dict[str, Decimal]
) -> tuple[list[list[Decimal]], bool]:
    """Expert after expert; nothing is told where somebody's days have no fee."""
    whole, parts, somebody = Decimal(0), dict.fromkeys(left, Decimal(0)), False
    for (days, _grade), cost in zip(wanted, costs, strict=True):
        if not days:
            continue
        if not cost:
            return [], False
        somebody = True
        for kind, euro in cost.items():
            whole += days * euro
            if kind in parts:
                parts[kind] += days * euro
    if not somebody:
        return [], False
    short = [[left[kind], parts[kind]] for kind in left if parts[kind] > left[kind]]
    if short or not left:
        return [[whole], *short], bool(short)
    all_left, all_parts = sum(left.values(), Decimal(0)), sum(parts.values(), Decimal(0))
    return [[whole], [all_left, all_parts, all_left - all_parts]], False
