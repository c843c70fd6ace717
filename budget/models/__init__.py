"""What a project costs, and the rules and changes of its contract."""

from __future__ import annotations

from budget.models.change import ChangeKind, ChangeState, ContractChange, Move
from budget.models.entry import Entry, EntryKind
from budget.models.line import CostBasis, Heading, Line
from budget.models.ruleset import DayRate, Edition, FeeScheme, Rate, RateKind, Rule, Ruleset, Term

__all__ = [
    "ChangeKind",
    "ChangeState",
    "ContractChange",
    "CostBasis",
    "DayRate",
    "Edition",
    "Entry",
    "EntryKind",
    "FeeScheme",
    "Heading",
    "Line",
    "Move",
    "Rate",
    "RateKind",
    "Rule",
    "Ruleset",
    "Term",
]
