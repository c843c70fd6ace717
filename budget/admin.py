"""The back office of the room, subject by subject: Django looks for it here."""

from __future__ import annotations

from budget.contract import admin as contract
from budget.costs import admin as costs
from budget.money import admin as money
from budget.money import change_admin as change_admin

__all__ = ["contract", "money", "change_admin", "costs"]
