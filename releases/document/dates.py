"""Partial dates as people read them: 21.02.2019., 21 Feb 2019, February 2019, 2019. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.dates import MONTHS

from deliverables.fields.dates import first, last
from deliverables.fields.quarters import after as next_quarter

__all__ = ["first", "last", "next_quarter", "planned_end", "shown"]


def planned_end(project: Mapping[str, Any]) -> str:
    """The end by the contract as changed, else as first signed; "" where it is not stated."""
    return str(project["end_current"] or project["end_planned"])


def quarter(name: str, lang: str) -> str:
    """A quarter, 2026-Q4, as people read it: 2026. g. 4. cet., or as it is."""
    year, number = name.split("-Q")
    return f"{year}. g. {number}. cet." if lang == "lv" else f"{year}-Q{number}"


def shown(value: str, lang: str) -> str:
    """As precise as the date is known; "" stays ""."""
    if len(value) <= 4:
        return f"{value}. gads" if value and lang == "lv" else value
    year = value[:4]
    with translation.override(lang):
        month = str(MONTHS[int(value[5:7])])
    if len(value) == 7:
        return f"{year}. gada {month}" if lang == "lv" else f"{month} {year}"
    day = dt.date.fromisoformat(value)
    return f"{day:%d.%m.%Y}." if lang == "lv" else f"{day.day}\u00a0{month[:3]}\u00a0{year}"
