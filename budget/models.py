"""What a project costs, and the rules and changes of its contract."""

from __future__ import annotations

from budget.contract.models import (
    ContractRule,
    DayRate,
    Edition,
    FeeScheme,
    Rate,
    RateKind,
    Report,
    Ruleset,
    Term,
)
from budget.money.models import (
    ChangeKind,
    ChangeState,
    ContractChange,
    CostBasis,
    Entry,
    EntryKind,
    Heading,
    Line,
    Move,
)

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
    "ContractRule",
    "Report",
    "Ruleset",
    "Term",
]
