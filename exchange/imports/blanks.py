"""A workbook to fill in: the columns of a table, empty, with what each takes and an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exchange.exports.extracts import cell_kinds
from exchange.exports.xlsx import Sheet
from exchange.reading.headers import NEEDED, fillable
from exchange.tables.cells import letters
from exchange.tables.columns import Column
from exchange.tables.references import ReferenceWidget
from exchange.tables.resources import TableResource, identifying

WIDTHS = (24, 36, 10, 60, 80)  # of the sheet on the columns
SHORT = 250  # letters of a list that a cell's rule takes; a longer one stands on a sheet


def blank(resource: TableResource) -> list[Sheet]:
    """The table to fill in, then its columns, an example, and the codes of the long lists."""
    columns = fillable(type(resource))
    header, rows = _meanings(resource, columns)
    long = _Long()
    table = _table(resource, columns, long)
    example = [_example(resource, column) for column in columns]
    return [
        table,
        Sheet(_("Columns"), header, ["text"] * 5, rows, widths=WIDTHS, wrapped=True),
        Sheet(_("Example"), table.header, table.kinds, [example]),
        *long.sheets(),
    ]


def blank_workbook(resources: Sequence[TableResource]) -> list[Sheet]:
    """All tables of a project to fill in, and what belongs to them on three sheets for all."""
    long, tables, meanings, examples = (
        _Long(),
        list[Sheet](),
        list[tuple[str, ...]](),
        list[list[str | None]](),
    )
    for resource in resources:
        columns = fillable(type(resource), founding=True)
        tables.append(_table(resource, columns, long))
        header, rows = _meanings(resource, columns)
        meanings += [(resource.table, *row) for row in rows]
        examples.append([resource.table, *tables[-1].header])
        examples.append(["", *(_example(resource, column) for column in columns)])
    wide = max(map(len, examples))
    examples = [row + [None] * (wide - len(row)) for row in examples]
    numbers = [str(number) for number in range(1, wide)]
    return [
        *tables,
        Sheet(_("Columns"), (_("sheet"), *header), ["text"] * 6, meanings,
              widths=(24, *WIDTHS), wrapped=True),
        Sheet(_("Example"), (_("sheet"), *numbers), ["text"] * wide, examples),
        *long.sheets(),
    ]  # fmt: skip


class _Long:
    """The lists of codes that are too long for the rule of a cell: a column each of one sheet."""

    def __init__(self) -> None:
        self.lists: dict[str, Sequence[str]] = {}

    def place(self, name: str, codes: Sequence[str]) -> str:
        """The cells that have them."""
        self.lists[name] = codes
        column = letters(len(self.lists) - 1)
        return f"'{_('Codes')}'!${column}$2:${column}${len(codes) + 1}"

    def sheets(self) -> list[Sheet]:
        if not self.lists:
            return []
        deep = range(max(map(len, self.lists.values())))
        rows = [[codes[n] if n < len(codes) else None for codes in self.lists.values()]
                for n in deep]  # fmt: skip
        return [Sheet(_("Codes"), list(self.lists), ["text"] * len(self.lists), rows)]


def _table(resource: TableResource, columns: Sequence[Column], long: _Long) -> Sheet:
    kinds, lists = cell_kinds(columns, resource.model())
    offered: dict[int, Sequence[str] | str] = {
        at: long.place(f"{resource.table}: {columns[at].key}", codes)
        if len(",".join(codes)) > SHORT
        else codes
        for at, codes in lists.items()
    }
    header = [column.key + (NEEDED if is_needed(resource, column) else "") for column in columns]
    return Sheet(resource.table, header, kinds, [], offered)


def is_needed(resource: TableResource, column: Column) -> bool:
    """Whether a new row has to say it: what identifies it, and what is empty in no row."""
    of = column.model_field(resource.model())
    named = column in identifying(type(resource))
    return (named or not (of.blank or of.has_default())) and not of.null


def _meanings(
    resource: TableResource, columns: Sequence[Column]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A header, and a row on each column."""
    model = resource.model()
    rows: list[tuple[str, ...]] = []
    for column in columns:
        codes = column.choices(model) if column.kind(model) in ("choice", "choices") else {}
        meanings = "; ".join(f"{code} – {label}" for code, label in codes.items() if code)
        needed = _("yes") if is_needed(resource, column) else _("no")
        label = capfirst(column.label(model))
        rows.append((column.key, label, needed, column.hint(model), meanings))
    return (_("column"), _("name"), _("needed"), _("meaning"), _("codes")), rows


def _example(resource: TableResource, column: Column) -> str | None:
    """A value that the column would take, of what the person sees where it names a row."""
    model, kind = resource.model(), column.kind(resource.model())
    if kind == "reference" and isinstance(
        widget := resource.fields[column.key].widget, ReferenceWidget
    ):
        row = widget.rows().first()
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
