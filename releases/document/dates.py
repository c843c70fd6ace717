"""Dates and quarters of a document as people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deliverables.fields.dates import first, last, shown
from deliverables.fields.quarters import after as next_quarter

__all__ = ["first", "last", "next_quarter", "planned_end", "shown"]


def planned_end(project: Mapping[str, Any]) -> str:
    """The end by the contract as changed, else as first signed; "" where it is not stated."""
    return str(project["end_current"] or project["end_planned"])


def quarter(name: str, lang: str) -> str:
    """A quarter, 2026-Q4, as people read it: 2026. g. 4. cet., or as it is."""
    year, number = name.split("-Q")
    return f"{year}. g. {number}. cet." if lang == "lv" else f"{year}-Q{number}"
