"""The person-day ledger of a project: sums of the rows by activity. Pure.

Definitions and worked examples: docs/arithmetic.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deliverables.progress import Share

SUMMED = ("contract", "envelope", "planned_days", "delivered", "accepted", "days_left")


def total(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Whole days, and the shares of the envelope as text; None where no day is planned."""
    kept = list(rows)
    sums = {name: sum(row[name] for row in kept) for name in SUMMED}
    shares = {
        name: Share(sums[name], sums["envelope"]).percent for name in ("delivered", "accepted")
    }
    return sums | {
        f"percent_{name}": None if share is None else str(share) for name, share in shares.items()
    }
