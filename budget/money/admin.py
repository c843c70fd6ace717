"""The back office of what a project costs: headings, lines, entries."""

from __future__ import annotations

from typing import ClassVar, cast

from django.contrib import admin
from django.db.models import Model, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from budget.money import models, resources
from budget.money.amounts import eur
from budget.money.models.entry import EntryKind, refuse_typed_days
from budget.money.querysets import EntryQuerySet
from deliverables.fields.language import said
from deliverables.projects.access import InProject
from deliverables.projects.scoped_admin import OfficeAdmin, OfficeInline
from exchange.admin import RowsInline
from exchange.forms import RowForm

FACTS = ("kind", "amount", "rounded_to", "on", "units", "unit_rate", "corrects")
REST = ("ledger_ref", "note_lv", "note_en", "evidence")


class EntryForm(RowForm):
    """Spending that follows from days is entered by its own page; here it is only corrected."""

    also_checked = ("change",)

    def clean(self) -> dict[str, object]:
        given = super().clean()
        line = given.get("line") or models.Line.objects.filter(pk=self.instance.line_id).first()
        if line and not self.instance.pk:
            facts = {name: given.get(name) for name in ("kind", "amount", "corrects")}
            refuse_typed_days(line, **facts)
        return given


class EntryInline(OfficeInline, RowsInline):
    """Entries are added here; what is there is read, because none is ever changed."""

    model = models.Entry
    scope = InProject("line__project")
    form = EntryForm
    fields = ("code", *FACTS, *REST)
    autocomplete_fields = ("evidence", "corrects")
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
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

    @admin.display(description=gettext_lazy("title"))
    def title(self, row: models.Heading) -> str:
        return said(row, "title")


@admin.register(models.Entry)
class EntryAdmin(OfficeAdmin):
    resource = resources.EntryResource
    scope = InProject("line__project")
    locked = ("code", "line", *FACTS)
    choosable: ClassVar = {"corrects": Q(change=None, corrected_by=None)}
    together: ClassVar = {"corrects": {"line": "line", "kind": "kind"}}
    form = EntryForm
    fields = ("line", "code", *FACTS, *REST)
    list_display = ("code", "line", "kind", "amount_eur", "on", "corrects", "change")
    ordering = ("-pk",)  # what was entered last is looked for first
    list_filter = ("kind",)
    list_select_related = ("line", "corrects", "change")
    search_fields = ("code", "line__code", "amount__contains")
    printed = ("kind",)
    autocomplete_fields = ("line", "evidence", "corrects")

    @admin.display(description=gettext_lazy("amount, EUR"), ordering="amount")
    def amount_eur(self, row: models.Entry) -> str:
        return eur(row.amount)

    def totals(self, rows: QuerySet[Model]) -> list[tuple[str, str]]:
        """What the listed entries come to by kind, of those that count."""
        sums = cast(EntryQuerySet, rows).counting().order_by("kind").values_list("kind")
        return [
            (str(EntryKind(kind).label), eur(amount))
            for kind, amount in sums.annotate(Sum("amount"))
        ]

    def beside(self, request: HttpRequest, row: models.Entry) -> dict[str, object]:
        if not self.has_change_permission(request, row):
            return {}
        return {"correctable": not row.change_id and not row.corrected_by.exists()}
