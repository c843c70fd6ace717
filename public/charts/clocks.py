"""Four clocks on one scale: time, results, expert-days and money, each of its own day. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from public.charts import geometry as charts
from releases.published import Reading, Share, dates, elapsed, reported_to, runs_out

RUNS = ("running", "suspended")
KEYS = ("time", "results", "days", "money")


@dataclass(frozen=True, slots=True)
class Clock:
    """One share on the common scale; `percent` is text with one decimal.

    `on`: the day of which it is, "" where that is not stated. `time`: how much time had passed
    then, where that is another day than the one of reading. `mark`: the place of the time of its
    own day, "" where it is not known or the clock is that of time.
    """

    key: str
    percent: str
    width: str
    part: Decimal | int | str
    whole: Decimal | int | str
    on: str = ""
    time: str | None = None
    mark: str = ""

    @property
    def over(self) -> bool:
        """Whether it is more than what it is of, which the page then says."""
        return Decimal(self.part) > Decimal(self.whole)


def clocks(reading: Reading) -> list[Clock]:
    """Those that can be told: a whole that is not known gives no clock, never 0 %."""
    totals = reading.document["totals"]
    results, days, budget = totals["results"], totals["days"], totals["budget"]
    drawn = []
    if time := time_of(reading, reading.on):
        drawn.append(_clock(reading, "time", time.part, time.whole, str(time.percent), reading.on))
    if results["percent_accepted"] is not None:
        parts = (results["accepted"], results["whole"], results["percent_accepted"])
        drawn.append(_clock(reading, "results", *parts, reading.known_on))
    if days["percent_delivered"] is not None:
        parts = (days["delivered"], days["envelope"], days["percent_delivered"])
        drawn.append(_clock(reading, "days", *parts, reading.known_on))
    if budget["percent"] is not None:
        money = (budget["spent"] or 0, budget["planned"] or 0, budget["percent"])
        day = reported_to(reading.document["budget_entries"], reading.known_on)
        drawn.append(_clock(reading, "money", *money, day))
    return drawn


def time_of(reading: Reading, on: dt.date) -> Share | None:
    """Time that has passed by a day of the implementation period of a project that runs."""
    project = reading.document["project"]
    if project["status"] not in RUNS:
        return None
    start = project["start_actual"] or project["start_planned"]
    return elapsed(start, dates.planned_end(project), on)


def is_past_end(reading: Reading) -> bool:
    """Whether a project that runs is past its planned end."""
    project = reading.document["project"]
    end = dates.planned_end(project)
    return project["status"] in RUNS and bool(end) and dates.last(end) < reading.on


@dataclass(frozen=True, slots=True)
class Pace:
    """The month in which the expert-days are used up at this pace, and whether that is too soon."""

    month: str
    early: bool


def pace(reading: Reading) -> Pace | None:
    """For a project that runs; None where it cannot be told."""
    project, days = reading.document["project"], reading.document["totals"]["days"]
    start = project["start_actual"] or project["start_planned"]
    if project["status"] not in RUNS or not start:
        return None
    out = runs_out(days["delivered"], days["envelope"], dates.first(start), reading.on)
    if out is None or out == reading.on:
        return None
    end = dates.planned_end(project)
    return Pace(f"{out:%Y-%m}", bool(end) and out < dates.last(end))


def _clock(
    reading: Reading,
    key: str,
    part: Decimal | int | str,
    whole: Decimal | int | str,
    percent: str,
    on: dt.date | None,
) -> Clock:
    passed = time_of(reading, on) if on and key != "time" else None
    day = on.isoformat() if on else ""
    then = str(passed.percent) if passed else ""
    time = then if then and on != reading.on else None
    mark = charts.share(then) if then else ""
    return Clock(key, percent, charts.share(percent), part, whole, day, time, mark)


def behind(drawn: list[Clock]) -> str | None:
    """How many points the results run behind the time of their day; None where they do not."""
    by_key = {clock.key: clock for clock in drawn}
    if "time" not in by_key or "results" not in by_key:
        return None
    results = by_key["results"]
    points = float(results.time or by_key["time"].percent) - float(results.percent)
    return f"{points:.1f}" if points > 0 else None
