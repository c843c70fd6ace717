"""A result: its ladder, what belongs to it and what proves it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from public.http import query_string
from public.http.refusals import NotThere, quoted
from public.results import Result, of
from public.rows import group, index, is_code, name_of
from releases.published import CLOSED, LADDER, Document, EvidenceRow, ItemRow, Reading, Rung


@dataclass(frozen=True)
class LadderRung:
    """A rung on the drawn ladder: `state` is passed, here or ahead; `on` a date, or why none."""

    rung: str
    state: str
    on: str
    absent: str


def ladder(result: Result) -> list[LadderRung]:
    """The six rungs, and the side exit where it was taken."""
    row, rung = result.row, result.row["rung"]
    begun = 1 if rung == Rung.PARTIALLY_DELIVERED else 0
    reached = LADDER.index(rung) if rung in LADDER else begun
    dates = {"delivered": row["delivered_on"], "accepted": row["accepted_on"]}
    ahead = "not_yet" if result.basis == "contract" else "not_stated"
    if rung in CLOSED:
        ahead = "does_not_apply"
    steps = [
        LadderRung(
            name,
            "ahead" if place > reached else "here" if name == rung else "passed",
            dates.get(name, "") if place <= reached else "",
            (ahead if place > reached else "not_stated" if name in dates else ""),
        )
        for place, name in enumerate(LADDER)
    ]
    if rung not in LADDER:
        steps.insert(reached + 1, LadderRung(rung, "here", row["delivered_on"], ""))
    return steps


def _evidence(document: Document, code: str, items: list[ItemRow]) -> list[EvidenceRow]:
    """What a result as a whole rests on: what proves an item alone stands beside that item."""
    own = {item["evidence"] for item in items if item["evidence"]}
    rows = [row for row in document["evidence"] if row["deliverable"] == code]
    return [row for row in rows if row["code"] not in own or row["kind"] != "publication"]


def deliverable(reading: Reading, code: str, query: query_string.Query) -> dict[str, Any]:
    """One deliverable with everything that the document says of it."""
    document = reading.document
    results = of(reading)
    codes = [result.row["code"] for result in results]
    if not is_code(code) or code not in codes:
        raise NotThere(
            _("%(project)s has no result with the code “%(asked)s”. The list holds all codes.")
            % {"project": name_of(document["project"]), "asked": quoted(code)}
        )
    place = codes.index(code)
    result = results[place]
    figures = group((row for row in document["figures"] if row["deliverable"] == code), "item")
    mine = [row for row in document["items"] if row["deliverable"] == code]
    return {
        "result": result,
        "row": result.row,
        "component": index(document["components"], "number").get(result.row["component"]),
        "steps": ladder(result),
        "entered_from": index(document["sources"]).get(result.row["entered_from"]),
        "parts": [part for part in results if part.row["parent"] == code and part.row["active"]],
        "items": [(row, figures.get(row["code"], [])) for row in mine],
        "list": query_string.page(query, _evidence(document, code, mine)),
        "before": codes[place - 1] if place else None,
        "after": codes[place + 1] if place + 1 < len(codes) else None,
    }
