"""The tables of a document as files, and the dictionary of their columns.

A file is made from its release alone: while this code stays as it is, its bytes stay the same, and
the digest that is kept with the release is theirs.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from exchange.exports import extracts
from exchange.exports import xlsx as workbook
from exchange.exports.extracts import CSV, EXCEL, FORMATS, JSONL, XLSX, Format
from exchange.exports.packages import GUARD
from exchange.tables.cells import NumberText, as_csv
from exchange.tables.columns import UNITS, Column
from exchange.tables.resources import TableResource
from experts.people.resources import InstitutionResource
from releases.document.codes import codes_of
from releases.document.live import DERIVED, OFFICE, TABLES

__all__ = ["CSV", "EXCEL", "FORMATS", "GUARD", "JSONL", "XLSX"]
_STORED: tuple[type[TableResource], ...] = (*TABLES, InstitutionResource)
# Every table that people edit, and every table of a document.
RESOURCES = {resource.table: resource for resource in (*_STORED, *OFFICE)}
PUBLISHED = {resource.table: resource for resource in (*_STORED, *DERIVED)}

# The same in the order in which their rows need each other (exchange.imports.project_workbook):
# rates before days that they pay for, changes of the contract before the entries that they make.
IN_ORDER = (
    "projects", "institutions", "sources", "components", "deliverables", "evidence", "items",
    "figures", "titles", "suspensions", "statements", "partnerships", "experts", "assignments",
    "rulesets", "rates", "terms", "reports", "budget_headings", "budget_lines", "work_plans",
    "activities", "activity_deliverables", "planned_activities", "indicators", "measurements",
    "missions", "mission_experts", "expert_days", "contract_changes", "contract_moves",
    "budget_entries",
)  # fmt: skip

# The public downloads: first the tables that people look for first. The name of a table is the same
# in every file, pack and workbook; FORMER ones lead to it.
_FIRST = ("components", "deliverables", "experts", "budget_entries")
DOWNLOADS = (*_FIRST, *(name for name in PUBLISHED if name not in _FIRST))
FORMER = {"budget": "budget_entries"}


Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Described:
    """A column of a download: its key in the file, its label, meaning, type, unit, how its days are
    written, and the name of its list of codes. Two that say the same in two languages are one,
    without a label."""

    key: str
    label: str
    meaning: str
    kind: str
    unit: str | Promise
    pattern: str
    codes: str


def columns(download: str) -> tuple[Described, ...]:
    """The columns of a download in their order, described in the active language."""
    resource = PUBLISHED[download]
    model, shown = resource.model(), public_columns(resource)
    meanings = {column.key: resource.meaning(column) for column in shown}
    pairs = {
        key: f"{key}, {other}"
        for key in meanings
        if key.endswith("_lv") and meanings.get(other := f"{key[:-3]}_en") == meanings[key]
    }
    return tuple(
        Described(
            pairs.get(column.key, column.key),
            "" if column.key in pairs else column.label(model),
            meanings[column.key],
            column.kind(model),
            UNITS.get(column.unit, ""),
            column.pattern(model),
            codes.name if (codes := codes_of(resource, column)) else "",
        )
        for column in shown
        if f"{column.key[:-3]}_lv" not in pairs or column.key in pairs
    )


def what(download: str) -> str:
    """What the rows of a download are, in the active language."""
    resource = PUBLISHED[download]
    return str(resource.what or resource.model()._meta.verbose_name_plural)


def public_columns(resource: type[TableResource]) -> list[Column]:
    """The columns of a download."""
    return [column for column in resource.public_columns() if not column.document_only]


def rows(document: Document, download: str) -> list[dict[str, Any]]:
    if download == "projects":
        return [document["project"]]
    table_rows: list[dict[str, Any]] = document[download]
    return table_rows


def in_format(
    document: Document, download: str, format_: Format, csv: bytes | None = None
) -> bytes:
    """One download: one fact per row, no totals. A workbook names the digest of `csv`, the same
    download as CSV, which is made where it is not given."""
    table_rows = rows(document, download)
    shown = public_columns(PUBLISHED[download])
    keys = [column.key for column in shown]
    if format_ in (CSV, EXCEL):
        return as_csv(keys, _cells(shown, table_rows, download, format_), excel=format_ is EXCEL)
    if format_ is XLSX:
        csv = in_format(document, download, CSV) if csv is None else csv
        return _workbook(shown, table_rows, document, download, csv)
    as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return "".join(as_json({key: row[key] for key in keys}) + "\n" for row in table_rows).encode()


def _cells(
    shown: list[Column], table_rows: list[dict[str, Any]], download: str, format_: Format
) -> Iterator[list[object]]:
    model = PUBLISHED[download].model()
    figures = {column.key for column in shown if column.kind(model) in ("money", "decimal")}
    point = "," if format_ is EXCEL else "."
    keys = [(column.key, column.key in figures) for column in shown]
    for row in table_rows:
        yield [
            NumberText(str(row[key]).replace(".", point)) if figure and row[key] else row[key]
            for key, figure in keys
        ]


def _workbook(
    shown: list[Column],
    table_rows: list[dict[str, Any]],
    document: Document,
    download: str,
    csv: bytes,
) -> bytes:
    model = PUBLISHED[download].model()
    kinds, lists = extracts.cell_kinds(shown, model)
    cells = ([_cell(row[column.key]) for column in shown] for row in table_rows)
    out = io.BytesIO()
    about = [
        ("project", document["project"]["reference"]),
        ("table", download),
        ("rows", str(len(table_rows))),
        ("sha256_csv", hashlib.sha256(csv).hexdigest()),
    ]
    sheet = workbook.Sheet(download, [column.key for column in shown], kinds, cells, lists)
    workbook.write(out, [sheet, extracts.about_sheet(about)])
    return out.getvalue()


def _cell(value: Any) -> str | int | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ",".join(value)
    return None if value == "" else value


def every_file(document: Document) -> list[dict[str, str]]:
    """Each download in each format with its digest: what is kept with a release."""
    files = []
    for download in DOWNLOADS:
        csv = in_format(document, download, CSV)
        for format_ in FORMATS.values():
            content = csv if format_ is CSV else in_format(document, download, format_, csv)
            sha256 = hashlib.sha256(content).hexdigest()
            files.append({"path": f"{download}{format_.suffix}", "sha256": sha256})
    return files
