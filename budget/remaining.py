"""What a mission would leave of its activity's days, and what it costs, as sentences."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from budget.models import Rate
from deliverables.actions import Refused
from deliverables.models import Activity
from experts.actions import days_left


def told(activity: Activity, wanted: list[tuple[int, str]], on: dt.date) -> tuple[list[str], bool]:
    """Sentences, and whether the days do not suffice; `wanted` is days and class of each expert."""
    asked = sum(days for days, _grade in wanted)
    try:
        left = days_left(activity)
    except Refused as refused:
        return [str(refused)], True
    names = {"activity": activity.code, "left": left, "asked": asked, "after": left - asked}
    if asked > left:
        sentence = _(
            "Activity %(activity)s has %(left)s days left, and this mission asks for %(asked)s: "
            "too many to be approved."
        )
    else:
        sentence = _(
            "Activity %(activity)s has %(left)s days left; this mission asks for %(asked)s, so "
            "%(after)s would be left."
        )
    return [sentence % names, *_money(activity.project_id, wanted, on)], asked > left


def _money(project: int, wanted: list[tuple[int, str]], on: dt.date) -> list[str]:
    """By the card on the first day; nothing where a class has no daily fee."""
    costs = [(days, cost_of_a_day(project, grade, on)) for days, grade in wanted if days]
    if not costs or any(cost is None for _days, cost in costs):
        return []
    total = sum((days * (cost or Decimal(0)) for days, cost in costs), Decimal(0))
    euro = number_format(total, 2, use_l10n=True, force_grouping=True)
    return [_("By the rate card that is %(euro)s EUR.") % {"euro": euro}]


def cost_of_a_day(project: int, grade: str, on: dt.date) -> Decimal | None:
    """Fee, support and per diem of one day, as budget.querysets.with_cost computes it."""
    rows = Rate.objects.filter(Q(grade="") | Q(grade=grade), project=project, from_on__lte=on)
    newest: dict[str, Decimal] = {}
    for row in rows.order_by("-grade", "-from_on"):
        newest.setdefault(row.kind, row.amount)
    if "fee" not in newest:
        return None
    support = newest["fee"] * newest.get("support", Decimal(0)) / 100
    return (
        newest["fee"]
        + support.quantize(Decimal("0.01"), "ROUND_HALF_UP")
        + newest.get("per_diem", Decimal(0))
    )
