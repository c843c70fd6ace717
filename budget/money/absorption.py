"""Absorption: what was spent of what was planned, and its range where amounts are rounded. Pure.

Definition and worked examples: docs/arithmetic.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypedDict, TypeVar

from deliverables.fields import dates
from deliverables.fields.shares import Share

CURRENCY = "EUR"
Entry = TypeVar("Entry", bound=Mapping[str, Any])


def counting(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that no other one corrects."""
    kept = list(entries)
    corrected = {(row["line"], row["corrects"]) for row in kept if row["corrects"]}
    return [row for row in kept if (row["line"], row["code"]) not in corrected]


def _sum(entries: list[Mapping[str, Any]], kind: str) -> tuple[Decimal, Decimal] | None:
    """The sum and half of its roundings; None where there is no entry, which is not zero."""
    rows = [row for row in entries if row["kind"] == kind]
    if not rows:
        return None
    slack = sum((Decimal(row["rounded_to"] or 0) for row in rows), Decimal(0)) / 2
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0)), slack


def _text(value: Decimal | None, places: str = "0.01") -> str | None:
    return None if value is None else str(value.quantize(Decimal(places)))


class Absorption(TypedDict):
    """Sums of a budget or a part of it in EUR and shares in per cent, as text."""

    currency: str
    planned: str | None
    original: str | None
    committed: str | None
    forecast: str | None
    spent: str | None
    left: str | None
    percent: str | None
    percent_low: str | None
    percent_high: str | None
    rounded_to: str | None


def absorb(entries: Iterable[Mapping[str, Any]]) -> Absorption:
    """Planned, spent and left in EUR, absorption in per cent, all as text; None where not stated.

    `planned` is as amended, `original` without what contract changes moved; `committed` and
    `forecast` stand beside what was spent and are no part of it.

    `percent_low` and `percent_high` bound the absorption where an amount was published rounded:
    the smallest spending over the largest plan, and the reverse.
    """
    rows = counting(entries)
    planned, spent = _sum(rows, "planned"), _sum(rows, "spent")
    low = high = percent = left = None
    if planned and spent:
        (plan, plan_slack), (cost, cost_slack) = planned, spent
        percent, left = Share(cost, plan).percent, plan - cost
        if (plan_slack or cost_slack) and plan > plan_slack:
            low = Share(cost - cost_slack, plan + plan_slack).percent
            high = Share(cost + cost_slack, plan - plan_slack).percent
    first = _sum([row for row in rows if not row["change"]], "planned")
    committed, forecast = _sum(rows, "committed"), _sum(rows, "forecast")
    roundings = [Decimal(row["rounded_to"]) for row in rows if row["rounded_to"]]
    return {
        "currency": CURRENCY,
        "planned": _text(planned[0] if planned else None),
        "original": _text(first[0] if first else None),
        "committed": _text(committed[0] if committed else None),
        "forecast": _text(forecast[0] if forecast else None),
        "spent": _text(spent[0] if spent else None),
        "left": _text(left),
        "percent": _text(percent, "0.1"),
        "percent_low": _text(low, "0.1"),
        "percent_high": _text(high, "0.1"),
        "rounded_to": _text(max(roundings, default=None)),
    }


def reported_to(entries: Iterable[Mapping[str, Any]], on: dt.date) -> dt.date | None:
    """The last day of which spending is reported, at most `on`; None where no entry has a date."""
    spent = [row["on"] for row in counting(entries) if row["kind"] == "spent" and row["on"]]
    return min(on, max(map(dates.last, spent))) if spent else None


def left_between(entries: Iterable[Mapping[str, Any]]) -> tuple[str, str] | None:
    """The least and the most that may be left, where amounts are rounded; else None."""
    rows = counting(entries)
    planned, spent = _sum(rows, "planned"), _sum(rows, "spent")
    if not planned or not spent or not (slack := planned[1] + spent[1]):
        return None
    left = planned[0] - spent[0]
    return str(left - slack), str(left + slack)


def absorb_part(entries: Iterable[Mapping[str, Any]], whole: Absorption) -> Absorption:
    """The same of a part of a budget whose spending is known: what is left adds up to the whole.

    `whole` is what `absorb` says of all entries. Where it knows what is left, a part without an
    entry of spending has spent nothing yet, and one without a plan had nothing to spend.
    """
    figures = absorb(entries)
    given = (figures["planned"], figures["spent"])
    if whole["left"] is not None and given != (None, None):
        planned, spent = (Decimal(amount or 0) for amount in given)
        percent = Share(spent, planned).percent
        figures |= {
            "spent": _text(spent),
            "left": _text(planned - spent),
            "percent": _text(percent, "0.1"),
        }
    return figures
