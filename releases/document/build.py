"""The document of a release: one pure function from rows to what the public may read.

Rows are flat, with the keys of the tables' resources; personal columns are not among them. An
empty text or null means "not stated". Their shape: releases.document.shapes. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from budget.money.absorption import absorb, absorb_part, counting, left_between, reported_to
from budget.money.breakdown import BY, breakdown
from budget.money.reallocation import drifts
from deliverables.fields.shares import Share
from deliverables.ladder.progress import count
from deliverables.ladder.status import BEGUN, CLOSED, LADDER, Rung, at_least
from experts.missions import ledger
from releases.document.rows import ProjectRow
from releases.document.shapes import (
    SCHEMA,
    Document,
    ExpertTotals,
    ResultTotals,
    Tables,
    Totals,
)

__all__ = [
    "BEGUN",
    "BY",
    "CLOSED",
    "LADDER",
    "Document",
    "Rung",
    "absorb_part",
    "at_least",
    "breakdown",
    "build",
    "canonical",
    "counting",
    "digest",
    "drifts",
    "left_between",
    "reported_to",
    "totals",
    "without_drafts",
]
SUMMARY = ("project", "totals", "partnerships")
LISTED = ("schema", *SUMMARY)  # with which shape it is
Row = Mapping[str, Any]
Named = TypeVar("Named", str, tuple[str, str])


def build(tables: Mapping[str, Sequence[Row]]) -> Document:
    """The document of the one project in `tables["projects"]`."""
    (project,) = tables["projects"]
    rows = {name: list(tables[name]) for name in tables if name != "projects"}
    figures = totals(cast("ProjectRow", project), cast("Tables", rows))
    parts = {"schema": SCHEMA, "project": dict(project), **rows, "totals": figures}
    return cast("Document", parts)


# Where an activity stands in a document, and under which key.
_OF_ACTIVITY = {
    "activities": "code",
    "activity_deliverables": "activity",
    "person_days": "activity",
}


def without_drafts(tables: dict[str, list[dict[str, Any]]]) -> None:
    """An activity is nobody's yet until a version that plans it is approved."""
    if "planned_activities" not in tables:
        return
    planned = {row["activity"] for row in tables["planned_activities"]}
    for name, key in _OF_ACTIVITY.items():
        if name in tables:
            tables[name] = [row for row in tables[name] if row[key] in planned]


def totals(project: ProjectRow, tables: Tables) -> Totals:
    """Every figure that a page shows, counted once."""
    deliverables = tables["deliverables"]
    return {
        "results": _results(project, tables),
        "components": [
            {
                "number": component["number"],
                **count(row for row in deliverables if row["component"] == component["number"]),
            }
            for component in tables["components"]
        ],
        "experts": _experts(tables),
        "days": ledger.total(tables["person_days"]),
        "budget": absorb(tables["budget_entries"]),
    }


def _results(project: ProjectRow, tables: Tables) -> ResultTotals:
    counts = count(tables["deliverables"])
    known = project["results_basis"] == "contract"
    delivered, accepted = (
        _text(Share(reached, counts["whole"]).percent) if known else None
        for reached in (counts["delivered"], counts["accepted"])
    )
    by, on = _reported(tables)
    return {
        "basis": project["results_basis"],
        **counts,
        "percent_delivered": delivered,
        "percent_accepted": accepted,
        "reported_by": by,
        "reported_on": on,
    }


def _reported(tables: Tables) -> tuple[str | None, str | None]:
    """Who reported the results and when, where one publication stands behind all of them."""
    cited: dict[str, set[str]] = {}
    for row in tables["evidence"]:
        if row["deliverable"] and row["source"]:
            cited.setdefault(row["deliverable"], set()).add(row["source"])
    delivered = [row["code"] for row in tables["deliverables"] if row["rung"] == Rung.DELIVERED]
    codes = {source for code in delivered for source in cited.get(code, {""})}
    if len(codes) == 1:
        for source in tables["sources"]:
            if source["code"] in codes:
                return source["publisher_short"], source["published_on"] or None
    return None, None


def _experts(tables: Tables) -> ExpertTotals:
    experts = tables["experts"]
    countries = Counter(row["country"] for row in experts)
    institutions = Counter((row["country"], row["institution"]) for row in experts)
    return {
        "whole": len(experts),
        "by_country": [
            {"country": country, "count": number} for country, number in _ranked(countries)
        ],
        "by_institution": [
            {"country": country, "institution": institution, "count": number}
            for (country, institution), number in _ranked(institutions)
        ],
    }


def _ranked(counter: Counter[Named]) -> list[tuple[Named, int]]:
    """The largest first; equals by name, so that the order never depends on chance."""
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def summary(document: Mapping[str, object]) -> str:
    """The SHA-256 of what lists of projects read of a document."""
    return digest({name: document[name] for name in SUMMARY})


def canonical(document: Mapping[str, object]) -> bytes:
    """The exact bytes of release.json: UTF-8 JSON, keys sorted, no spaces, one final newline."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def digest(document: Mapping[str, object]) -> str:
    """The SHA-256 of release.json, as `sha256sum` prints it."""
    return hashlib.sha256(canonical(document)).hexdigest()
