"""The dashboard of a project. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from public import results, sentences
from public.charts import clocks, curve, findings, indicators
from public.charts import geometry as charts
from public.pages.results import legend
from public.rows import index
from releases.published import (
    Absorption,
    Document,
    PartnershipRow,
    ProjectRow,
    Reading,
    Totals,
    dates,
    left_between,
    words,
)

SHOWN = 8  # rows of a short list; the rest is one link away
MEMBER_STATES = ("lead", "national_lead", "junior", "contributing", "experts")
LEADING = ("lead", "national_lead")


def member_states(partnerships: Iterable[PartnershipRow]) -> list[str]:
    """Codes of the Member States that take part: those that lead, then the others by name."""
    taking = [row for row in partnerships if row["role"] in MEMBER_STATES]
    lead = [row["country"] for row in taking if row["role"] == "lead"]
    others = {row["country"] for row in taking} - set(lead)
    return list(dict.fromkeys([*lead, *words.by_country(others)]))


def partners(partnerships: Iterable[PartnershipRow]) -> list[dict[str, Any]]:
    """Partners of the Member States, each once, with those of their roles in which they lead."""
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for row in partnerships:
        if row["role"] in MEMBER_STATES:
            part = parts.setdefault((row["country"], row["institution"]), {**row, "leads": []})
            part["leads"] += [row["role"]] if row["role"] in LEADING else []
    return list(parts.values())


def money(totals: Absorption) -> charts.Money | None:
    """The bar of absorption; None where it cannot be told."""
    if totals["percent"] is None:
        return None
    over = Decimal(totals["spent"] or 0) > Decimal(totals["planned"] or 0)
    bounds = (totals["percent_low"], totals["percent_high"])
    return charts.money(totals["percent"], *bounds, over=over)


def time(project: ProjectRow, on: dt.date) -> charts.Months | None:
    """How far a running project is; None where it does not run or a date is not stated."""
    start = project["start_actual"] or project["start_planned"]
    end = dates.planned_end(project)
    if project["status"] not in ("running", "suspended") or not start or not end:
        return None
    first, last = dates.first(start), dates.last(end)
    return charts.months(first, last, on) if first <= on and first <= last else None


def dashboard(reading: Reading) -> dict[str, Any]:
    """What it is, whether it delivers, who worked, where the money is."""
    document = reading.document
    totals: Totals = document["totals"]
    counted = [result for result in results.of(reading) if result.counted]
    parts = _components(reading, counted)
    unknown = [row for row in document["statements"] if row["kind"] == "unknown"]
    by_rung = totals["results"]["by_rung"]
    drawn = curve.curve(reading, counted)
    return {
        **_clocks(reading, parts),
        **_lateness(document, counted),
        "indicators": indicators.of(reading),
        "days": totals["days"],
        "legend": legend(by_rung),
        "suspensions": document["suspensions"],
        "left": left_between(document["budget_entries"]),
        "member_states": member_states(document["partnerships"]),
        "leads": any(row["role"] == "lead" for row in document["partnerships"]),
        "partners": partners(document["partnerships"]),
        "components": parts,
        "terms": index(document["terms"], "function"),
        "adopted": [r.row for r in counted if r.row["adopted_by_en"]][:SHOWN],
        "next": _next(counted),
        "curve": drawn,
        "findings": {
            "components": findings.components(parts),
            "results": findings.results(drawn, reading.on) if drawn else "",
        },
        "slippage": curve.late(counted),
        "complete": curve.completeness(reading, counted),
        "unknown": unknown[:SHOWN],
        "more_unknown": max(0, len(unknown) - SHOWN),
    }


def _lateness(document: Document, counted: list[results.Result]) -> dict[str, object]:
    """How many are late in which way, and the verdict that comes of it."""
    planned = any(result.due for result in counted)
    late = {name: sum(r.is_late(name) for r in counted) for name in results.LATE}
    totals, status = document["totals"]["results"], document["project"]["status"]
    said = sentences.verdict(status, totals, late["now"] if planned else None)
    return {"planned": planned, "late": late, "verdict": said}


def standing(reading: Reading) -> dict[str, Any]:
    """The headline alone, from a document that has no more than its figures."""
    counted = [result for result in results.of(reading) if result.counted]
    return _clocks(reading, _components(reading, counted))


def _clocks(reading: Reading, parts: list[dict[str, Any]]) -> dict[str, object]:
    """The four figures of the headline, and what explains how they differ."""
    shown, counts = clocks.clocks(reading), reading.document["totals"]["results"]
    by_key = {clock.key: clock for clock in shown}
    return {
        "clocks": shown,
        "headline": [(key, by_key.get(key)) for key in clocks.KEYS],
        "schedule": findings.schedule({key: clock.percent for key, clock in by_key.items()}),
        "finding": findings.clocks(shown),
        **_period(reading.document["project"]),
        "past_end": clocks.is_past_end(reading),
        "behind": clocks.behind(shown),
        "results_bar": charts.rungs(counts["by_rung"], counts["whole"]),
        "waiting": counts["delivered"] - counts["accepted"],
        "pace": clocks.pace(reading),
        "late_parts": [part for part in parts if part["late"]],
    }


def _period(project: ProjectRow) -> dict[str, str]:
    """The status, and the first and last day: the actual ones where they are known."""
    return {
        "status": project["status"],
        "begins": project["start_actual"] or project["start_planned"],
        "ends": project["end_actual"] or dates.planned_end(project),
    }


def _components(reading: Reading, counted: list[results.Result]) -> list[dict[str, Any]]:
    """Components with their bars on one scale."""
    counts = {count["number"]: count for count in reading.document["totals"]["components"]}
    scale = max((count["whole"] for count in counts.values()), default=0)
    late = Counter(result.row["component"] for result in counted if result.is_late("now"))
    return [
        {
            "row": row,
            "count": counts[row["number"]],
            "bar": charts.rungs(counts[row["number"]]["by_rung"], scale),
            "late": late[row["number"]],
        }
        for row in reading.document["components"]
    ]


def _next(counted: list[results.Result]) -> list[results.Result]:
    """Overdue first, then what is due soon, by date; a short list."""
    due = [result for result in counted if result.is_late("now") or result.is_late("soon")]
    return sorted(due, key=lambda result: (result.due, result.row["code"]))[:SHOWN]
