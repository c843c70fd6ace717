"""Who works on a project. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from public.charts import geometry as charts
from public.http import query_string
from public.pages import overview
from public.rows import group, index
from releases.published import AssignmentRow, ExpertRow, OfCountry, OfInstitution, Reading, words

EXPERT = "short_term_expert"


def experts(reading: Reading, query: query_string.Query) -> dict[str, Any]:
    """Experts by country and institution, each by code, and the functions of the project."""
    document = reading.document
    totals = document["totals"]["experts"]
    scale = max((part["count"] for part in totals["by_institution"]), default=0)
    parts = group(totals["by_institution"], "country")
    counted = {part["country"] for part in totals["by_country"]}
    shown = query_string.page(query, document["experts"])
    people, notes = _people(list(shown), group(document["assignments"], "expert"))
    functions = [row for row in document["assignments"] if row["function"] != EXPERT]
    return {
        "countries": [
            (country, [(part, _bar(part, scale)) for part in parts[country["country"]]])
            for country in _ranked(totals["by_country"])
        ],
        "uncounted": [
            country
            for country in overview.member_states(document["partnerships"])
            if country not in counted
        ],
        "list": shown,
        "people": people,
        "notes": notes,
        "functions": query_string.page(query, functions, "functions"),
        "components": index(document["components"], "number"),
        "holders": index(document["experts"]),
        "terms": index(document["terms"], "function"),
    }


def _ranked(counts: Sequence[OfCountry]) -> list[OfCountry]:
    """The countries with most experts first; those with as many by name."""
    places = words.by_country(row["country"] for row in counts)
    return sorted(counts, key=lambda row: (-row["count"], places.index(row["country"])))


def _bar(part: OfInstitution, scale: int) -> list[charts.Mark]:
    return charts.bar([("stated" if part["institution"] else "unstated", part["count"])], scale)


def _people(
    shown: Sequence[ExpertRow], held: Mapping[object, list[AssignmentRow]]
) -> tuple[
    list[tuple[ExpertRow, list[tuple[AssignmentRow, int | None]]]], list[tuple[int, AssignmentRow]]
]:
    """Experts with their assignments; a note that several share stands once, under a number."""
    notes: dict[tuple[str, str], tuple[int, AssignmentRow]] = {}
    people = []
    for expert in shown:
        parts: list[tuple[AssignmentRow, int | None]] = []
        for row in held.get(expert["code"], []):
            text = (row["note_lv"], row["note_en"])
            if any(text):
                notes.setdefault(text, (len(notes) + 1, row))
            parts.append((row, notes[text][0] if any(text) else None))
        people.append((expert, parts))
    return people, list(notes.values())
