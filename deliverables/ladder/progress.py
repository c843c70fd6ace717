"""How far the results are: counts by rung and the shares made of them. Pure.

Definitions and worked examples: docs/arithmetic.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from deliverables.fields import dates
from deliverables.fields.shares import Share
from deliverables.ladder.status import Rung, at_least


def elapsed(start: str, end: str, on: dt.date) -> Share | None:
    """Days begun of the days of a period, both ends counted; None where an end is not stated.

    A month or year begins with its first day and ends with its last. Time stops at the end.
    """
    if not start or not end or dates.last(end) < dates.first(start):
        return None
    first, last = dates.first(start), dates.last(end)
    whole = (last - first).days + 1
    return Share(min(max((on - first).days + 1, 0), whole), whole)


class Counts(TypedDict):
    """Results in force, how many are on each rung, and how many reached one or a higher one."""

    whole: int
    by_rung: dict[str, int]
    delivered: int
    documented: int
    accepted: int
    confirmed: int
    dropped: int


def count(deliverables: Iterable[Mapping[str, Any]]) -> Counts:
    """Results in force (active, not dropped) and how many reached each rung.

    `delivered`, `documented`, `accepted` and `confirmed` count that rung or a higher one.
    """
    active = [row["rung"] for row in deliverables if row["active"]]
    by_rung = {rung.value: active.count(rung.value) for rung in Rung}

    def reached(rung: Rung) -> int:
        return sum(by_rung[higher] for higher in at_least(rung))

    return {
        "whole": len(active) - by_rung[Rung.DROPPED],
        "by_rung": by_rung,
        "delivered": reached(Rung.DELIVERED),
        "documented": reached(Rung.DOCUMENTED),
        "accepted": reached(Rung.ACCEPTED),
        "confirmed": reached(Rung.CONFIRMED),
        "dropped": by_rung[Rung.DROPPED],
    }


def cumulated(values: Iterable[str]) -> list[tuple[dt.date, int]]:
    """How many dates have come by a day, at each day on which the number grows.

    A month or year has come with its last day; "" never comes.
    """
    days = sorted(dates.last(value) for value in values if value)
    numbers: dict[dt.date, int] = {}
    for number, day in enumerate(days, 1):
        numbers[day] = number
    return list(numbers.items())
