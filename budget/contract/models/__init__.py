"""The rules of the contract, its rates and terms."""

from __future__ import annotations

from budget.contract.models.rate import Rate, RateKind
from budget.contract.models.report import Report
from budget.contract.models.ruleset import ContractRule, DayRate, Edition, FeeScheme, Ruleset, Term

__all__ = [
    "DayRate",
    "Edition",
    "FeeScheme",
    "Rate",
    "RateKind",
    "ContractRule",
    "Report",
    "Ruleset",
    "Term",
]
