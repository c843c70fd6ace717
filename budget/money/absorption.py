"""Absorption: what was spent of what was planned, and its range where amounts are rounded. Pure.

Definition and worked examples: docs/arithmetic.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from deliverables.fields.shares import Share

CURRENCY = "EUR"


def counting(entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
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


def absorb(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
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
    beside = {kind: _sum(rows, kind) for kind in ("committed", "forecast")}
    roundings = [Decimal(row["rounded_to"]) for row in rows if row["rounded_to"]]
    return {
        "currency": CURRENCY,
        "planned": _text(planned[0] if planned else None),
        "original": _text(first[0] if first else None),
        **{kind: _text(total[0] if total else None) for kind, total in beside.items()},
        "spent": _text(spent[0] if spent else None),
        "left": _text(left),
        "percent": _text(percent, "0.1"),
        "percent_low": _text(low, "0.1"),
        "percent_high": _text(high, "0.1"),
        "rounded_to": _text(max(roundings, default=None)),
    }


def absorb_part(entries: Iterable[Mapping[str, Any]], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a part of a budget whose spending is known: what is left adds up to the whole.

    `whole` is what `absorb` says of all entries. Where it knows what is left, a part without an
    entry of spending has spent nothing yet, and one without a plan had nothing to spend.
    """
    figures = absorb(entries)
    amounts = [Decimal(figures[kind]) if figures[kind] else None for kind in ("planned", "spent")]
    if whole["left"] is not None and amounts != [None, None]:
        planned, spent = (amount or Decimal(0) for amount in amounts)
        percent = Share(spent, planned).percent
        figures |= {
            "spent": _text(spent),
            "left": _text(planned - spent),
            "percent": _text(percent, "0.1"),
        }
    return figures
