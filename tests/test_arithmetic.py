"""docs/arithmetic.md is computed again, row by row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings

from budget.absorption import absorb
from deliverables.progress import Share, count, timing


def examples(name: str) -> list[dict[str, str]]:
    """The rows of the table under `<!-- name -->`; a repeated heading gets a number."""
    text = (settings.BASE_DIR / "docs" / "arithmetic.md").read_text(encoding="utf-8")
    table = text.split(f"<!-- {name} -->\n")[1].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    heads: list[str] = []
    for head in cells[0]:
        heads.append(head if head not in heads else f"{head} 2")
    return [dict(zip(heads, row, strict=True)) for row in cells[2:]]


def none_or(text: str, read: Any) -> Any:
    return None if text == "none" else read(text)


@pytest.mark.parametrize("row", examples("share"), ids=str)
def test_shares(row: dict[str, str]) -> None:
    share = Share(int(row["part"]), int(row["whole"]))

    assert str(share.percent).lower() == row["percent"]
    assert share.complete == (row["complete"] == "yes")


@pytest.mark.parametrize("row", examples("results"), ids=str)
def test_results(row: dict[str, str]) -> None:
    rungs = row["rungs"].split(", ")
    counted = count(
        {"rung": rung.removeprefix("x"), "active": not rung.startswith("x")} for rung in rungs
    )

    names = {"in force": "whole"}
    for head in ("in force", "delivered", "documented", "accepted", "confirmed"):
        assert counted[names.get(head, head)] == int(row[head]), head


@pytest.mark.parametrize("row", examples("late"), ids=str)
def test_late(row: dict[str, str]) -> None:
    deliverable = {
        "rung": row["rung"],
        "due_original": row["original"],
        "due_current": row["current"],
        "delivered_on": row["delivered"],
    }

    told = timing(deliverable, dt.date.fromisoformat(row["on"]))

    assert (told.state, told.days_original, told.days_current) == (
        row["state"],
        none_or(row["days original"], int),
        none_or(row["days current"], int),
    )


@pytest.mark.parametrize("row", examples("absorption"), ids=str)
def test_absorption(row: dict[str, str]) -> None:
    amounts = (("planned", row["rounded to"]), ("spent", row["rounded to 2"]))
    entries = [
        {"kind": kind, "amount": row[kind], "rounded_to": rounded or None}
        for kind, rounded in amounts
        if row[kind] != "none"
    ]

    told = absorb(entries)

    assert (told["percent"], told["percent_low"], told["percent_high"]) == (
        none_or(row["percent"], str),
        none_or(row["low"], str),
        none_or(row["high"], str),
    )
