"""A document for who sees a part of a project: own components as they are, the rest as released.

A row without a component, the project's own among them, is the whole project's: leaders write it,
so it stands as the last release has it. Where that lacks what an own row rests on, a source or an
expert, it is taken from the live tables; a reference to another component's row that no release
has is left out. Figures are counted anew from what stands there. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, cast

from releases.document.build import Row, totals, without_drafts
from releases.document.changes import KEYS
from releases.document.shapes import Document, Tables

Rows = list[dict[str, Any]]
# The column that says the component of a row, or the row that says it: (column, its table).
OF: dict[str, tuple[str, str]] = {
    "components": ("number", ""),
    "deliverables": ("component", ""),
    "titles": ("component", ""),
    "assignments": ("component", ""),
    "activities": ("component", ""),
    "indicators": ("component", ""),
    "person_days": ("component", ""),
    "items": ("deliverable", "deliverables"),
    "figures": ("deliverable", "deliverables"),
    "evidence": ("deliverable", "deliverables"),
    "activity_deliverables": ("activity", "activities"),
    "planned_activities": ("activity", "activities"),
    "measurements": ("indicator", "indicators"),
}
# What a row names: the column and the table in which the row has that code.
NAMES = {
    "evidence": "evidence", "source": "sources", "expert": "experts", "plan": "work_plans",
    "institution": "institutions", "deliverable": "deliverables", "activity": "activities",
    "parent": "deliverables", "entered_from": "sources",
}  # fmt: skip
NO_COMPONENT: tuple[object, ...] = (None, "")  # 0 is one like the others
# Listed as far as another row names them, as a release lists them.
NAMED_ONLY = {
    "experts": ("assignments",),
    "institutions": ("partnerships", "assignments", "experts"),
}


def composed(live: Document, last: Document | None, own: frozenset[int]) -> Document:
    """What the next release would hold if nobody but those who write the components `own` had
    changed anything since `last`; without one, those components and nothing else."""
    released: Mapping[str, Any] = last or {"project": live["project"]}
    names = [name for name, rows in live.items() if isinstance(rows, list)]
    tables = {name: _merged(name, live, released, own) for name in names}
    _complete(tables, live)
    without_drafts(tables)
    for name, naming in NAMED_ONLY.items():
        column = name.removesuffix("s")
        named = {row[column] for table in naming for row in tables.get(table, ())}
        tables[name] = [row for row in tables.get(name, []) if row["code"] in named]
    project = released["project"]
    figures = totals(project, cast("Tables", tables))
    return cast("Document", {**live, "project": project, **tables, "totals": figures})


def _key(name: str, row: Row) -> tuple[str, ...]:
    return tuple(str(row[column]) for column in KEYS[name])


def _components(name: str, document: Mapping[str, Any]) -> Iterator[tuple[Row, int | None]]:
    """The rows of a table, each with the component that it is of."""
    column, parents = OF.get(name, ("", ""))
    known = {}
    if parents:
        known = {row["code"]: component for row, component in _components(parents, document)}
    for row in document.get(name, ()):
        value = row.get(column) if column else None
        yield row, known.get(value) if parents else value


def _merged(
    name: str, live: Mapping[str, Any], last: Mapping[str, Any], own: frozenset[int]
) -> Rows:
    """Own rows as they are, the others as they were; in the order of the live table.

    A row that moved to another component is nobody's news but theirs: it stays as it was.
    """
    now = {_key(name, row): (row, of in own) for row, of in _components(name, live)}
    places = {key: place for place, key in enumerate(now)}
    merged = {key: (places[key], 0, row) for key, (row, mine) in now.items() if mine}
    place = -1
    for number, (row, of) in enumerate(_components(name, last), 1):
        key = _key(name, row)
        place = places.get(key, place)
        if key not in merged and (key in now or of not in own):
            merged[key] = (place, number, row)
    return [dict(row) for *_order, row in sorted(merged.values(), key=lambda placed: placed[:2])]


def _complete(tables: dict[str, Rows], live: Mapping[str, Any]) -> None:
    """What rows name and the document does not have yet is taken from the live tables if it is of
    no component; otherwise the reference goes, and a row that is nothing without it.

    A version of the plan is read as a whole, so none comes beside those that are released.
    """
    codes = {name: {row["code"] for row in tables.get(name, ())} for name in NAMES.values()}
    offered = {
        name: {row["code"]: row for row, of in _components(name, live) if of in NO_COMPONENT}
        for name in codes
        if not (name == "work_plans" and codes[name])
    }
    waiting = [(name, row) for name, rows in tables.items() for row in rows]
    while waiting:
        name, row = waiting.pop()
        for column, table in NAMES.items():
            code = row.get(column)
            if not code or table not in tables or code in codes[table]:
                continue
            if taken := offered.get(table, {}).get(code):
                codes[table].add(code)
                waiting.append((table, taken := dict(taken)))
                _insert(tables[table], taken, live[table])
            elif column in KEYS[name]:
                tables[name].remove(row)
                break
            else:
                row[column] = ""


def _insert(rows: Rows, row: dict[str, Any], live: Rows) -> None:
    """Where it stands in the live table: behind the last of those that are before it there."""
    before = {
        other["code"] for other in takewhile(lambda other: other["code"] != row["code"], live)
    }
    place = next((n for n in range(len(rows), 0, -1) if rows[n - 1]["code"] in before), 0)
    rows.insert(place, row)
