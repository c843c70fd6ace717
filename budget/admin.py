"""The back office of what a project costs. Rules and changes of the contract: contract_admin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from budget import contract_admin, models, resources
from deliverables.access import InProject
from deliverables.language import said
from deliverables.office import OfficeAdmin, OfficeInline
from exchange.admin import RowsInline
from exchange.forms import RowForm

__all__ = ["contract_admin"]
FACTS = ("kind", "amount", "rounded_to", "on", "units", "unit_rate", "corrects")
REST = ("ledger_ref", "note_lv", "note_en", "evidence")


def _eur(amount: Decimal) -> str:
    return number_format(amount, 2, use_l10n=True, force_grouping=True)


class EntryInline(OfficeInline, RowsInline):
    """Entries are added here; what is there is read, because none is ever changed."""

    model = models.Entry
    scope = InProject("line__project")
    form = RowForm
    fields = ("code", *FACTS, *REST)
    autocomplete_fields = ("evidence", "corrects")
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Heading)
class HeadingAdmin(OfficeAdmin):
    resource = resources.HeadingResource
    form = RowForm
    list_display = ("code", "title", "project")
    list_display_links = ("code", "title")
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("code", "title_lv", "title_en")
    autocomplete_fields = ("project",)

    @admin.display(description=_("title"))
    def title(self, row: models.Heading) -> str:
        return said(row, "title")


@admin.register(models.Line)
class LineAdmin(OfficeAdmin):
    resource = resources.LineResource
    form = RowForm
    list_display = ("code", "title", "planned", "committed", "spent", "project")
    list_display_links = ("code", "title")
    list_filter = ("project", "heading", "cost_basis")
    list_select_related = ("project",)
    search_fields = ("code", "title_lv", "title_en")
    autocomplete_fields = ("project", "heading", "component", "partner")
    inlines = (EntryInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Line]:
        rows: QuerySet[models.Line] = super().get_queryset(request)
        return rows.with_sums()  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=_("title"))
    def title(self, row: models.Line) -> str:
        return said(row, "title")

    @admin.display(description=_("planned, EUR"))
    def planned(self, row: Any) -> str:
        return _eur(row.planned)

    @admin.display(description=_("committed, EUR"))
    def committed(self, row: Any) -> str:
        return _eur(row.committed)

    @admin.display(description=_("spent, EUR"))
    def spent(self, row: Any) -> str:
        return _eur(row.spent)


@admin.register(models.Entry)
class EntryAdmin(OfficeAdmin):
    resource = resources.EntryResource
    scope = InProject("line__project")
    locked = ("code", "line", *FACTS)
    form = RowForm
    fields = ("line", "code", *FACTS, *REST)
    list_display = ("code", "line", "kind", "eur", "on", "corrects", "change")
    list_filter = ("kind",)
    list_select_related = ("line", "corrects", "change")
    search_fields = ("code", "line__code")
    autocomplete_fields = ("line", "evidence", "corrects")

    @admin.display(description=_("amount, EUR"), ordering="amount")
    def eur(self, row: models.Entry) -> str:
        return _eur(row.amount)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        row = kw.get("obj")
        if row and self.has_change_permission(request, row):
            context["correctable"] = not row.change_id and not row.corrected_by.exists()
        return super().render_change_form(request, context, *args, **kw)
