"""Quarters of the calendar, named 2026-Q4. Pure."""

from __future__ import annotations

import datetime as dt
import re


def name(day: dt.date) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def first(quarter: str) -> dt.date:
    """The first day. Raises ValueError where the text names no quarter between 2000 and 2100."""
    match = re.fullmatch(r"(20\d\d|2100)-Q([1-4])", quarter)
    if not match:
        raise ValueError(quarter)
    return dt.date(int(match[1]), 3 * int(match[2]) - 2, 1)


def after(day: dt.date) -> dt.date:
    """The first day of the quarter that follows the one of a day."""
    number = (day.month - 1) // 3 + 1
    return dt.date(day.year + number // 4, 3 * (number % 4) + 1, 1)


def last(quarter: str) -> dt.date:
    return after(first(quarter)) - dt.timedelta(1)


def of_date(value: str) -> str:
    """The quarter of a date in a document; "" where it is not stated, or only as a year."""
    return f"{value[:4]}-Q{(int(value[5:7]) - 1) // 3 + 1}" if len(value) >= 7 else ""
