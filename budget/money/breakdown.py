"""The budget by heading, component, partner or quarter. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from budget.money.absorption import Absorption, absorb, absorb_part, counting
from deliverables.fields.quarters import of_date

BY = ("heading", "component", "partner", "quarter")
Row = Mapping[str, Any]


def breakdown(
    lines: Iterable[Row], entries: Iterable[Row], by: str
) -> list[tuple[str | int, Absorption]]:
    """The sums of each group in order; "" is what names no group, and comes last.

    A quarter without an entry of spending is not reported: what was spent in it is not known.
    """
    of_line = {line["code"]: line for line in lines}
    kept = counting(entries)  # before they part: a correction may stand in another quarter

    def group(entry: Row) -> str | int:
        if by == "quarter":
            return of_date(entry["on"])
        value: str | int | None = of_line[entry["line"]][by]
        return "" if value is None else value

    groups: dict[str | int, list[Row]] = {}
    for entry in kept:
        groups.setdefault(group(entry), []).append(entry)
    named = [key for key in groups if key != ""]
    if by == "quarter":
        named.sort()
    else:
        named.sort(key=list(dict.fromkeys(line[by] for line in of_line.values())).index)
    whole = absorb(kept)
    ordered = (*named, *([""] if "" in groups else []))
    unreported = {
        key
        for key in named
        if by == "quarter" and all(entry["kind"] != "spent" for entry in groups[key])
    }
    return [
        (key, absorb(groups[key]) if key in unreported else absorb_part(groups[key], whole))
        for key in ordered
    ]
