"""The page of a grid: GET shows the rows, POST saves all of them or says by cell what is wrong."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from audit.events.history import last_change, last_hand, own_change
from audit.events.people import signed_in
from audit.rows.refused import Refused
from audit.rows.unsaved import saves, typed
from audit.templatetags.errors import PageError
from deliverables.fields import quarters
from deliverables.projects.access import desk_of
from exchange.exports.admin import own_transactions
from exchange.imports.planned import Plan
from exchange.reading.faults import Fault, Unreadable
from exchange.tables import limits
from office.grids.doors import may_type, owner_of
from office.grids.grid import GridColumn, GridTable, TypedRow
from office.grids.saving import Conflicting, SavedAlready, save
from office.grids.tables import GRIDS
from office.grids.typed_rows import PASTED, pasted_rows, typed_rows

PAGE = "page-id"  # the field that tells a page from the same one, opened again
EMPTY = 5  # rows that wait below for what is new


@dataclass(slots=True)
class GridCell:
    """A cell of the screen: `fixed` ones are read, not typed; `wrong` are sentences."""

    head: GridColumn
    place: str
    text: str
    fixed: bool
    wrong: list[str]


@dataclass(slots=True)
class GridRow:
    number: int
    seen: str
    cells: list[GridCell]
    wrong: list[str]


class GridPage(View):
    grid: Any = None  # the Grid

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        desk = desk_of(request)
        if not may_type(request, self.grid):
            raise PermissionDenied
        if desk is None:
            return redirect(f"{reverse('admin:desks')}?to={self.grid.name}")
        self.owner = owner_of(self.grid)
        self.table = GridTable(self.grid, self.owner.intake(request).resource, desk)
        self.wrong: list[Fault] = []
        self.status = 200
        self.page = request.POST.get(PAGE) or secrets.token_hex(8)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        fields = typed(request)
        return self._shown() if fields is None else self.post(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        fields = request.POST
        rows = typed_rows(self.table, fields)
        live = self._live(rows)
        removed = self._without_removed(rows, live)
        pasted = fields.get(PASTED, "")
        try:
            new = pasted_rows(self.table, pasted)
            if len(rows) + len(new) > limits.GRID:
                raise Unreadable(too_many())
            rows += new
            if removed:
                raise Unreadable(*removed)
            if not saves(request):
                return self._shown(rows, live)
            done = save(self.table, rows, live, by=signed_in(request), page=self.page)
        except Unreadable as unreadable:
            self.wrong = unreadable.faults
            is_whole = all(not fault.row for fault in self.wrong)
            return self._shown(rows, live, pasted if is_whole else "")
        except Conflicting as conflicting:
            self.status = 409
            self._compare(rows, live, conflicting.plan)
            return self._shown(rows, live)
        except Refused as refused:
            self.wrong = [Fault(str(refused))]
            return self._shown(rows, live)
        except SavedAlready:
            sentence = _("You saved this table already, just as it was; nothing was added twice.")
            messages.info(request, sentence)
            return redirect(request.get_full_path())
        self._tell(done)
        return redirect(request.get_full_path())

    def _live(self, rows: Sequence[TypedRow]) -> dict[int, Model]:
        keys = [row.key for row in rows if row.key is not None]
        return self.table.resource.get_queryset().in_bulk(keys) if keys else {}

    def _without_removed(self, rows: Sequence[TypedRow], live: dict[int, Model]) -> list[Fault]:
        """Rows that are gone since become new ones, and are told."""
        faults = []
        for number, row in enumerate(rows, 1):
            if row.key is not None and row.key not in live:
                row.key = row.version = None
                row.cells |= dict.fromkeys(self._fixed(None) & row.cells.keys(), "")
                sentence = _(
                    "Somebody removed this row after you opened the table. Saving again enters it "
                    "anew; empty it, and it is left out."
                )
                faults.append(Fault(sentence, number))
        return faults

    def _compare(self, rows: list[TypedRow], live: dict[int, Model], plan: Plan) -> None:
        """Show both values where two people typed; the rest of such a row is as it is now."""
        code = signed_in(self.request).code
        for planned in plan.rows:
            if not planned.conflicts or planned.key is None:
                continue
            number, saved = planned.number, live[planned.key]
            now = self.table.shown(saved)
            own = own_change(last_change(saved), code) or last_hand(saved)
            mine = {change.column: rows[number - 1].cells[change.column]
                    for change in planned.changes}  # fmt: skip
            rows[number - 1] = TypedRow(now.cells | mine, now.key, now.version)
            for change in planned.conflicts:
                sentence = _(
                    "It says “%(now)s” now, which was saved after you opened the table. %(who)s "
                    "Saving again replaces it by yours."
                )
                given = {"now": now.cells[change.column], "who": own}
                self.wrong.append(Fault(sentence % given, number, change.column))

    def _tell(self, done: Plan) -> None:
        new = sum(row.is_new for row in done.rows)
        changed = len(done.rows) - new
        told = []
        if new:
            told.append(ngettext("%(n)s row was entered.", "%(n)s rows were entered.", new)
                        % {"n": new})  # fmt: skip
        if changed:
            told.append(ngettext("%(n)s row was changed.", "%(n)s rows were changed.", changed)
                        % {"n": changed})  # fmt: skip
        if told:
            messages.success(self.request, " ".join(told))
        else:
            messages.info(self.request, _("Nothing was changed."))
        for sentence in done.warnings():
            messages.warning(self.request, sentence)

    def _shown(
        self,
        rows: Sequence[TypedRow] | None = None,
        live: dict[int, Model] | None = None,
        pasted: str = "",
    ) -> HttpResponse:
        quarter, more = self._quarter(), 0
        if rows is None:
            saved = list(self.table.rows(quarter)[: limits.GRID // 2 + 1])
            more = len(saved) > limits.GRID // 2
            saved = saved[: limits.GRID // 2]
            rows, live = [self.table.shown(row) for row in saved], {row.pk: row for row in saved}
        empty = TypedRow({column.key: "" for column in self.table.columns})
        heads, opts = self.table.heads(), self.owner.opts
        shown = self._rows([*rows, *[empty] * EMPTY], live or {}, heads)
        context = admin.site.each_context(self.request) | {
            "title": _("%(rows)s as a table") % {"rows": capfirst(opts.verbose_name_plural)},
            "opts": opts,
            "list": reverse(f"admin:{self.grid.label}_changelist"),
            "heads": heads,
            "rows": shown,
            "more": more and len(rows),
            "wrong": self._errors(shown),
            "pasted": pasted,
            "page": self.page,
            **(_around(quarter) if self.grid.of_quarter else {}),
        }
        return TemplateResponse(self.request, "admin/grid.html", context, status=self.status)

    def _rows(
        self, rows: Sequence[TypedRow], live: dict[int, Model], heads: Sequence[GridColumn]
    ) -> list[GridRow]:
        wrong: dict[tuple[int, str], list[str]] = defaultdict(list)
        keys = self.grid.columns
        for fault in self.wrong:
            wrong[fault.row, fault.column if fault.column in keys else ""].append(fault.sentence)
        shown = []
        for number, row in enumerate(rows, 1):
            fixed = self._fixed(live.get(row.key) if row.key else None)
            cells = [
                GridCell(head, f"{head.key}-{number}", row.cells[head.key], head.key in fixed,
                         wrong.get((number, head.key), []))
                for head in heads
            ]  # fmt: skip
            shown.append(GridRow(number, row.seen, cells, wrong.get((number, ""), [])))
        return shown

    def _fixed(self, row: Model | None) -> frozenset[str]:
        """The cells of a row that are read here, as its form reads them."""
        if row is None:
            return frozenset(self.owner.get_readonly_fields(self.request))
        if not self.owner.has_change_permission(self.request, row):
            return frozenset(self.grid.columns)
        shown = self.owner.get_readonly_fields(self.request, row)
        return frozenset({*self.table.resource.key, *shown})

    def _errors(self, rows: Sequence[GridRow]) -> list[PageError]:
        errors = [PageError(fault.sentence) for fault in self.wrong if not fault.row]
        for row in rows:
            name = _("Row %(number)s") % {"number": row.number}
            errors += [PageError(said, row.cells[0].place, row=name) for said in row.wrong]
            errors += [
                PageError(said, cell.place, cell.head.label, name)
                for cell in row.cells
                for said in cell.wrong
            ]
        return errors

    def _quarter(self) -> str:
        asked = self.request.GET.get("q", "")
        try:
            quarters.first(asked)
        except ValueError:
            return quarters.name(timezone.localdate())
        return asked


def _around(quarter: str) -> dict[str, str]:
    first = quarters.first(quarter)
    return {
        "quarter": quarter,
        "before": quarters.name(first - dt.timedelta(1)),
        "after": quarters.name(quarters.after(first)),
    }


def too_many() -> str:
    return ngettext(
        "At most %(most)s row is saved at once here. Import more as a file.",
        "At most %(most)s rows are saved at once here. Import more as a file.",
        limits.GRID,
    ) % {"most": limits.GRID}


def grid_urls() -> list[Any]:
    """Each beside the list of its table."""
    return [
        path(
            f"{grid.label.replace('_', '/')}/grid/",
            admin.site.admin_view(own_transactions(GridPage.as_view(grid=grid))),
            name=grid.name,
        )
        for grid in GRIDS
    ]
