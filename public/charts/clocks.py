"""Four clocks on one scale: time, results, expert-days and money, each a share. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from public.charts import geometry as charts
from releases.published import Reading, Share, dates, elapsed, runs_out

RUNS = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class Clock:
    """One share on the common scale; `percent` is text with one decimal."""

    key: str
    percent: str
    width: str
    part: Decimal | int | str
    whole: Decimal | int | str

    @property
    def over(self) -> bool:
        """Whether it is more than what it is of, which the page then says."""
        return Decimal(self.part) > Decimal(self.whole)


def clocks(reading: Reading) -> list[Clock]:
    """Those that can be told: a whole that is not known gives no clock, never 0 %."""
    totals = reading.document["totals"]
    results, budget = totals["results"], totals["budget"]
    drawn = []
    if time := time_of(reading):
        drawn.append(_clock("time", time.part, time.whole, str(time.percent)))
    if results["percent_accepted"] is not None:
        parts = (results["accepted"], results["whole"], results["percent_accepted"])
        drawn.append(_clock("results", *parts))
    days = totals["days"]
    if days["percent_delivered"] is not None:
        parts = (days["delivered"], days["envelope"], days["percent_delivered"])
        drawn.append(_clock("days", *parts))
    if budget["percent"] is not None:
        spent, planned = budget["spent"] or 0, budget["planned"] or 0
        drawn.append(_clock("money", spent, planned, budget["percent"]))
    return drawn


def time_of(reading: Reading) -> Share | None:
    """Time that has passed of the implementation period of a project that runs."""
    project = reading.document["project"]
    if project["status"] not in RUNS:
        return None
    start = project["start_actual"] or project["start_planned"]
    return elapsed(start, dates.planned_end(project), reading.on)


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


def _clock(key: str, part: Decimal | int | str, whole: Decimal | int | str, percent: str) -> Clock:
    return Clock(key, percent, charts.share(percent), part, whole)


def behind(drawn: list[Clock]) -> str | None:
    """How many points the results run behind time, as text; None where they do not."""
    by_key = {clock.key: float(clock.percent) for clock in drawn}
    if "time" not in by_key or "results" not in by_key:
        return None
    points = by_key["time"] - by_key["results"]
    return f"{points:.1f}" if points > 0 else None
