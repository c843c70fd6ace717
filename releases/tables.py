"""The tables of a document as CSV, and the dictionary of their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exchange.cells import as_csv
from exchange.columns import Column
from exchange.resources import TableResource
from experts.resources import InstitutionResource
from releases.live import TABLES

# The public downloads and the tables of the document that they hold.
DOWNLOADS = {
    "components": "components",
    "deliverables": "deliverables",
    "experts": "experts",
    "budget": "budget_entries",
}
_ALL: tuple[type[TableResource], ...] = (*TABLES, InstitutionResource)
RESOURCES = {resource.table: resource for resource in _ALL}


@dataclass(frozen=True, slots=True)
class Described:
    """A column of a download: its key in the file, its label, meaning, type and unit."""

    key: str
    label: str
    meaning: str
    kind: str
    unit: str


def columns(download: str) -> tuple[Described, ...]:
    """The columns of a download in their order, described in the active language."""
    resource = RESOURCES[DOWNLOADS[download]]
    model = resource.model()
    return tuple(
        Described(
            column.key,
            column.label(model),
            column.meaning(model),
            column.kind(model),
            column.unit,
        )
        for column in _shown(resource)
    )


def _shown(resource: type[TableResource]) -> list[Column]:
    return [column for column in resource.public_columns() if not column.document_only]


def rows(document: dict[str, Any], download: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document[DOWNLOADS[download]]
    return found


def csv_bytes(document: dict[str, Any], download: str) -> bytes:
    """One download: RFC 4180, UTF-8, one fact per row, no totals."""
    keys = [column.key for column in _shown(RESOURCES[DOWNLOADS[download]])]
    return as_csv(keys, ([row.get(key) for key in keys] for row in rows(document, download)))
