"""Every row of a plan, to be looked at before it is carried out: in pages, filtered, as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.paginator import Paginator
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exchange.exports import xlsx as workbook
from exchange.imports.planned import CHANGED, CONFLICT, NEW, UNCHANGED, WARNING, CellChange, Plan
from exchange.tables.resources import known_tables

SHEET = "plan"
ROWS = 100  # of a page


def listed(plan: Plan, asked: Mapping[str, str]) -> dict[str, object]:
    """What the page shows: counts by outcome, the filters that are asked for, a page of rows."""
    tables, names = _tables(plan), _names()
    table = asked.get("table", "") if asked.get("table") in tables else ""
    in_table = [row for row in plan.rows if not table or row.table == table]
    counts = plan.counts()
    of_table = Plan(table, in_table, 0, []).counts()
    show = asked.get("show", "")
    kind = show if show in names and of_table[show] else ""
    rows = [row for row in in_table if not kind or row.is_a(kind)]
    filters = [("", _("All rows"), len(in_table))]
    filters += [(key, name, of_table[key]) for key, name in names.items() if of_table[key]]
    page = Paginator(rows, ROWS).get_page(asked.get("page"))
    return {
        **{name: counts[name] for name in (NEW, CHANGED, UNCHANGED)},
        "tables": [("", _("All tables"), len(plan.rows)), *(
            (key, name, sum(row.table == key for row in plan.rows)) for key, name in tables.items()
        )] if len(tables) > 1 else [],
        "filters": filters if len(filters) > 2 else [],
        "table": table,
        "show": kind,
        "page": page,
    }  # fmt: skip


def _tables(plan: Plan) -> dict[str, str]:
    """The tables of a workbook that it would write, and what their rows are called."""
    named = {resource.table: capfirst(resource.named()) for resource in known_tables()}
    return {key: named[key] for key in dict.fromkeys(row.table for row in plan.rows) if key}


def _names() -> dict[str, str]:
    return {
        NEW: _("New"), CHANGED: _("Changed"), CONFLICT: _("Conflicts"), WARNING: _("Warnings"),
    }  # fmt: skip


def sheet(plan: Plan) -> workbook.Sheet:
    """A line for each cell that is written, in the order of the file."""
    header = (_("sheet"), _("row"), _("outcome"), _("name"), _("column"), _("in the register"),
              _("in the file"), _("note"))  # fmt: skip
    kinds = ("text", "integer", *["text"] * (len(header) - 2))
    widths = (20, 8, 12, 24, 24, 50, 50, 40)
    return workbook.Sheet(SHEET, header, kinds, _lines(plan), widths=widths)


def _lines(plan: Plan) -> Iterator[tuple[str, ...]]:
    names = {NEW: _("new row"), CHANGED: _("changed row")}
    for row in plan.rows:
        warned = " ".join(sentence for _key, sentence in row.warnings)
        for change in row.changes:
            place = (row.table or plan.table, str(row.number))
            first = (*place, names[row.outcome], row.name, capfirst(change.label))
            note = " ".join(filter(None, (_note(change), warned)))
            yield (*first, change.old, change.new, note)


def _note(change: CellChange) -> str:
    if change.theirs:
        return _("Somebody changed it after the export.")
    return _("(emptied)") if change.erases else change.unseen
