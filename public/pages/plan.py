"""The work plan: activities in time, original beside current, and their expert-days. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from public.charts import clocks
from public.charts import geometry as charts
from public.http import query_string
from public.rows import group, index
from releases.published import (
    ActivityRow,
    ComponentRow,
    Document,
    PersonDaysRow,
    PlannedActivityRow,
    Reading,
    ReportRow,
    WorkPlanRow,
    dates,
    next_quarter,
    quarter_name,
)

LEFT = "days_left"
QUARTERS = 16  # on the line of quarters; a longer project shows years


@dataclass(frozen=True, slots=True)
class ShownActivity:
    """One activity: its line in the contract's plan and in the one in force, and its days."""

    row: ActivityRow
    original: PlannedActivityRow | None
    current: PlannedActivityRow | None
    days: PersonDaysRow | None
    bar: charts.Mark | None
    first: charts.Mark | None
    serves: list[str]
    over: bool  # its last day by the plan in force has passed, and nobody says that it is done

    @property
    def moved(self) -> bool:
        """Whether the dates are others than in the contract."""
        if not self.original or not self.current:
            return False
        dates = [(line["from_on"], line["to_on"]) for line in (self.original, self.current)]
        return dates[0] != dates[1]

    @property
    def otherwise(self) -> bool:
        """Whether it began or ended on other days than those of the plan in force."""
        began, ended = self.row["started_on"], self.row["ended_on"]
        if not self.current:
            return bool(began)
        late = bool(ended) and ended != self.current["to_on"]
        return late or (bool(began) and began != self.current["from_on"])

    @property
    def contract_days(self) -> int | None:
        """The days that the contract gave it, where the plan in force gives others."""
        if not self.original or not self.current or self.original["days"] == self.current["days"]:
            return None
        return self.original["days"]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report on the project, as a day sees it."""

    row: ReportRow
    on: dt.date

    @property
    def days_late(self) -> int:
        """By how many days it was handed in late, or is late by now; 0 where it is not."""
        if not self.row["due_on"]:
            return 0
        end = self.row["handed_in_on"]
        day = dt.date.fromisoformat(end) if end else self.on
        return max(0, (day - dt.date.fromisoformat(self.row["due_on"])).days)


def plan(reading: Reading, query: query_string.Query) -> dict[str, Any]:
    """Activities by component on one line of time, with the versions of the plan."""
    document = reading.document
    activities, lines = document["activities"], document["planned_activities"]
    versions = document["work_plans"]
    current, original = in_force(versions), contract(versions)
    scale = _scale(lines)
    by_plan = group(lines, "plan")
    now = index(by_plan.get(current, []), "activity")
    then = index(by_plan.get(original, []), "activity")
    days = index(document["person_days"], "activity")
    serves = group(document["activity_deliverables"], "activity")
    listed = query_string.page(query, activities)
    shown = [
        ShownActivity(
            row,
            then.get(row["code"]),
            now.get(row["code"]),
            days.get(row["code"]),
            _mark(scale, now.get(row["code"])),
            _mark(scale, then.get(row["code"])),
            [served["deliverable"] for served in serves.get(row["code"], [])],
            _is_over(row, now.get(row["code"]), reading.on),
        )
        for row in listed
    ]
    return {
        "list": listed,
        "parts": _parts(document, shown),
        "versions": versions,
        "current": current,
        "quarters": quarters(*scale) if scale else [],
        "today": _today(scale, reading.on),
        "days": document["totals"]["days"],
        "pace": clocks.pace(reading),
        "reports": [ShownReport(row, reading.on) for row in document["reports"]],
    }


def _is_over(row: ActivityRow, line: PlannedActivityRow | None, on: dt.date) -> bool:
    undone = row["status"] in ("planned", "ongoing", "postponed")
    return undone and line is not None and dates.last(line["to_on"]) < on


def _parts(
    document: Document, shown: list[ShownActivity]
) -> list[tuple[ComponentRow, dict[str, int], list[ShownActivity]]]:
    """The activities of this page by component, each with its days in full."""
    rows = group(document["person_days"], "component")
    parts = []
    for component in document["components"]:
        own = [activity for activity in shown if activity.row["component"] == component["number"]]
        days = rows.get(component["number"], [])
        sums = {
            "envelope": sum(row["envelope"] for row in days),
            "delivered": sum(row["delivered"] for row in days),
            "days_left": sum(row["days_left"] for row in days),
        }
        if own:
            parts.append((component, sums, own))
    return parts


def in_force(versions: Iterable[WorkPlanRow]) -> str:
    """The code of the version approved last; "" where none is approved."""
    approved = [row for row in versions if row["state"] == "approved"]
    ordered = sorted(approved, key=lambda row: row["approved_on"])  # of one day the later code
    return ordered[-1]["code"] if ordered else ""


def contract(versions: Iterable[WorkPlanRow]) -> str:
    """The code of the contract's own plan, once it is approved."""
    own = [row for row in versions if row["kind"] == "contract" and row["state"] == "approved"]
    return own[0]["code"] if own else ""


def _scale(lines: Iterable[PlannedActivityRow]) -> tuple[dt.date, dt.date] | None:
    """Whole quarters around all that any version plans."""
    days = [dt.date.fromisoformat(on) for row in lines for on in (row["from_on"], row["to_on"])]
    if not days:
        return None
    first, last = min(days), max(days)
    start = dt.date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    return start, next_quarter(last) - dt.timedelta(1)


def quarters(first: dt.date, last: dt.date) -> list[tuple[str, charts.Mark]]:
    """The quarters of a line of time, named 2026-Q3; years where there are many."""
    marks, day = [], first
    while day <= last:
        after = min(next_quarter(day), last + dt.timedelta(1))
        mark = charts.span(first, last, day, after - dt.timedelta(1))
        marks.append((quarter_name(day), mark))
        day = after
    if len(marks) <= QUARTERS:
        return marks
    return [(name[:4], mark) for name, mark in marks if name.endswith("Q1")]


def _mark(
    scale: tuple[dt.date, dt.date] | None, line: PlannedActivityRow | None
) -> charts.Mark | None:
    if scale is None or line is None:
        return None
    start, end = (dt.date.fromisoformat(on) for on in (line["from_on"], line["to_on"]))
    return charts.span(*scale, start, end)


def _today(scale: tuple[dt.date, dt.date] | None, on: dt.date) -> str:
    if scale is None or not scale[0] <= on <= scale[1]:
        return ""
    return charts.span(*scale, on, on).x
