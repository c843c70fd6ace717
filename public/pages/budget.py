"""What a project costs: the budget by any of its sides, its changes, and the entries. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from public import sentences
from public.charts import findings, spending
from public.charts.geometry import Money
from public.http import query_string
from public.pages import overview
from public.rows import Row, group, index
from releases.published import (
    BY,
    Absorption,
    ChangeRow,
    Document,
    Drift,
    HeadingRow,
    MoveRow,
    Reading,
    absorb_part,
    breakdown,
    counting,
    drifts,
)

Named = Row | str | int  # what a group of sums is called by
Sums = tuple[Named, Absorption, Money | None]


def budget(reading: Reading, query: query_string.Query) -> dict[str, Any]:
    """Sums by line and by one of the sides, reallocation, and the entries behind them all."""
    document = reading.document
    entries = document["budget_entries"]
    of_line = group(entries, "line")
    lines = query_string.page(query, document["budget_lines"])
    sides = _sides(document)
    by = query_string.one_of(query, "by", sides or BY) or (sides[0] if sides else "")
    counted = {(row["line"], row["code"]) for row in counting(entries)}
    listed = query_string.page(query, entries, "entries")
    quarterly = by_quarter(document) if by == "quarter" else None
    return {
        "money": overview.money(document["totals"]["budget"]),
        "lines": lines,
        "sums": [
            _summed(row, absorb_part(of_line.get(row["code"], []), document["totals"]["budget"]))
            for row in lines
        ],
        "by": by,
        "kept": query_string.kept(query, ("by",)),
        "sides": sides,
        "parts": _parts(document, by) if by in sides else [],
        "spending": quarterly,
        "finding": findings.spending(quarterly) if quarterly else "",
        "unit": sentences.unit(quarterly.unit) if quarterly else "",
        "drifts": _drifts(document),
        "rules": next(iter(document["rulesets"]), None),
        "changes": _changes(document),
        "entries": listed,
        "shown": [(row, (row["line"], row["code"]) in counted) for row in listed],
    }


def by_quarter(document: Document) -> spending.Spending | None:
    """The columns of its quarters; None where no entry tells its quarter."""
    sums = breakdown(document["budget_lines"], document["budget_entries"], "quarter")
    return spending.spending(sums)


def _summed(row: Named, total: Absorption) -> Sums:
    return row, total, overview.money(total)


def _sides(document: Document) -> list[str]:
    """The sides by which the budget can be told: those that some line or entry names."""
    lines: Sequence[Row] = document["budget_lines"]
    named = [side for side in BY[:3] if any(row[side] not in (None, "") for row in lines)]
    dated = any(len(row["on"]) >= 7 for row in document["budget_entries"])
    return [*named, *(["quarter"] if dated else [])]


def _parts(document: Document, by: str) -> list[Sums]:
    """The groups with their sums; each named by its row, a quarter by its name, "" by nothing."""
    rows: dict[str, Callable[[], Mapping[object, Row]]] = {
        "heading": lambda: index(document["budget_headings"]),
        "component": lambda: index(document["components"], "number"),
        "partner": lambda: index(document["partnerships"]),
    }
    known = rows[by]() if by in rows else {}
    totals = breakdown(document["budget_lines"], document["budget_entries"], by)
    return [_summed(known.get(key, key), total) for key, total in totals]


def _drifts(document: Document) -> list[tuple[HeadingRow, Drift]]:
    """Each heading with how far changes moved it, where a change moved any money."""
    headings = document["budget_headings"]
    if not any(row["change"] for row in document["budget_entries"]):
        return []
    rules = next(iter(document["rulesets"]), None)
    changes = document["contract_changes"]
    drifted = drifts(headings, document["budget_lines"], document["budget_entries"], changes, rules)
    known = index(headings)
    return [(known[drift.code], drift) for drift in drifted]


def _changes(document: Document) -> list[tuple[ChangeRow, list[tuple[MoveRow, str | None]]]]:
    """Signed changes of the contract, each with what it moved; amounts with what they became."""
    moves = group(document["contract_moves"], "change")
    return [
        (row, [(move, _became(move)) for move in moves.get(row["code"], [])])
        for row in document["contract_changes"]
    ]


def _became(move: MoveRow) -> str | None:
    if not move["line"]:
        return None
    return str(Decimal(move["old_amount"] or 0) + Decimal(move["amount"] or 0))
