"""The fictitious project at a stage of its story: its files as they stood then.

A stage that would lie in the future is told as many whole years of 52 weeks earlier as it takes,
so that the days of the week stay; the years in its texts follow.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from budget.money.models import EntryKind
from deliverables.ladder.status import Rung

STAGES = {
    "inception": dt.date(2026, 1, 31),
    "midterm": dt.date(2026, 11, 13),
    "closing": dt.date(2027, 8, 31),
}
YEAR = dt.timedelta(weeks=52)
_DATE = re.compile(r"20\d\d-\d\d(-\d\d)?")
_YEAR = re.compile(r"\b20(2[4-9])\b")
# What happens to a result is played, so its row begins as the plan of the contract has it.
_PLAYED = (
    "due_current", "delivered_on", "accepted_on", "adopted_on", "adopted_by_lv", "adopted_by_en",
    "reason_lv", "reason_en", "note_lv", "note_en",
)  # fmt: skip
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as it is told: `until` in the story's own time, `years` it is told earlier."""

    name: str
    until: dt.date
    years: int

    @property
    def day(self) -> dt.date:
        """The day of the stage as it is told."""
        return self.until - self.years * YEAR

    def shifted(self, row: Row) -> Row:
        """A row of a file with its dates and the years of its texts as they are told."""
        return {key: self._cell(key, value) for key, value in row.items()} if self.years else row

    def date(self, value: str) -> str:
        """A day or a month as it is told."""
        day = dt.date.fromisoformat(value if len(value) == 10 else f"{value}-15")
        return (day - self.years * YEAR).isoformat()[: len(value)]

    def _cell(self, key: str, value: str) -> str:
        if _DATE.fullmatch(value):
            return self.date(value)
        if key.endswith(("_lv", "_en")):
            return _YEAR.sub(lambda match: f"20{int(match[1]) - self.years:02}", value)
        return value


def stage(name: str, today: dt.date) -> Stage:
    until, years = STAGES[name], 0
    while until - years * YEAR > today:
        years += 1
    return Stage(name, until, years)


def rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def prepare(source: Path, target: Path, at: Stage) -> None:
    """Write the project's files as they stood before anything of the story happened."""
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            read = csv.DictReader(file)
            stood = [_as_it_stood(path.stem, row, at) for row in read]
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, read.fieldnames or [], lineterminator="\n")
            writer.writeheader()
            writer.writerows(at.shifted(row) for row in stood if row)


def _as_it_stood(table: str, row: Row, at: Stage) -> Row | None:
    until = at.until.isoformat()
    if table == "deliverables":
        return {**row, "rung": Rung.PLANNED, **dict.fromkeys(_PLAYED, "")}
    if table == "budget_entries" and row["kind"] == EntryKind.SPENT and row["on"] > until[:7]:
        return None
    if table == "measurements" and row["on"] > until:
        return None
    return row
