"""What an import would do, as the preview shows it and as it is carried out."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from django.db.models import Model

# What a cell means to its column: of a reference the row, of a list its codes.
Value: TypeAlias = str | int | Decimal | dt.date | bool | list[str] | Model | None
Key: TypeAlias = tuple[tuple[Value], ...]  # of a row: a part is a tuple of one value

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
CONFLICT, WARNING = "conflict", "warning"


@dataclass(slots=True)
class CellChange:
    """One cell: what stands in the register and what the file says. `theirs`: changed in both;
    `unseen`: the characters in which two texts differ that look alike."""

    column: str
    label: str
    old: str
    new: str
    theirs: bool = False
    erases: bool = False
    unseen: str = ""


@dataclass(slots=True)
class Planned:
    """One row of the file that is new or changed.

    `key` and `version` are those of the register's row, None where the row is new; `cells` what is
    written, by column, as PostgreSQL reads it from JSON.
    """

    number: int
    name: str
    key: int | None = None
    version: int | None = None
    cells: dict[str, Value] = field(default_factory=dict)
    changes: list[CellChange] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    table: str = ""  # where a file has several

    @property
    def is_new(self) -> bool:
        return self.key is None

    @property
    def outcome(self) -> str:
        if self.is_new:
            return NEW
        return CHANGED if self.changes else UNCHANGED

    @property
    def conflicts(self) -> list[CellChange]:
        return [change for change in self.changes if change.theirs]

    def place(self, change: CellChange) -> str:
        """How the form calls the cell: "4:title_en", or "items:4:title_en"."""
        return f"{self.table}:{self.number}:{change.column}".removeprefix(":")

    def is_a(self, kind: str) -> bool:
        """Whether a filter of the preview shows it."""
        of = {CONFLICT: bool(self.conflicts), WARNING: bool(self.warnings)}
        return of.get(kind, self.outcome == kind)


@dataclass(slots=True)
class DraftRow(Planned):
    """A row while it is planned: `row` has the changes in it, `values` what the cells mean."""

    row: Model = field(kw_only=True)
    values: dict[str, Value] = field(default_factory=dict)

    def planned(self, cells: dict[str, Value]) -> Planned:
        return Planned(
            self.number, self.name, self.key, self.version, cells, self.changes, self.warnings
        )


@dataclass(slots=True)
class Plan:
    """`rows` are those that are new or changed; `projects` are those that they belong to."""

    table: str
    rows: list[Planned]
    unchanged: int
    notes: list[str]
    sheet: str = ""
    projects: list[str] = field(default_factory=list)
    consequences: list[str] = field(default_factory=list)
    event: int = 0  # the last one of the trail before it was made

    def counts(self) -> Counter[str]:
        """How many rows each filter shows, and how many stay as they are."""
        kinds = (NEW, CHANGED, CONFLICT, WARNING)
        counts = Counter({kind: sum(row.is_a(kind) for row in self.rows) for kind in kinds})
        return counts + Counter({UNCHANGED: self.unchanged})

    def warnings(self) -> dict[str, list[str]]:
        """Each warning and the rows that it is about."""
        places: dict[str, list[str]] = {}
        for row in self.rows:
            for _key, sentence in row.warnings:
                places.setdefault(sentence, []).append(f"{row.table} {row.number}".lstrip())
        return places

    def conflicts(self) -> list[tuple[Planned, CellChange]]:
        return [(row, change) for row in self.rows for change in row.conflicts]

    def digest(self) -> str:
        """Equal when the same would be done with the same rows."""
        rows = [
            [row.table, row.number, row.outcome, row.version,
             [[c.column, c.old, c.new, c.theirs] for c in row.changes], row.warnings]
            for row in self.rows
        ]  # fmt: skip
        said = [self.table, self.notes, self.consequences, rows]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class Steps(Protocol):
    """Columns of a table that only an action moves, such as the state of a row."""

    columns: tuple[str, ...]

    def refusal(self, row: Any, values: Mapping[str, Value]) -> str | None:
        """Why this person cannot have these values; None where the step can be taken."""

    def take(self, row: Any, values: Mapping[str, Value]) -> None:
        """Take the step, as its page does."""
