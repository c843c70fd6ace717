"""How far a side letter may go without an addendum, and what no change takes away."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from budget.money.amounts import eur
from budget.money.live_reallocation import of_project
from budget.money.models import ChangeKind, ContractChange, Entry, Line, Move


def too_far(change: ContractChange, moves: list[Move]) -> str | None:
    """Why the change cannot move this money, as a sentence; None where it can.

    Nothing takes more from a line than is planned there; a side letter moves money between lines,
    within the limit of each heading.
    """
    asked: dict[Line, Decimal] = {}  # a line may stand in several rows
    for move in moves:
        if move.line:
            asked[move.line] = asked.get(move.line, Decimal(0)) + (move.amount or Decimal(0))
    for line, amount in asked.items():
        if (planned := Entry.objects.planned_on(line.pk)) + amount < 0:
            return _("Line %(line)s has %(planned)s EUR planned, less than is taken away.") % {
                "line": line.code,
                "planned": eur(planned),
            }
    if change.kind == ChangeKind.ADDENDUM:
        return None
    return _without_heading(asked) or _beyond_the_limit(change) or _adds(asked)


def _without_heading(asked: dict[Line, Decimal]) -> str | None:
    if bare := next((line for line in asked if line.heading_id is None), None):
        return _(
            "Line %(line)s has no heading, so nothing tells whether the side letter stays within "
            "the limit of one. Give the line its heading first, or record an addendum."
        ) % {"line": bare.code}
    return None


def _adds(asked: dict[Line, Decimal]) -> str | None:
    if (added := sum(asked.values(), Decimal(0))) > 0:
        return _(
            "The side letter gives %(added)s EUR more than it takes. It moves money between "
            "lines; what adds to the budget needs an addendum."
        ) % {"added": eur(added)}
    return None


def _beyond_the_limit(change: ContractChange) -> str | None:
    """The first heading that this side letter moves further beyond what side letters may move."""
    now = {heading.code: heading.moved for heading in of_project(change.project)}
    for heading in of_project(change.project, draft=change):
        if not heading.beyond or heading.moved <= now.get(heading.code, 0):
            continue
        if not heading.signed:
            return _(
                "Heading %(heading)s has nothing in the budget last signed in full, so a side "
                "letter cannot give it money. This needs an addendum."
            ) % {"heading": heading.code}
        return _(
            "Heading %(heading)s would be moved by %(percent)s %% of the budget last signed in "
            "full (%(moved)s of %(signed)s EUR), and side letters may move %(limit)s %%. This "
            "needs an addendum."
        ) % {
            "heading": heading.code,
            "percent": heading.percent,
            "moved": eur(heading.moved),
            "signed": eur(heading.signed),
            "limit": heading.limit,
        }
    return None
