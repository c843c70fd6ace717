"""How far indicators have come, and what OPSYS is to be told of them. Pure.

Definitions and worked examples: docs/arithmetic.md. OPSYS asks for baseline, target and current
value with their dates, source and comment (reporting of results, since 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from deliverables.fields.shares import Share

Row = Mapping[str, Any]
Value = TypeVar("Value", bound=Row)
SHEET = (
    "code", "title", "unit", "baseline", "baseline_on", "target", "target_on", "value", "on",
    "source", "comment",
)  # fmt: skip
UNITS = {"number": "number", "percent": "per cent", "yes_no": "yes or no", "text": "text"}


def way(baseline: object, target: object, value: object) -> Share | None:
    """The part of the way from baseline to target; None where one of them is not a number.

    It may be more than the whole, or less than nothing: a value can fall behind its baseline.
    """
    if baseline in (None, "") or target in (None, "") or value in (None, ""):
        return None
    start, end, now = (Decimal(str(number)) for number in (baseline, target, value))
    if start == end:
        return None
    return Share(now - start, end - start) if end > start else Share(start - now, start - end)


def newest(values: Iterable[Value], until: str = "9999") -> dict[str, Value]:
    """The last value of each indicator, by its code."""
    latest: dict[str, Value] = {}
    for row in sorted(values, key=lambda row: str(row["on"])):
        if str(row["on"]) <= until:
            latest[row["indicator"]] = row
    return latest


def sheet(
    indicators: Iterable[Row], values: Iterable[Row], until: str = "9999"
) -> list[dict[str, str]]:
    """One line for each indicator, in the order and the language (English) of OPSYS, with the
    value of a day until then."""
    last = newest(values, until)
    return [_line(row, last.get(row["code"])) for row in indicators]


def _line(row: Row, value: Row | None) -> dict[str, str]:
    line = {
        "code": row["code"],
        "title": row["title_en"],
        "unit": row["unit"],
        "baseline": _said(row["unit"], row["baseline"], row["baseline_en"]),
        "baseline_on": row["baseline_on"],
        "target": _said(row["unit"], row["target"], row["target_en"]),
        "target_on": row["target_on"],
        "value": "",
        "on": "",
        "source": row["source_en"],
        "comment": _comment(row, value),
    }
    if value:
        now = _said(row["unit"], value["value"], value["words_en"])
        line |= {"value": now if value["applies"] else "not applicable", "on": value["on"]}
        line["source"] = value["source_en"] or line["source"]
    return line


def _comment(row: Row, value: Row | None) -> str:
    """What the other columns have no room for: words that stand beside numbers, the evidence of
    the value, and the source of verification where the value names one of its own."""
    now: Row = value or {}
    parts = [
        ("", now.get("words_en") if now.get("value") is not None else ""),
        ("baseline: ", row["baseline_en"] if row["baseline"] is not None else ""),
        ("target: ", row["target_en"] if row["target"] is not None else ""),
        ("evidence ", now.get("evidence")),
        ("source of verification: ", row["source_en"] if now.get("source_en") else ""),
    ]
    said = (f"{name}{text}" for name, text in parts if text and text != now.get("source_en"))
    return "; ".join(said)


def _said(unit: str, number: object, words: str) -> str:
    if number in (None, ""):
        return words
    if unit == "yes_no":
        return "yes" if Decimal(str(number)) else "no"
    return f"{number} %" if unit == "percent" else str(number)


def pasted(lines: Iterable[Mapping[str, str]]) -> str:
    """The sheet as a spreadsheet takes it from the clipboard: a header, cells apart by tabs."""
    rows = [SHEET, *(tuple(line[key] for key in SHEET) for line in lines)]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


@dataclass(frozen=True, slots=True)
class MovedCell:
    """One cell of the sheet that is not what was submitted last."""

    code: str
    column: str
    old: str
    new: str


def since(now: Iterable[Mapping[str, str]], then: Iterable[Mapping[str, str]]) -> list[MovedCell]:
    """What changed on the sheet since it was submitted; a new indicator has all its cells."""
    before = {row["code"]: row for row in then}
    return [
        MovedCell(row["code"], column, before.get(row["code"], {}).get(column, ""), row[column])
        for row in now
        for column in SHEET[1:]
        if row[column] != before.get(row["code"], {}).get(column, "")
    ]
