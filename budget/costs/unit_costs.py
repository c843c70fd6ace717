"""Budget lines that a rate pays, beside what expert-days come to by the rate card.

Where a unit cost is fixed by the contract, an auditor asks for proof that the day took place, not
for what it really cost (Annex A7): so the days are the origin of the amount, and a line that a rate
pays has to agree with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import ExpressionWrapper, F, Model, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy

from budget.contract.models import DayRate
from budget.costs.querysets import by_the_card, with_cost
from budget.money.models import Entry, EntryKind, Line
from budget.money.querysets import MONEY
from deliverables.fields import dates
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from experts.missions.models import ExpertDay, MissionExpert
from experts.missions.models.day import DayKind
from experts.missions.status import AGREED, COMMITTED, DELIVERED

NOTHING = Decimal("0.00")
COMPONENT, INSTITUTION = "mission__activity__component", "expert__institution"
PAID_TWICE = gettext_lazy(
    "Lines %(one)s and %(other)s are both paid by the rate “%(rate)s” for the same "
    "days. Give each a component or a partner of its own."
)


@dataclass(frozen=True, slots=True)
class PricedDays:
    """Days of one component and of the experts of one institution: what they come to, EUR."""

    component: int
    institution: int | None
    days: int
    sums: dict[str, Decimal]

    def is_paid_by(self, line: Line) -> bool:
        """A line without component or partner pays the days of all."""
        if line.component_id and line.component_id != self.component:
            return False
        partner = line.partner
        return not (partner and partner.institution_id) or (
            partner.institution_id == self.institution
        )


@dataclass(frozen=True, slots=True)
class UnitCost:
    """A line and what the days that it pays come to: EUR, and how many days.

    `missing` is what is not entered as spent yet; below zero where too much is.
    """

    line: Line
    due: Decimal
    days: int
    missing: Decimal


def pay_the_same(first: Line, second: Line) -> bool:
    """Whether one rate pays both lines for the same days: of a component, of an institution."""
    bodies = [line.partner.institution_id if line.partner else None for line in (first, second)]
    sides = ((first.component_id, second.component_id), bodies)
    alike = (None in side or side[0] == side[1] for side in sides)
    return first.priced_by == second.priced_by and all(alike)


def paid_lines(project: Project) -> list[Line]:
    """The lines that a rate pays, with their sums."""
    rows = Line.objects.filter(project=project).exclude(priced_by="")
    return list(rows.with_sums().select_related("partner", "project"))


def of_project(project: Project, until: dt.date | None = None) -> list[UnitCost]:
    """Each line that a rate pays, beside the days whose report is accepted.

    With `until`, what days and entries until then leave to be entered, and never more than what
    all days and all entries leave.
    """
    lines = paid_lines(project)
    if not lines:
        return []
    parts = _worked(project, AGREED)
    whole = []
    for line in lines:
        due, days = _due(line, parts)
        whole.append(UnitCost(line, due, days, due - line.spent))
    if until is None:
        return whole
    early, spent = _worked(project, AGREED, until), _spent(lines, until)
    by_then = []
    for cost in whole:
        due, days = _due(cost.line, early)
        missing = min(due - spent[cost.line.pk], cost.missing)
        by_then.append(UnitCost(cost.line, due, days, missing))
    return by_then


def _due(line: Line, parts: Iterable[PricedDays]) -> tuple[Decimal, int]:
    """What the days that the line pays come to, EUR, and how many they are."""
    mine = [part for part in parts if part.is_paid_by(line)]
    return sum((part.sums[line.priced_by] for part in mine), NOTHING), sum(p.days for p in mine)


def _spent(lines: Iterable[Line], until: dt.date) -> dict[int, Decimal]:
    """By line, what its entries that are dated until then come to."""
    spent = {line.pk: NOTHING for line in lines}
    entries = Entry.objects.counting().filter(line__in=spent, kind=EntryKind.SPENT)
    for line, on, amount in entries.values_list("line", "on", "amount"):
        if on and dates.last(on) <= until:
            spent[line] += amount
    return spent


def left_for(activity: Activity) -> dict[str, Decimal]:
    """What the lines that pay days of this activity have left once all approved missions are paid.

    EUR by the kind of rate that they pay: fees are not paid from the lines of support costs. A
    mission without report counts with the days of its terms by the rates of its first day.
    """
    lines = [
        line
        for line in paid_lines(activity.project)
        if line.component_id in (None, activity.component_id)
    ]
    if not lines:
        return {}
    parts = [*_worked(activity.project, DELIVERED), *_promised(activity.project)]
    left: dict[str, Decimal] = {}
    for line in lines:
        here = line.planned - _due(line, parts)[0]
        left[line.priced_by] = left.get(line.priced_by, NOTHING) + here
    return left


def _worked(
    project: Project, states: Iterable[str], until: dt.date | None = None
) -> list[PricedDays]:
    """Days on the time sheets of missions in these states."""
    days = ExpertDay.objects.filter(
        project=project, kind=DayKind.COUNTRY, mission__state__in=states
    )
    if until:
        days = days.filter(on__lte=until)
    return _parts(with_cost(days), Value(1))


def _promised(project: Project) -> list[PricedDays]:
    """Days of approved terms whose report is not in."""
    open_ones = [state for state in COMMITTED if state not in DELIVERED]
    goers = MissionExpert.objects.filter(project=project, mission__state__in=open_ones)
    return _parts(by_the_card(goers, "mission__from_on"), F("days"))


def _parts(rows: QuerySet[Model], times: Combinable) -> list[PricedDays]:
    """Rows with the rates of their day, each so many days, by component and institution."""
    sums = {
        f"sum_{kind}": Sum(ExpressionWrapper(F(kind) * times, output_field=MONEY))
        for kind in DayRate.values
    }
    grouped = rows.order_by().values(COMPONENT, INSTITUTION).annotate(number=Sum(times), **sums)
    return [
        PricedDays(
            row[COMPONENT],
            row[INSTITUTION],
            row["number"],
            {kind: row[f"sum_{kind}"] or NOTHING for kind in DayRate.values},
        )
        for row in grouped
    ]
