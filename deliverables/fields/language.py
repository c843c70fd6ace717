"""Texts that have a Latvian and an English column."""

from __future__ import annotations

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import get_language


def said(row: Any, name: str) -> str:
    """`name_lv` or `name_en` by the active language; the other one where it is empty."""
    first, second = ("lv", "en") if get_language() == "lv" else ("en", "lv")
    return str(getattr(row, f"{name}_{first}") or getattr(row, f"{name}_{second}"))


def brief(row: Any, name: str) -> str:
    """What `said` says, for a list: at most 80 characters, and a cut shows."""
    return Truncator(said(row, name)).chars(80)
