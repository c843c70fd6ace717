"""Every row of a plan, to be looked at before it is carried out: in pages, filtered, as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exchange import workbook
from exchange.planned import CHANGED, CONFLICT, NEW, UNCHANGED, WARNING, Change, Plan

SHEET = "plan"
ROWS = 100  # of a page


def listed(plan: Plan, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows: counts by outcome, the filter that is asked for, and a page of rows."""
    counts, names = plan.counts(), _names()
    show = asked.get("show", "")
    kind = show if show in names and counts[show] else ""
    rows = [row for row in plan.rows if not kind or row.is_a(kind)]
    page = Paginator(rows, ROWS).get_page(asked.get("page"))
    filters = [("", _("All rows"), len(plan.rows))]
    filters += [(one, name, counts[one]) for one, name in names.items() if counts[one]]
    return {
        **{name: counts[name] for name in (NEW, CHANGED, UNCHANGED)},
        "filters": filters if len(filters) > 2 else [],
        "show": kind,
        "page": page,
    }


def _names() -> dict[str, str]:
    return {
        NEW: _("New"), CHANGED: _("Changed"), CONFLICT: _("Conflicts"), WARNING: _("Warnings"),
    }  # fmt: skip


def sheet(plan: Plan) -> workbook.Sheet:
    """A line for each cell that is written, in the order of the file."""
    header = (_("row"), _("outcome"), _("name"), _("column"), _("in the register"),
              _("in the file"), _("note"))  # fmt: skip
    kinds = ("integer", *["text"] * (len(header) - 1))
    widths = (8, 12, 24, 24, 50, 50, 40)
    return workbook.Sheet(SHEET, header, kinds, _lines(plan), widths=widths)


def _lines(plan: Plan) -> Iterator[tuple[Any, ...]]:
    names = {NEW: _("new row"), CHANGED: _("changed row")}
    for row in plan.rows:
        warned = " ".join(sentence for _key, sentence in row.warnings)
        for change in row.changes:
            first = (str(row.number), names[row.outcome], row.name, capfirst(change.label))
            note = " ".join(filter(None, (_note(change), warned)))
            yield (*first, change.old, change.new, note)


def _note(change: Change) -> str:
    if change.theirs:
        return _("Somebody changed it after the export.")
    return _("(emptied)") if change.erases else change.unseen
