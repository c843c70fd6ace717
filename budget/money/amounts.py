"""Amounts as the back office writes them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format


def eur(amount: Decimal) -> str:
    """Two places, grouped as the language does it, without the currency: 1,234.50."""
    return number_format(amount, 2, use_l10n=True, force_grouping=True)
