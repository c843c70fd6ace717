"""Texts that have a Latvian and an English column."""

from __future__ import annotations

from django.db.models import Model
from django.utils.text import Truncator
from django.utils.translation import get_language


def said(row: Model, name: str) -> str:
    """`name_lv` or `name_en` by the active language; the other one where it is empty."""
    first, second = ("lv", "en") if get_language() == "lv" else ("en", "lv")
    return str(getattr(row, f"{name}_{first}") or getattr(row, f"{name}_{second}"))


def brief(row: Model, name: str) -> str:
    """What `said` says, for a list: at most 80 characters, and a cut shows."""
    return Truncator(said(row, name)).chars(80)
