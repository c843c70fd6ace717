"""The back office of budget lines: what was entered, and what days came to by the rate card."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Right
from budget.costs import actions, unit_costs
from budget.money import models, resources
from budget.money.admin import EntryInline
from budget.money.amounts import eur
from budget.money.querysets import LineQuerySet
from deliverables.fields import columns as fields
from deliverables.fields import dates
from deliverables.fields.language import said
from deliverables.projects.access import access_of
from deliverables.projects.scoped_admin import OfficeAdmin
from exchange.forms import RowForm
from steps.pages import DatedPage


class EnterForm(forms.Form):
    """The date of an entry whose amount is computed, and where the ledger has it."""

    on = fields.PartialDateField().formfield(
        label=gettext_lazy("Date"),
        required=True,
        help_text=gettext_lazy("A day or a month: accepted days until its end are entered."),
    )
    ledger_ref = forms.CharField(
        label=gettext_lazy("Number in the ledger"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Where the accounting system has it, so that an auditor finds the voucher."
        ),
    )

    def clean_on(self) -> str:
        """ISO text of a date as people type it."""
        on: str = fields.PartialDateField().clean(self.cleaned_data["on"], None)
        return on


class DaysPage(DatedPage):
    """What the accepted days come to; what the line does not have yet is entered."""

    name = "budget_line_days"
    address = "<int:pk>/days/"
    template = "admin/budget/days.html"
    verb = gettext_lazy("Enter the amount")
    form_class = EnterForm

    def is_open(self) -> bool:
        writes = self.owner.has_change_permission
        return bool(self.row.priced_by and writes(self.request, self.row))

    def get_title(self) -> str:
        return _("Days of line %(code)s") % {"code": self.row.code}

    def take(self) -> str:
        entry = actions.enter_days(self.row, by=self.by, seen=self.seen, **self.form.cleaned_data)
        named = {"code": entry.code, "euro": eur(entry.amount)}
        return _("%(code)s is entered: %(euro)s EUR.") % named

    def more(self) -> dict[str, object]:
        chosen = self.request.method == "POST" and self.form.is_valid()
        return {"cost": cost_of(self.row, self.form.cleaned_data["on"] if chosen else "")}


def cost_of(row: models.Line, on: str = "") -> unit_costs.UnitCost | None:
    """What the accepted days of a line come to, until a date."""
    costs = unit_costs.of_project(row.project, until=dates.last(on) if on else None)
    return next((cost for cost in costs if cost.line.pk == row.pk), None)


@admin.register(models.Line)
class LineAdmin(OfficeAdmin):
    resource = resources.LineResource
    pages = (DaysPage,)
    form = RowForm
    list_display = ("code", "title", "planned", "committed", "spent", "left", "project")
    list_display_links = ("code", "title")
    list_filter = ("project", "heading", "cost_basis")
    list_select_related = ("project",)
    search_fields = ("code", "title_lv", "title_en")
    autocomplete_fields = ("project", "heading", "component", "partner")
    inlines = (EntryInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[models.Line]:
        return cast(LineQuerySet, super().get_queryset(request)).with_sums()

    def beside(self, request: HttpRequest, row: models.Line) -> dict[str, object]:
        if not row.priced_by or not access_of(request.user).may(Right.SEE, row.project_id):
            return {}
        return {"cost": cost_of(row), "may_enter": self.has_change_permission(request, row)}

    @admin.display(description=gettext_lazy("title"))
    def title(self, row: models.Line) -> str:
        return said(row, "title")

    @admin.display(description=gettext_lazy("planned, EUR"))
    def planned(self, row: models.Line) -> str:
        return eur(row.planned)

    @admin.display(description=gettext_lazy("committed, EUR"))
    def committed(self, row: models.Line) -> str:
        return eur(row.committed)

    @admin.display(description=gettext_lazy("spent, EUR"))
    def spent(self, row: models.Line) -> str:
        return eur(row.spent)

    @admin.display(description=gettext_lazy("left, EUR"))
    def left(self, row: models.Line) -> str:
        """What is planned less what is spent: docs/arithmetic.md."""
        return eur(row.planned - row.spent)
