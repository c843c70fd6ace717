"""How far contract changes moved the headings of a budget since it was last signed in full. Pure.

Definition and worked examples: docs/arithmetic.md. A heading is measured against the contract, or
against the last addendum: an addendum signs the whole budget anew, side letters add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budget.money.absorption import counting
from deliverables.fields.shares import Share

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drift:
    """A heading: planned when last signed in full, and planned now, EUR; limits in per cent."""

    code: str
    original: Decimal
    signed: Decimal
    amended: Decimal
    limit: int | None
    warning: int

    @property
    def moved(self) -> Decimal:
        return abs(self.amended - self.signed)

    @property
    def percent(self) -> Decimal | None:
        return Share(self.moved, self.signed).percent

    @property
    def beyond(self) -> bool:
        """More than the limit, exactly; a limit that is not known is never passed."""
        return self.limit is not None and self.moved * 100 > self.limit * self.signed

    @property
    def near(self) -> bool:
        """At the warning or above it, and still within the limit."""
        if self.limit is None or self.beyond or not self.moved:
            return False
        return self.moved * 10_000 >= self.warning * self.limit * self.signed


def drifts(
    headings: Iterable[Row],
    lines: Iterable[Row],
    entries: Iterable[Row],
    changes: Iterable[Row],
    rules: Row | None,
) -> list[Drift]:
    """Each heading that has a plan; `rules` has the limit and the warning, or is not known."""
    heading_of = {line["code"]: line["heading"] for line in lines}
    since = _side_letters_since(changes)
    planned = [entry for entry in counting(entries) if entry["kind"] == "planned"]

    def total(heading: str, without: Callable[[str], bool]) -> Decimal:
        amounts = (
            Decimal(entry["amount"])
            for entry in planned
            if heading_of.get(entry["line"]) == heading and not without(entry["change"])
        )
        return sum(amounts, Decimal("0.00"))

    limit = rules["reallocation_limit"] if rules else None
    warning = rules["reallocation_warning"] if rules else 100
    with_plan = {heading_of.get(entry["line"]) for entry in planned}
    return [
        Drift(
            code=row["code"],
            original=total(row["code"], bool),
            signed=total(row["code"], since.__contains__),
            amended=total(row["code"], lambda _change: False),
            limit=limit,
            warning=warning,
        )
        for row in headings
        if row["code"] in with_plan
    ]


def _side_letters_since(changes: Iterable[Row]) -> set[str]:
    """Signed side letters after the last addendum; the rows stand in the order of signing."""
    letters: set[str] = set()
    for change in changes:
        if change["state"] != "signed":
            continue
        if change["kind"] == "addendum":
            letters.clear()
        else:
            letters.add(change["code"])
    return letters
