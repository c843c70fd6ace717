"""The portfolio: all projects that have a release. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from public.charts import geometry as charts
from public.http import query_string
from public.pages.overview import member_states, money, time
from releases.published import ProjectRow, Reading


def portfolio(readings: Iterable[Reading], query: query_string.Query) -> dict[str, Any]:
    """One row per project, real ones first, and what they come to together."""
    ordered = sorted(
        readings,
        key=lambda reading: (
            reading.document["project"]["fictitious"],
            reading.document["project"]["reference"],
        ),
    )
    real = [r.document for r in ordered if not r.document["project"]["fictitious"]]
    shown = query_string.page(query, ordered)
    marks = _marks(reading.document["project"] for reading in shown)
    return {
        "list": shown,
        "projects": [_summary(reading, marks) for reading in shown],
        "footnotes": [(mark, project) for project, mark in marks.values()],
        "real": len(real),
        "invented": len(ordered) - len(real),
        "results": sum(document["totals"]["results"]["whole"] for document in real),
        "delivered": sum(document["totals"]["results"]["delivered"] for document in real),
        "stating": sum(document["totals"]["experts"]["whole"] > 0 for document in real),
        "experts": sum(document["totals"]["experts"]["whole"] for document in real),
    }


def _marks(projects: Iterable[ProjectRow]) -> dict[str, tuple[ProjectRow, str]]:
    """Each footnote once: its text -> the first project that has it, and its asterisks."""
    marks: dict[str, tuple[ProjectRow, str]] = {}
    for project in projects:
        text = project["footnote_en"] or project["footnote_lv"]
        if text and text not in marks:
            marks[text] = (project, "*" * (len(marks) + 1))
    return marks


def _summary(reading: Reading, marks: dict[str, tuple[ProjectRow, str]]) -> dict[str, Any]:
    document = reading.document
    project, totals = document["project"], document["totals"]
    mark = next((mark for first, mark in marks.values() if first is project), "")
    return {
        "reading": reading,
        "project": project,
        "totals": totals,
        "mark": mark,
        "countries": member_states(document["partnerships"]),
        "results_bar": charts.rungs(totals["results"]["by_rung"], totals["results"]["whole"]),
        "money": money(totals["budget"]),
        "months": time(project, reading.on),
    }
