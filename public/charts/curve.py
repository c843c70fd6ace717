"""Results over time: due by the first plan, due now, delivered and accepted, added up. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from public import results
from public.charts import geometry as charts
from releases.published import (
    Reading,
    Rung,
    Share,
    Slippage,
    at_least,
    cumulated,
    dates,
    in_time,
    quarter_name,
    slippage,
)

Steps = list[tuple[dt.date, int]]
LINES = ("original", "current", "delivered", "accepted")
ACTUAL = LINES[2:]
ROOM = 6  # names of quarters below the axis
GAP = 8.0  # between two labels, of a hundred: a line of text


@dataclass(frozen=True, slots=True)
class Quarter:
    """A row of the table below the curve; None where the quarter has not begun to be over."""

    name: str
    counts: tuple[int | None, ...]

    @property
    def cells(self) -> list[tuple[str, int | None]]:
        return list(zip(LINES, self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class End:
    """Where a line ends, with its last value; `label` is where its name has room."""

    name: str
    x: str
    y: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The lines as paths of a field of 1000 by 100, and the table that says the same.

    `due`: how many were due on the day of reading by the first plan, or by the plan now where the
    first has no dates; `done`: how many were delivered.
    """

    paths: list[tuple[str, str]]
    ends: list[End]
    rules: list[tuple[int, str]]
    starts: list[tuple[str, str]]
    today: str
    quarters: list[Quarter]
    whole: int
    undated: int
    first_plan: bool
    due: int
    done: int


def curve(reading: Reading, counted: list[results.Result]) -> Curve | None:
    """None where no result has a due date."""
    lines = {name: cumulated(_dates(counted, name)) for name in LINES}
    if not lines["original"] and not lines["current"]:
        return None
    project, on = reading.document["project"], reading.on
    start = project["start_actual"] or project["start_planned"]
    days = [day for name in ("original", "current") for day, _n in lines[name]]
    days += [day for name in ACTUAL for day, _n in lines[name] if day <= on]
    first = min([*days, *([dates.first(start)] if start else [])])
    first = dt.date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    last = dates.next_quarter(max(days)) - dt.timedelta(1)
    whole = len(counted)
    drawn = _drawn(lines, first, last, on)
    quarters = _quarters(first, last, on, lines)
    plan = "original" if lines["original"] else "current"
    return Curve(
        paths=[(n, charts.steps(first, last, lines[n], whole, day)) for n, day in drawn.items()],
        ends=_ends(
            [(n, _across(first, last, day), _by(lines[n], day)) for n, day in drawn.items()], whole
        ),
        rules=charts.rules(whole),
        starts=_starts(first, last, [row.name for row in quarters]),
        today=charts.span(first, last, on, on).x if first <= on <= last else "",
        quarters=quarters,
        whole=whole,
        undated=sum(not result.row["due_original"] for result in counted),
        first_plan=plan == "original",
        due=_by(lines[plan], on),
        done=_by(lines["delivered"], on),
    )


def _drawn(
    lines: dict[str, Steps], first: dt.date, last: dt.date, on: dt.date
) -> dict[str, dt.date]:
    """The day at which each line ends; without those that have nothing to show."""
    until = {name: min(on, last) if name in ACTUAL else last for name in lines}
    return {n: day for n, day in until.items() if day >= first and (lines[n] or n in ACTUAL)}


def _across(first: dt.date, last: dt.date, day: dt.date) -> str:
    """The place of the end of a day."""
    return charts.place((day - first).days + 1, 0, (last - first).days + 1)


def _ends(lines: list[tuple[str, str, int]], whole: int) -> list[End]:
    heights = [100 - 100 * number / (whole or 1) for _name, _x, number in lines]
    labels = charts.apart(heights, GAP)
    return [
        End(name, x, f"{height:.2f}%", f"{label:.2f}%", number)
        for (name, x, number), height, label in zip(lines, heights, labels, strict=True)
    ]


def _starts(first: dt.date, last: dt.date, names: list[str]) -> list[tuple[str, str]]:
    """The names of quarters where they begin, as many as have room in Latvian."""
    starts, day = [], first
    for name in names:
        starts.append((name, charts.span(first, last, day, day).x))
        day = dates.next_quarter(day)
    return charts.thinned(charts.named(starts), ROOM)


def _dates(counted: Iterable[results.Result], line: str) -> list[str]:
    rows = [result.row for result in counted]
    if line == "original":
        return [row["due_original"] for row in rows]
    if line == "current":
        return [row["due_current"] or row["due_original"] for row in rows]
    # What is delivered in part has a day and is in no part of the figures.
    done = at_least(line)
    reached = [row for row in rows if row["rung"] in done]
    return [row["delivered_on"] if line == "delivered" else row["accepted_on"] for row in reached]


def _quarters(first: dt.date, last: dt.date, on: dt.date, lines: dict[str, Steps]) -> list[Quarter]:
    """The numbers at the end of each quarter; the one under way as of today."""
    quarters, day = [], first
    while day <= last:
        end = dates.next_quarter(day) - dt.timedelta(1)
        counts = tuple(
            None
            if name in ACTUAL and day > on
            else _by(steps, min(end, on) if name in ACTUAL else end)
            for name, steps in lines.items()
        )
        quarters.append(Quarter(quarter_name(day), counts))
        day = end + dt.timedelta(1)
    return quarters


def _by(steps: Steps, day: dt.date) -> int:
    return max((number for when, number in steps if when <= day), default=0)


@dataclass(frozen=True, slots=True)
class Late:
    """Slippage against both plans, and the share delivered in time."""

    original: Slippage
    current: Slippage | None
    in_time: Share


def late(counted: Iterable[results.Result]) -> Late | None:
    """None where no result with an original due date is done or late."""
    timings = [result.timing for result in counted]
    original = slippage(timings, "original")
    if original is None:
        return None
    return Late(original, slippage(timings, "current"), in_time(timings))


def completeness(reading: Reading, counted: list[results.Result]) -> list[tuple[str, Share]]:
    """What is known of what should be: evidence of what is delivered, due dates of results.

    Only where the list of results is the contract's: of what a publication leaves out, nobody knows
    how much is missing.
    """
    if reading.document["project"]["results_basis"] != "contract":
        return []
    proven = {row["deliverable"] for row in reading.document["evidence"]}
    reached = [r.row["code"] for r in counted if r.row["rung"] in at_least(Rung.DELIVERED)]
    shares = [
        ("evidence", Share(sum(code in proven for code in reached), len(reached))),
        ("due", Share(sum(bool(result.due) for result in counted), len(counted))),
    ]
    return [(name, share) for name, share in shares if share.whole]
