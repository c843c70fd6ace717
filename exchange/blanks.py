"""A workbook to fill in: the columns of a table, empty, with what each takes and an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exchange.columns import Column
from exchange.extracts import cell_kinds
from exchange.headers import NEEDED, fillable, identifying
from exchange.resources import TableResource
from exchange.workbook import Sheet, letters

SHORT = 250  # letters of a list that a cell's rule takes; a longer one stands on a sheet


def blank(resource: TableResource) -> list[Sheet]:
    """The table to fill in, then its columns, an example, and the codes of the long lists."""
    model, columns = resource.model(), fillable(type(resource))
    kinds, lists = cell_kinds(columns, model)
    long = {at: codes for at, codes in lists.items() if len(",".join(codes)) > SHORT}
    ranges = {
        at: f"'{_('Codes')}'!${letters(n)}$2:${letters(n)}${len(codes) + 1}"
        for n, (at, codes) in enumerate(long.items())
    }
    header = [column.key + (NEEDED if is_needed(resource, column) else "") for column in columns]
    sheets = [
        Sheet(resource.table, header, kinds, [], {**lists, **ranges}),
        _meanings(resource, columns),
        Sheet(_("Example"), header, kinds, [[_example(resource, one) for one in columns]]),
    ]
    if long:
        deep = range(max(map(len, long.values())))
        rows = [[codes[n] if n < len(codes) else None for codes in long.values()] for n in deep]
        names = [columns[at].key for at in long]
        sheets.append(Sheet(_("Codes"), names, ["text"] * len(names), rows))
    return sheets


def is_needed(resource: TableResource, column: Column) -> bool:
    """Whether a new row has to say it: what identifies it, and what is empty in no row."""
    of = column.model_field(resource.model())
    named = column in identifying(type(resource))
    return (named or not (of.blank or of.has_default())) and not of.null


def _meanings(resource: TableResource, columns: Sequence[Column]) -> Sheet:
    model = resource.model()
    rows = []
    for column in columns:
        codes = column.choices(model) if column.kind(model) in ("choice", "choices") else {}
        told = "; ".join(f"{code} – {label}" for code, label in codes.items() if code)
        needed = _("yes") if is_needed(resource, column) else _("no")
        label = capfirst(column.label(model))
        rows.append((column.key, label, needed, column.meaning(model), told))
    header = (_("column"), _("name"), _("needed"), _("meaning"), _("codes"))
    widths = (24, 36, 10, 60, 80)
    return Sheet(_("Columns"), header, ["text"] * 5, rows, widths=widths, wrapped=True)


def _example(resource: TableResource, column: Column) -> Any:
    """A value that the column would take, of what the person sees where it names a row."""
    model, kind = resource.model(), column.kind(resource.model())
    if kind == "reference":
        row = resource.fields[column.key].widget.rows().first()
        return str(getattr(row, column.to)) if row else None
    if kind in ("choice", "choices"):
        return next((code for code in column.choices(model) if code), None)
    today = timezone.localdate()
    given = {
        "date": today.isoformat(),
        "integer": "1",
        "money": "1234.50",
        "decimal": "12.5",
        "boolean": "yes",
        "code": "A1",
        "moment": dt.datetime.combine(today, dt.time()).isoformat(),
    }
    return given.get(kind) or capfirst(column.label(model))
