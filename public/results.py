"""A result with its timing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from public import sentences
from public.rows import Row, index
from releases.published import (
    BEGUN,
    CLOSED,
    DeliverableRow,
    Document,
    Reading,
    Rung,
    Timing,
    at_least,
    dates,
    timing,
)

SOON = 60  # days
LATE = ("now", "current", "original", "soon")


@dataclass(frozen=True)
class Result:
    """A deliverable as a day sees it, and why a date of it is missing."""

    row: DeliverableRow
    timing: Timing
    basis: str
    moved: Row | None = None  # the last change that moved its due date once that had passed

    @property
    def counted(self) -> bool:
        """Whether it belongs to the results that the figures count."""
        return bool(self.row["active"]) and self.row["rung"] != Rung.DROPPED

    def is_late(self, against: str) -> bool:
        """Late `now` (not delivered), against the `current` or `original` date; or due `soon`."""
        here = self.timing
        days = {"current": here.days_current, "original": here.days_original}.get(against)
        if against == "now":
            return here.state == "late"
        if against == "soon":
            return here.state == "open" and -SOON <= (here.days_current or 0) <= 0
        return days is not None and days > 0

    @property
    def is_open(self) -> bool:
        return self.timing.state in ("late", "open")

    @property
    def in_time(self) -> str:
        return sentences.in_time(self.timing, self.row["rung"])

    @property
    def after_the_first_plan(self) -> str:
        return sentences.after_the_first_plan(self.timing)

    @property
    def was_late(self) -> bool:
        return self.timing.state in ("late", "done_late")

    @property
    def no_time(self) -> str:
        """Why `in_time` says nothing."""
        if self.timing.state == "not_planned":
            return self.no_due
        return "does_not_apply" if self.timing.state == "closed" else "not_stated"

    @property
    def due(self) -> str:
        return self.row["due_current"] or self.row["due_original"]

    @property
    def no_due(self) -> str:
        return "not_planned" if self.basis == "contract" else "not_stated"

    @property
    def no_delivery(self) -> str:
        if self.row["rung"] in CLOSED:
            return "does_not_apply"
        return "not_yet" if self.row["rung"] in BEGUN else "not_stated"

    @property
    def no_acceptance(self) -> str:
        if self.row["rung"] in (*CLOSED, Rung.PARTIALLY_DELIVERED):
            return "does_not_apply"
        stated = self.basis == "contract" and self.row["rung"] not in at_least(Rung.ACCEPTED)
        return "not_yet" if stated else "not_stated"


def of(reading: Reading) -> list[Result]:
    """All deliverables of the document, also those that the figures do not count."""
    document = reading.document
    basis, moved = document["project"]["results_basis"], _moved_late(document)
    return [
        Result(row, timing(row, reading.on), basis, moved.get(row["code"]))
        for row in document["deliverables"]
    ]


def _moved_late(document: Document) -> dict[str, Row]:
    """Changes of the contract that were signed after the due date that they move, by result."""
    signed = index(document.get("contract_changes", []))  # figures alone have none
    return {
        move["deliverable"]: signed[move["change"]]
        for move in document.get("contract_moves", [])
        if move["deliverable"]
        and move["old_to_on"]
        and dates.first(signed[move["change"]]["signed_on"]) > dates.last(move["old_to_on"])
    }
