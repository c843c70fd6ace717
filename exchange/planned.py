"""What an import would do, as the preview shows it and as it is carried out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(slots=True)
class Change:
    """One cell: what stands in the register and what the file says. `theirs`: changed in both."""

    column: str
    label: str
    old: str
    new: str
    value: Any
    theirs: bool = False
    erases: bool = False


@dataclass(slots=True)
class Planned:
    """One row of the file; `row` is the register's, or a new one, with the changes in it."""

    number: int
    name: str
    row: Any
    is_new: bool
    changes: list[Change] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.is_new:
            return NEW
        return CHANGED if self.changes else UNCHANGED

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.theirs]

    def place(self, change: Change) -> str:
        """How the form calls the cell: "4:title_en"."""
        return f"{self.number}:{change.column}"


@dataclass(slots=True)
class Plan:
    table: str
    rows: list[Planned]
    notes: list[str]

    def counts(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)

    def warnings(self) -> dict[str, list[int]]:
        """Each warning and the rows that it is about."""
        told: dict[str, list[int]] = {}
        for row in self.rows:
            for _key, sentence in row.warnings:
                told.setdefault(sentence, []).append(row.number)
        return told

    def conflicts(self) -> list[tuple[Planned, Change]]:
        return [(row, change) for row in self.rows for change in row.conflicts]

    def digest(self) -> str:
        """Equal when the same would be done with the same rows."""
        told = [
            [row.number, row.outcome, getattr(row.row, "version", 0) if not row.is_new else 0,
             [[c.column, c.old, c.new, c.theirs] for c in row.changes], row.warnings]
            for row in self.rows
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([self.table, told]).encode()).hexdigest()
