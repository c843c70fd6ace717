"""The back office of what a project costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from budget import models, resources
from deliverables.access import InProject
from deliverables.language import said
from deliverables.office import OfficeAdmin, OfficeInline
from exchange.admin import RowsInline
from exchange.forms import RowForm


def _eur(amount: Decimal) -> str:
    return number_format(amount, 2, use_l10n=True, force_grouping=True)


class EntryInline(OfficeInline, RowsInline):
    model = models.Entry
    scope = InProject("line__project")
    form = RowForm
    fields = ("code", "kind", "amount", "rounded_to", "on", "note_lv", "note_en", "evidence")
    autocomplete_fields = ("evidence",)


@admin.register(models.Line)
class LineAdmin(OfficeAdmin):
    resource = resources.LineResource
    form = RowForm
    list_display = ("code", "title", "planned", "spent", "project")
    list_display_links = ("code", "title")
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("code", "title_lv", "title_en")
    autocomplete_fields = ("project",)
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

    @admin.display(description=_("spent, EUR"))
    def spent(self, row: Any) -> str:
        return _eur(row.spent)


@admin.register(models.Entry)
class EntryAdmin(OfficeAdmin):
    resource = resources.EntryResource
    scope = InProject("line__project")
    locked = ("code", "line")
    form = RowForm
    list_display = ("code", "line", "kind", "eur", "on")
    list_filter = ("kind",)
    list_select_related = ("line",)
    search_fields = ("code", "line__code")
    autocomplete_fields = ("line", "evidence")

    @admin.display(description=_("amount, EUR"), ordering="amount")
    def eur(self, row: models.Entry) -> str:
        return _eur(row.amount)
