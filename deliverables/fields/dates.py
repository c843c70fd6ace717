"""Dates as sources give them: a day, a month or a year. Pure: no clock, no database.

A partial date is ISO 8601 text of reduced precision, "2019-02-21", "2019-02" or "2019";
its precision is its length. Texts of one precision sort as dates do.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from django.utils import translation
from django.utils.dates import MONTHS

PATTERN = r"^(20\d\d|2100)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
_ISO = re.compile(PATTERN, re.ASCII)
_DOTTED = re.compile(r"^(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?(\d{4})\.?$", re.ASCII)


def parse(text: str) -> str:
    """The partial date that a person wrote, as ISO text: 21.02.2019 is 2019-02-21.

    Raises ValueError when it is no date between 2000 and 2100; the message is the caller's.
    """
    text = text.strip()
    if dotted := _DOTTED.match(text):
        day, month, year = dotted.groups()
        text = "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
    if not _ISO.match(text):
        raise ValueError(text)
    first(text)
    return text


def first(value: str) -> dt.date:
    """The first day that the date may mean. Raises ValueError for 2019-02-31."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def is_to_come(value: str, today: dt.date) -> bool:
    """Whether all of the date lies ahead; False for what is not stated or no date."""
    try:
        return bool(value) and first(value) > today
    except ValueError:
        return False


def last(value: str) -> dt.date:
    """The last day that the date may mean."""
    start = first(value)
    if len(value) == 10:
        return start
    month = start.month if len(value) == 7 else 12
    return dt.date(start.year, month, calendar.monthrange(start.year, month)[1])


def shown(value: str, lang: str) -> str:
    """As people read it, as precise as it is known: 21.02.2019., 21 Feb 2019, February 2019, 2019;
    "" stays ""."""
    if len(value) <= 4:
        return f"{value}. gads" if value and lang == "lv" else value
    year = value[:4]
    with translation.override(lang):
        month = str(MONTHS[int(value[5:7])])
    if len(value) == 7:
        return f"{year}. gada {month}" if lang == "lv" else f"{month} {year}"
    day = dt.date.fromisoformat(value)
    return f"{day:%d.%m.%Y}." if lang == "lv" else f"{day.day}\u00a0{month[:3]}\u00a0{year}"
