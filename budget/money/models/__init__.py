"""What a project costs: headings, lines and entries, and the changes that move them."""

from __future__ import annotations

from budget.money.models.change import ChangeKind, ChangeState, ContractChange, Move
from budget.money.models.entry import Entry, EntryKind
from budget.money.models.line import CostBasis, Heading, Line

__all__ = [
    "ChangeKind",
    "ChangeState",
    "ContractChange",
    "CostBasis",
    "Entry",
    "EntryKind",
    "Heading",
    "Line",
    "Move",
]
