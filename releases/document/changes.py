"""What changed between two documents. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What tells the rows of a table apart within one document.
KEYS: dict[str, tuple[str, ...]] = {
    "sources": ("code",),
    "titles": ("component", "position"),
    "suspensions": ("from_on",),
    "components": ("number",),
    "deliverables": ("code",),
    "items": ("deliverable", "code"),
    "figures": ("deliverable", "item", "position"),
    "evidence": ("code",),
    "statements": ("code",),
    "institutions": ("code",),
    "partnerships": ("code",),
    "experts": ("code",),
    "assignments": ("code",),
    "rulesets": ("project",),
    "terms": ("function",),
    "reports": ("number",),
    "budget_headings": ("code",),
    "budget_lines": ("code",),
    "budget_entries": ("line", "code"),
    "contract_changes": ("code",),
    "contract_moves": ("change", "code"),
    "work_plans": ("code",),
    "activities": ("code",),
    "activity_deliverables": ("activity", "deliverable"),
    "planned_activities": ("plan", "activity"),
    "indicators": ("code",),
    "measurements": ("indicator", "on"),
    "person_days": ("activity",),
}

Document = Mapping[str, Any]
Rows = Sequence[Mapping[str, object]]
FOLLOWS = {"counts"}  # from a row that came, or a cell that changed, which is told by itself


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """One row that is new, gone or changed; `cells` are (column, old, new) of a changed one."""

    table: str
    row: str
    what: str
    cells: tuple[tuple[str, object, object], ...] = ()


def between(old: Document | None, new: Document) -> list[DocumentDifference]:
    """In the order of the tables; everything is new where there is no old document."""
    differences = list(_changed("projects", "", old["project"] if old else {}, new["project"]))
    for table, keys in KEYS.items():
        differences += _table(table, keys, (old or {}).get(table, []), new.get(table, []))
    return differences


def counts(old: Document | None, new: Document) -> dict[str, int]:
    """How many rows are new, changed and gone; without those of which there are none."""
    return dict(Counter(difference.what for difference in between(old, new)))


def _table(table: str, keys: tuple[str, ...], old: Rows, new: Rows) -> list[DocumentDifference]:
    def by_key(rows: Rows) -> dict[str, Mapping[str, object]]:
        return {" ".join(str(row[key]) for key in keys).strip(): row for row in rows}

    before, after = by_key(old), by_key(new)
    differences = []
    for key, row in after.items():
        if key not in before:
            differences.append(DocumentDifference(table, key, "new"))
        else:
            differences += _changed(table, key, before[key], row)
    return differences + [
        DocumentDifference(table, key, "gone") for key in before if key not in after
    ]


def _changed(
    table: str, key: str, old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[DocumentDifference]:
    if not old:
        yield DocumentDifference(table, key, "new")
        return
    cells = tuple(
        (column, old.get(column), new.get(column))
        for column in {**old, **new}
        if old.get(column) != new.get(column) and column not in FOLLOWS
    )
    if cells:
        yield DocumentDifference(table, key, "changed", cells)
