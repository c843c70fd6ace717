"""The person-day ledger of a project: sums of the rows by activity. Pure.

Definitions and worked examples: docs/arithmetic.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from deliverables.fields.shares import Share

LAST = dt.date(2100, 12, 31)  # of the days that the register knows
SUMMED = ("contract", "envelope", "planned_days", "delivered", "accepted", "days_left")


class Days(TypedDict):
    """Whole days, and the shares of the envelope as text; None where no day is planned."""

    contract: int
    envelope: int
    planned_days: int
    delivered: int
    accepted: int
    days_left: int
    percent_delivered: str | None
    percent_accepted: str | None


def total(rows: Iterable[Mapping[str, Any]]) -> Days:
    """Whole days, and the shares of the envelope as text; None where no day is planned."""
    kept = list(rows)
    sums = {name: sum(row[name] for row in kept) for name in SUMMED}

    def share(name: str) -> str | None:
        percent = Share(sums[name], sums["envelope"]).percent
        return None if percent is None else str(percent)

    return {
        "contract": sums["contract"],
        "envelope": sums["envelope"],
        "planned_days": sums["planned_days"],
        "delivered": sums["delivered"],
        "accepted": sums["accepted"],
        "days_left": sums["days_left"],
        "percent_delivered": share("delivered"),
        "percent_accepted": share("accepted"),
    }


def runs_out(delivered: int, envelope: int, start: dt.date, on: dt.date) -> dt.date | None:
    """The day on which the last expert-day is delivered, if days go on being delivered as fast as
    from the start until `on`. None where nothing was delivered yet, or no time has passed.
    """
    passed = (on - start).days + 1
    if delivered <= 0 or passed <= 0 or envelope <= 0:
        return None
    if delivered >= envelope:
        return on
    needed = -(-(envelope - delivered) * passed // delivered)  # whole days, rounded up
    return LAST if needed > (LAST - on).days else on + dt.timedelta(needed)
