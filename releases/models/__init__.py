"""The tables of the room."""

from __future__ import annotations

from releases.models.found import WHOLE, SearchEntry, SearchWord
from releases.models.listing import Edition, Listing
from releases.models.release import WORD, Pack, Release, Withdrawal, WithdrawalReason

__all__ = [
    "WHOLE",
    "WORD",
    "Edition",
    "Listing",
    "Pack",
    "Release",
    "SearchEntry",
    "SearchWord",
    "Withdrawal",
    "WithdrawalReason",
]
