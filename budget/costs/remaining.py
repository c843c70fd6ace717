"""What a mission would leave of its activity's days and of the money for days, as sentences."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import DateField, F, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.rows.refused import Refused
from budget.contract.models import DayRate, RateKind
from budget.costs import unit_costs
from budget.costs.querysets import by_the_card
from budget.money.amounts import eur
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from experts.missions.envelope import days_left

Wanted = list[tuple[int, str]]  # days and class of each expert


def would_leave(activity: Activity, wanted: Wanted, on: dt.date) -> tuple[list[str], bool]:
    """Sentences, and whether the days or the money do not suffice."""
    asked = sum(days for days, _grade in wanted)
    try:
        left = days_left(activity)
    except Refused as refused:
        return [str(refused)], True
    names = {"activity": activity.code, "left": left, "asked": asked, "after": left - asked}
    if asked > left:
        sentence = ngettext(
            "Activity %(activity)s has %(left)s day left, and this mission asks for %(asked)s: "
            "too many to be approved.",
            "Activity %(activity)s has %(left)s days left, and this mission asks for %(asked)s: "
            "too many to be approved.",
            left,
        )
    else:
        sentence = ngettext(
            "Activity %(activity)s has %(left)s day left; this mission asks for %(asked)s, so "
            "%(after)s would be left.",
            "Activity %(activity)s has %(left)s days left; this mission asks for %(asked)s, so "
            "%(after)s would be left.",
            left,
        )
    money, dear = _money(activity, wanted, on)
    return [sentence % names, *money], asked > left or dear


def _money(activity: Activity, wanted: Wanted, on: dt.date) -> tuple[list[str], bool]:
    """By the card on the first day; nothing where a class has no daily fee."""
    cards = {
        grade: rates_of_a_day(activity.project_id, grade, on)
        for grade in {grade for _days, grade in wanted}
    }
    rates = [(days, cards[grade]) for days, grade in wanted]
    priced = [(days, card) for days, card in rates if days and card]
    if not priced or len(priced) < sum(1 for days, _grade in wanted if days):
        return [], False
    whole = sum((days * amount for days, card in priced for amount in card.values()), Decimal(0))
    sentences = [_("By the rate card that is %(euro)s EUR.") % {"euro": eur(whole)}]
    left = unit_costs.left_for(activity)
    costs = {
        kind: sum((days * card.get(kind, Decimal(0)) for days, card in priced), Decimal(0))
        for kind in left
    }
    short = [kind for kind in left if costs[kind] > left[kind]]
    for kind in short:
        sentence = _(
            "The budget lines of “%(kind)s” have %(left)s EUR left, and it takes %(cost)s EUR of "
            "them: more than there is."
        )
        named = {"kind": RateKind(kind).label, "left": eur(left[kind]), "cost": eur(costs[kind])}
        sentences.append(sentence % named)
    if left and not short:
        whole, cost = sum(left.values(), Decimal(0)), sum(costs.values(), Decimal(0))
        sentence = _(
            "The budget lines for days have %(left)s EUR left; it takes %(cost)s EUR of them, so "
            "%(after)s EUR would be left."
        )
        named = {"left": eur(whole), "cost": eur(cost), "after": eur(whole - cost)}
        sentences.append(sentence % named)
    return sentences, bool(short)


def rates_of_a_day(project: int, grade: str, on: dt.date) -> dict[str, Decimal]:
    """EUR of one day by kind, by budget.costs.querysets.by_the_card; empty without a fee."""
    day = Project.objects.filter(pk=project).annotate(
        project=F("pk"), grade=Value(grade), on=Value(on, output_field=DateField())
    )
    card = by_the_card(day, "on").values(*DayRate.values).get()
    if card[DayRate.FEE] is None:
        return {}
    return {kind: card[kind] or unit_costs.NOTHING for kind in DayRate.values}
