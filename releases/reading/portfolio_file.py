"""The list of projects as a file: one row a project, no totals."""

from __future__ import annotations

from exchange.tables.cells import Moment, as_csv
from releases.querysets import ListingQuerySet

# Of each column what a listing says there.
COLUMNS = {
    "slug": "slug",
    "reference": "reference",
    "title_lv": "title_lv",
    "title_en": "title_en",
    "status": "status",
    "beneficiary_country": "country",
    "partners": "partners",
    "start": "begins",
    "end": "ends",
    "results": "results",
    "results_delivered": "delivered",
    "experts": "experts",
    "planned_eur": "planned",
    "spent_eur": "spent",
    "next_due": "due",
    "fictitious": "fictitious",
    "release": "release__number",
    "released_at": "released_at",
    "sha256": "release__digest",
}


def as_file(rows: ListingQuerySet) -> bytes:
    """CSV as the tables of a project are (docs/exchange.md)."""
    listed = rows.annotate(released_at=Moment("since"))
    return as_csv([*COLUMNS], listed.values_list(*COLUMNS.values()).iterator())
