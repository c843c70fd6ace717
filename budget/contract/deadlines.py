"""When reports are due by the contract's rules. Pure.

Interim reports cover periods from the start, every so many months (Annex C4); the final one follows
the implementation period (Annex C5). Offsets are data of the project's ruleset.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST = 60  # interim reports: fifteen years of quarters
FINAL = 0  # the number of the final report


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report, 1 and up; 0 is the final one. `due` is None where the offset is not stated."""

    number: int
    first: dt.date
    last: dt.date
    due: dt.date | None


def reports(
    start: dt.date, end: dt.date, months: int | None, interim: int | None, final: int | None
) -> list[DueReport]:
    """All reports of a project; `interim` in days after a period, `final` in months."""
    schedule = []
    for number in range(1, MOST + 1):
        if not months:
            break
        first = later(start, months * (number - 1))
        last = min(later(start, months * number) - dt.timedelta(1), end)
        if first > end:
            break
        due = None if interim is None else last + dt.timedelta(interim)
        schedule.append(DueReport(number, first, last, due))
    schedule.append(DueReport(FINAL, start, end, None if final is None else later(end, final)))
    return schedule


def called(number: int) -> str:
    """What people call the report of this number."""
    if number == FINAL:
        return _("Final report")
    return _("Interim report %(number)s") % {"number": number}


def later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
