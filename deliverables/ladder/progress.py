"""How far the results are: counts by rung and the shares made of them. Pure.

Definitions and worked examples: docs/arithmetic.md.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from deliverables.fields import dates
from deliverables.ladder.status import CLOSED, DONE, Rung, at_least

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: results accepted, euro spent."""

    part: Decimal | int
    whole: Decimal | int

    @property
    def percent(self) -> Decimal | None:
        """Per cent, half up to one decimal. None when nothing was planned: that is not 0 %."""
        if not self.whole:
            return None
        return (Decimal(100) * self.part / self.whole).quantize(TENTH, ROUND_HALF_UP)

    @property
    def complete(self) -> bool:
        """All of it, told from the numbers and never from a rounded 100.0."""
        return bool(self.whole) and self.part >= self.whole


def elapsed(start: str, end: str, on: dt.date) -> Share | None:
    """Days begun of the days of a period, both ends counted; None where an end is not stated.

    A month or year begins with its first day and ends with its last. Time stops at the end.
    """
    if not start or not end or dates.last(end) < dates.first(start):
        return None
    first, last = dates.first(start), dates.last(end)
    whole = (last - first).days + 1
    return Share(min(max((on - first).days + 1, 0), whole), whole)


def count(deliverables: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Results in force (active, not dropped) and how many reached each rung.

    `delivered`, `documented`, `accepted` and `confirmed` count that rung or a higher one.
    """
    active = [row["rung"] for row in deliverables if row["active"]]
    by_rung = {rung.value: active.count(rung.value) for rung in Rung}
    return {
        "whole": len(active) - by_rung[Rung.DROPPED],
        "by_rung": by_rung,
        **{
            rung.value: sum(by_rung[higher] for higher in at_least(rung))
            for rung in at_least(Rung.DELIVERED)
        },
        "dropped": by_rung[Rung.DROPPED],
    }


@dataclass(frozen=True, slots=True)
class Timing:
    """Whether a deliverable is late on a day, against the original and the current due date.

    Days are counted from the last day that the due date may mean; 0 or less is not late; None
    where there is no due date, or it is done on a day that is not stated.
    """

    state: str
    days_original: int | None
    days_current: int | None


def timing(row: Mapping[str, Any], on: dt.date) -> Timing:
    """`state` is not_planned, closed, open, late, on_time, done_late or done (day not stated)."""
    original = row["due_original"]
    current = row["due_current"] or original
    if row["rung"] in CLOSED:
        return Timing("closed", None, None)
    done = row["rung"] in DONE
    if done and not row["delivered_on"]:
        return Timing("done", None, None)
    if not current:
        return Timing("not_planned", None, None)
    day = dates.first(row["delivered_on"]) if done else on
    late = (day - dates.last(current)).days
    late_original = (day - dates.last(original)).days if original else None
    in_time, too_late = ("on_time", "done_late") if done else ("open", "late")
    return Timing(too_late if late > 0 else in_time, late_original, late)


@dataclass(frozen=True, slots=True)
class Slippage:
    """Days between due and done: of how many results, the median and the most."""

    of: int
    median: Decimal
    most: int


def slippage(timings: Iterable[Timing], against: str) -> Slippage | None:
    """Against the `original` or the `current` due dates; None where there is nothing to measure.

    A result counts once it is done, or as soon as it is late: what is not due yet slips by
    nothing. Early ones count with days below zero.
    """
    days = [
        late
        for timing in timings
        if (late := getattr(timing, f"days_{against}")) is not None
        and (timing.state in ("on_time", "done_late") or late > 0)
    ]
    if not days:
        return None
    median = Decimal(str(statistics.median(days))).quantize(TENTH)
    return Slippage(len(days), median, max(days))


def in_time(known: Iterable[tuple[str, Timing]]) -> Share:
    """Of the results that are done and had an original due date, those not late against it.

    Each is its rung and timing. What is delivered in part is in the whole, and never in time.
    """
    done = [
        (rung, timing.days_original)
        for rung, timing in known
        if timing.state in ("on_time", "done_late") and timing.days_original is not None
    ]
    kept = sum(days <= 0 for rung, days in done if rung != Rung.PARTIALLY_DELIVERED)
    return Share(kept, len(done))


def cumulated(values: Iterable[str]) -> list[tuple[dt.date, int]]:
    """How many dates have come by a day, at each day on which the number grows.

    A month or year has come with its last day; "" never comes.
    """
    days = sorted(dates.last(value) for value in values if value)
    numbers: dict[dt.date, int] = {}
    for number, day in enumerate(days, 1):
        numbers[day] = number
    return list(numbers.items())
