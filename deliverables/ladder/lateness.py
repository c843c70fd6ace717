"""When a result is late, against the first plan and against the present one. Pure."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from deliverables.fields import dates
from deliverables.fields.shares import TENTH, Share
from deliverables.ladder.status import CLOSED, OPEN


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
    """`state` is not_planned, closed, open, late, on_time, done_late or done (day not stated).

    What is delivered in part is open, and late, until the rest is delivered.
    """
    original = row["due_original"]
    current = row["due_current"] or original
    if row["rung"] in CLOSED:
        return Timing("closed", None, None)
    done = row["rung"] not in OPEN
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


def in_time(timings: Iterable[Timing]) -> Share:
    """Of the results that are done and had an original due date, those not late against it."""
    done = [
        timing.days_original
        for timing in timings
        if timing.state in ("on_time", "done_late") and timing.days_original is not None
    ]
    return Share(sum(days <= 0 for days in done), len(done))
