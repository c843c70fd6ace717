"""Looking things up in the flat rows of a document."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
Document = Mapping[str, Any]


def is_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{1,60}", text) is not None


def is_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Za-z0-9.-]{0,39}", text) is not None


def index(rows: Iterable[Row], key: str = "code") -> dict[Any, Row]:
    return {row[key]: row for row in rows}


def group(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, both in the order of the document."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def first_day(value: str) -> dt.date:
    """The first day that a partial date may mean."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def last_day(value: str) -> dt.date:
    """The last day that a partial date may mean."""
    start = first_day(value)
    if len(value) == 10:
        return start
    month = start.month if len(value) == 7 else 12
    return dt.date(start.year, month, calendar.monthrange(start.year, month)[1])
