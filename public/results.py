"""Results on the pages: one with its timing, lists of them, a component, a deliverable. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from public import asked, charts, sentences
from public.refusals import NotThere, quoted
from public.rows import Document, Row, group, index, is_code
from releases import words
from releases.document import BEGUN, CLOSED, LADDER, Rung, at_least
from releases.reading import Reading, Timing, fold, timing

SOON = 60  # days
LATE = ("now", "current", "original", "soon")


@dataclass(frozen=True)
class Result:
    """A deliverable as a day sees it, and why a date of it is missing."""

    row: Row
    timing: Timing
    basis: str

    @property
    def counted(self) -> bool:
        """Whether it belongs to the results that the figures count."""
        return bool(self.row["active"]) and self.row["rung"] != Rung.DROPPED

    def is_late(self, against: str) -> bool:
        """Late `now` (not delivered), against the `current` or `original` date; or due `soon`."""
        here = self.timing
        days = {"current": here.days_current, "original": here.days_original}.get(against)
        if against == "now":
            return here.state == "late"
        if against == "soon":
            return here.state == "open" and -SOON <= (here.days_current or 0) <= 0
        return days is not None and days > 0

    @property
    def is_open(self) -> bool:
        return self.timing.state in ("late", "open")

    @property
    def in_time(self) -> str:
        return sentences.in_time(self.timing, self.row["rung"])

    @property
    def after_the_first_plan(self) -> str:
        return sentences.after_the_first_plan(self.timing)

    @property
    def was_late(self) -> bool:
        return self.timing.state in ("late", "done_late")

    @property
    def no_time(self) -> str:
        """Why `in_time` says nothing."""
        if self.timing.state == "not_planned":
            return self.no_due
        return "does_not_apply" if self.timing.state == "closed" else "not_stated"

    @property
    def due(self) -> str:
        return str(self.row["due_current"] or self.row["due_original"])

    @property
    def no_due(self) -> str:
        return "not_planned" if self.basis == "contract" else "not_stated"

    @property
    def no_delivery(self) -> str:
        if self.row["rung"] in CLOSED:
            return "does_not_apply"
        return "not_yet" if self.row["rung"] in BEGUN else "not_stated"

    @property
    def no_acceptance(self) -> str:
        if self.row["rung"] in (*CLOSED, Rung.PARTIALLY_DELIVERED):
            return "does_not_apply"
        stated = self.basis == "contract" and self.row["rung"] not in at_least(Rung.ACCEPTED)
        return "not_yet" if stated else "not_stated"


def of(reading: Reading) -> list[Result]:
    """All deliverables of the document, also those that the figures do not count."""
    basis = reading.document["project"]["results_basis"]
    return [Result(row, timing(row, reading.on), basis) for row in reading.document["deliverables"]]


def _wanted(document: Document, query: asked.Query) -> dict[str, str]:
    """The filters of the list, each checked."""
    numbers = [str(row["number"]) for row in document["components"]]
    return {
        "component": asked.one_of(query, "component", numbers),
        "rung": asked.one_of(query, "rung", dict(words.values("deliverables", "rung"))),
        "kind": asked.one_of(query, "kind", dict(words.values("deliverables", "kind"))),
        "late": asked.one_of(query, "late", LATE),
        "counted": asked.one_of(query, "counted", ("no",)),
        "q": asked.search(query),
    }


def _tests(document: Document, wanted: dict[str, str]) -> Iterable[Callable[[Result], bool]]:
    """One test per filter that is set; without a rung only what the figures count."""
    if wanted["counted"]:
        yield lambda result: not result.counted
    elif wanted["rung"] != "dropped":
        yield lambda result: result.counted
    if wanted["component"]:
        yield lambda result: str(result.row["component"]) == wanted["component"]
    for column in ("rung", "kind"):
        if wanted[column]:
            yield lambda result, column=column: result.row[column] == wanted[column]  # type: ignore[misc]
    if wanted["late"]:
        yield lambda result: result.is_late(wanted["late"])
    if wanted["q"]:
        yield _has_all(fold(wanted["q"]).split(), group(document["items"], "deliverable"))


def _has_all(asked_for: list[str], items: dict[str, list[Row]]) -> Callable[[Result], bool]:
    """Whether each word stands somewhere in a result or its items."""

    def has_all(result: Result) -> bool:
        text = _text(result.row, items.get(result.row["code"], []))
        return all(word in text for word in asked_for)

    return has_all


def _text(row: Row, items: Iterable[Row]) -> str:
    """What the search reads: codes and titles of a result and its items."""
    parts = [part[key] for part in (row, *items) for key in ("code", "title_lv", "title_en")]
    return fold(" ".join(parts))


def deliverables(reading: Reading, query: asked.Query) -> dict[str, Any]:
    """The list with its filters. Its unfiltered length is the number that the dashboard gives."""
    document = reading.document
    wanted = _wanted(document, query)
    everything = of(reading)
    found = everything
    for test in _tests(document, wanted):
        found = [result for result in found if test(result)]
    kinds = {result.row["kind"] for result in everything}
    kept = {name: value for name, value in wanted.items() if value}
    return {
        "list": asked.page(query, found),
        "whole": sum(result.counted for result in everything),
        "uncounted": sum(not result.counted for result in everything),
        "wanted": wanted,
        "kept": kept,
        "components": document["components"],
        "rungs": words.values("deliverables", "rung"),
        "kinds": [pair for pair in words.values("deliverables", "kind") if pair[0] in kinds],
        "planned": any(result.due for result in everything),
    }


def component(reading: Reading, number: str, query: asked.Query) -> dict[str, Any]:
    """One component: who leads it, its figures, its results."""
    document = reading.document
    known = {str(row["number"]): row for row in document["components"]}
    if number not in known:
        raise NotThere(
            _("%(project)s has no component “%(asked)s”. Its components are: %(known)s.")
            % {
                "project": document["project"]["reference"],
                "asked": quoted(number),
                "known": ", ".join(known),
            }
        )
    row = known[number]
    mine = [
        result
        for result in of(reading)
        if result.row["component"] == row["number"] and result.counted
    ]
    count = next(c for c in document["totals"]["components"] if c["number"] == row["number"])
    roles = [
        part
        for part in document["assignments"]
        if part["component"] == row["number"] and part["function"] != "short_term_expert"
    ]
    return {
        "component": row,
        "count": count,
        "bar": charts.rungs(count["by_rung"], count["whole"]),
        "legend": legend(count["by_rung"]),
        "titles": [part for part in document["titles"] if part["component"] == row["number"]],
        "roles": roles,
        "terms": index(document.get("terms", []), "function"),
        "led": any(part["function"] == "component_leader" for part in roles),
        "list": asked.page(query, mine),
    }


def legend(by_rung: dict[str, int]) -> list[tuple[str, int]]:
    """The rungs that a bar shows, in its order, with their counts."""
    return [(rung, by_rung[rung]) for rung in charts.ORDER if by_rung.get(rung)]


@dataclass(frozen=True)
class Step:
    """A rung on the drawn ladder: `state` is passed, here or ahead; `on` a date, or why none."""

    rung: str
    state: str
    on: str
    absent: str


def ladder(result: Result) -> list[Step]:
    """The six rungs, and the side exit where it was taken."""
    row, rung = result.row, result.row["rung"]
    begun = 1 if rung == Rung.PARTIALLY_DELIVERED else 0
    reached = LADDER.index(rung) if rung in LADDER else begun
    dates = {"delivered": row["delivered_on"], "accepted": row["accepted_on"]}
    ahead = "not_yet" if result.basis == "contract" else "not_stated"
    if rung in CLOSED:
        ahead = "does_not_apply"
    steps = [
        Step(
            name,
            "ahead" if place > reached else "here" if name == rung else "passed",
            dates.get(name, "") if place <= reached else "",
            (ahead if place > reached else "not_stated" if name in dates else ""),
        )
        for place, name in enumerate(LADDER)
    ]
    if rung not in LADDER:
        steps.insert(reached + 1, Step(rung, "here", row["delivered_on"], ""))
    return steps


def deliverable(reading: Reading, code: str, query: asked.Query) -> dict[str, Any]:
    """One deliverable with everything that the document says of it."""
    document = reading.document
    results = of(reading)
    codes = [result.row["code"] for result in results]
    if not is_code(code) or code not in codes:
        raise NotThere(
            _("%(project)s has no result with the code “%(asked)s”. The list holds all codes.")
            % {"project": document["project"]["reference"], "asked": quoted(code)}
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
        "items": [(row, figures.get(row["code"], [])) for row in mine],
        "list": asked.page(query, [e for e in document["evidence"] if e["deliverable"] == code]),
        "before": codes[place - 1] if place else None,
        "after": codes[place + 1] if place + 1 < len(codes) else None,
    }
