"""The list of results, filtered. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from public.charts import geometry as charts
from public.http import query_string
from public.results import LATE, Result, of
from public.rows import group
from releases.published import DeliverableRow, Document, ItemRow, Reading, Rung, fold, words


def _wanted(document: Document, query: query_string.Query) -> dict[str, str]:
    """The filters of the list, each checked."""
    numbers = [str(row["number"]) for row in document["components"]]
    return {
        "component": query_string.one_of(query, "component", numbers),
        "rung": query_string.one_of(query, "rung", dict(words.values("deliverables", "rung"))),
        "kind": query_string.one_of(query, "kind", dict(words.values("deliverables", "kind"))),
        "late": query_string.one_of(query, "late", LATE),
        "counted": query_string.one_of(query, "counted", ("no",)),
        "q": query_string.search(query),
    }


def _tests(document: Document, wanted: dict[str, str]) -> Iterable[Callable[[Result], bool]]:
    """One test per filter that is set; without a rung only what the figures count."""
    if wanted["counted"]:
        yield lambda result: not result.counted
    elif wanted["rung"] != Rung.DROPPED:
        yield lambda result: result.counted
    if wanted["component"]:
        yield lambda result: str(result.row["component"]) == wanted["component"]
    if wanted["rung"]:
        yield lambda result: result.row["rung"] == wanted["rung"]
    if wanted["kind"]:
        yield lambda result: result.row["kind"] == wanted["kind"]
    if wanted["late"]:
        yield lambda result: result.is_late(wanted["late"])
    if wanted["q"]:
        yield _has_all(fold(wanted["q"]).split(), group(document["items"], "deliverable"))


def _has_all(
    asked_for: list[str], items: Mapping[object, list[ItemRow]]
) -> Callable[[Result], bool]:
    """Whether each word stands somewhere in a result or its items."""

    def has_all(result: Result) -> bool:
        text = _text(result.row, items.get(result.row["code"], []))
        return all(word in text for word in asked_for)

    return has_all


def _text(row: DeliverableRow, items: Iterable[ItemRow]) -> str:
    """What the search reads: codes and titles of a result and its items."""
    parts = ((part["code"], part["title_lv"], part["title_en"]) for part in (row, *items))
    return fold(" ".join(text for texts in parts for text in texts))


def deliverables(reading: Reading, query: query_string.Query) -> dict[str, Any]:
    """The list with its filters. Its unfiltered length is the number that the dashboard gives."""
    document = reading.document
    wanted = _wanted(document, query)
    everything = of(reading)
    chosen = _chosen(document, wanted, everything)
    kinds = {result.row["kind"] for result in everything}
    kept = {name: value for name, value in wanted.items() if value}
    return {
        "list": query_string.page(query, chosen),
        "whole": sum(result.counted for result in everything),
        "uncounted": sum(not result.counted for result in everything),
        "wanted": wanted,
        "kept": kept,
        "components": document["components"],
        "rungs": words.values("deliverables", "rung"),
        "kinds": [pair for pair in words.values("deliverables", "kind") if pair[0] in kinds],
        "planned": any(result.due for result in everything),
    }


def _chosen(document: Document, wanted: dict[str, str], known: list[Result]) -> list[Result]:
    for test in _tests(document, wanted):
        known = [result for result in known if test(result)]
    return known


def narrowed(reading: Reading, table: str, query: query_string.Query) -> tuple[Document, str]:
    """The document with the results that the list shows under the same filters, and what the name
    of a file says of them; of other tables, and without a filter, all of it, and ""."""
    document = reading.document
    if table != "deliverables":
        return document, ""
    wanted = {name: text for name, text in _wanted(document, query).items() if text}
    if not wanted:
        return document, ""
    every = dict.fromkeys(("component", "rung", "kind", "late", "counted", "q"), "") | wanted
    chosen = [result.row for result in _chosen(document, every, of(reading))]
    plain = {name: re.sub(r"[^a-z0-9]+", "-", fold(text))[:40] for name, text in wanted.items()}
    said = "_".join(f"{name}-{text}" for name, text in plain.items())
    return {**document, "deliverables": chosen}, f"_{said}"


def legend(by_rung: dict[str, int]) -> list[tuple[str, int]]:
    """The rungs that a bar shows, in its order, with their counts."""
    return [(rung, by_rung[rung]) for rung in charts.ORDER if by_rung.get(rung)]
