"""What a signature binds: the content of a deliverable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias

from deliverables.ladder.models import Deliverable
from deliverables.ladder.resources import DeliverableResource, FigureResource, ItemResource
from deliverables.ladder.voiding import BESIDES
from exchange.tables.resources import TableResource

_UNSIGNED = (*BESIDES, "counts")  # which follows from the rest of the row
_ADDED = (
    "parent",
    "entered_from",
)  # columns younger than the first signatures: signed where they say something

# Rows of some deliverables, each behind project and code of its deliverable.
SignedRows: TypeAlias = Callable[[Collection[int]], Iterable[tuple[str, str, object]]]


def rows_of(resource: type[TableResource], path: str) -> SignedRows:
    """The rows of a table, of which `path` leads to the deliverable."""

    def rows(deliverables: Collection[int]) -> Iterable[tuple[str, str, object]]:
        for row in resource.document_rows(**{path: deliverables}):
            yield row["project"], row["deliverable"], row

    return rows


# What of a deliverable is signed besides its own row. Subjects above add theirs (AppConfig.ready).
PARTS: dict[str, SignedRows] = {
    "items": rows_of(ItemResource, "deliverable__in"),
    "figures": rows_of(FigureResource, "item__deliverable__in"),
}


def content(deliverable: Deliverable) -> dict[str, object]:
    """The deliverable with its items, figures and evidence, by the keys of their resources."""
    return contents([deliverable.pk])[deliverable.pk]


def contents(deliverables: Collection[int]) -> dict[int, dict[str, object]]:
    """The content of each, by its id; as many queries for all as for one."""
    of: dict[tuple[object, object], dict[str, Any]] = {
        (row["project"], row["code"]): {
            "deliverable": {
                key: value
                for key, value in row.items()
                if key not in _UNSIGNED and (value or key not in _ADDED)
            },
            **{name: [] for name in PARTS},
        }
        for row in DeliverableResource.document_rows(pk__in=deliverables)
    }
    for name, rows in PARTS.items():
        for project, code, row in rows(deliverables):
            of[project, code][name].append(row)
    keys = Deliverable.objects.filter(pk__in=deliverables).values_list(
        "pk", "project__slug", "code"
    )
    return {pk: of[slug, code] for pk, slug, code in keys}


def digest(signed: dict[str, object]) -> str:
    """SHA-256 of the content as JSON: keys sorted, UTF-8, no spaces."""
    text = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
