"""The back office of the contract's rules, rates and terms."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget.contract import actions, models, presets, resources
from budget.contract.models.rate import RATE_STAYS
from deliverables.projects.models import Project
from deliverables.projects.scoped_admin import OfficeAdmin
from exchange.forms import RowForm
from steps.pages import Page


class RulesetForm(RowForm):
    unverified = forms.MultipleChoiceField(
        label=gettext_lazy("Check with your contract"),
        choices=models.ContractRule.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Untick what you have compared with the contract."),
    )


class AdoptPage(Page):
    """The presets are offered; one is taken over."""

    name = "budget_ruleset_adopt"
    address = "adopt/<slug:slug>/"
    template = "admin/budget/adopt.html"

    def get_row(self) -> Project:
        rows = self.owner.visible(self.request, Project)
        row = rows.filter(slug=self.kwargs["slug"]).first() if rows is not None else None
        if not isinstance(row, Project):
            raise Http404
        return row

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        if there := models.Ruleset.objects.filter(project=self.row).first():
            return redirect("admin:budget_ruleset_change", there.pk)
        return super().answer(request)

    def get_title(self) -> str:
        return _("Rules of the contract: %(project)s") % {"project": self.row}

    def take(self) -> str:
        edition = self.request.POST.get("edition", "")
        if edition not in presets.editions():
            return ""
        self.row = actions.adopt(self.row, edition, by=self.by)
        return _("The rules of the edition are filled in. Check them with your contract.")

    def more(self) -> dict[str, object]:
        return {"offers": [(code, models.Edition(code).label) for code in presets.editions()]}


@admin.register(models.Ruleset)
class RulesetAdmin(OfficeAdmin):
    resource = resources.RulesetResource
    pages = (AdoptPage,)
    form = RulesetForm
    list_display = ("project", "edition", "fee_scheme", "reallocation_limit")
    list_filter = ("edition",)
    list_select_related = ("project",)
    search_fields = ("project__reference",)
    autocomplete_fields = ("project",)

    def beside(self, request: HttpRequest, row: models.Ruleset) -> dict[str, object]:
        return {"rates": models.Rate.objects.filter(project=row.project_id)}


@admin.register(models.Rate)
class RateAdmin(OfficeAdmin):
    resource = resources.RateResource
    locked = ("project", "kind", "grade", "from_on")
    form = RowForm
    list_display = ("project", "kind", "grade", "from_on", "amount", "verified")
    list_display_links = ("kind", "grade", "from_on")
    list_filter = ("project", "kind", "verified")
    list_select_related = ("project",)
    search_fields = ("project__reference", "kind")
    autocomplete_fields = ("project",)

    def why_kept(self, request: HttpRequest, row: models.Rate) -> str:
        return str(RATE_STAYS) if row.prices_claimed_days else super().why_kept(request, row)


@admin.register(models.Term)
class TermAdmin(OfficeAdmin):
    resource = resources.TermResource
    locked = ("project", "function")
    form = RowForm
    list_display = ("project", "function", "label_lv", "label_en")
    list_display_links = ("function",)
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("label_lv", "label_en")
    autocomplete_fields = ("project",)


@admin.register(models.Report)
class ReportAdmin(OfficeAdmin):
    resource = resources.ReportResource
    locked = ("project", "number")
    form = RowForm
    list_display = ("project", "called", "from_on", "to_on", "due_on", "handed_in_on")
    list_display_links = ("called",)
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("project__reference", "note_lv", "note_en")
    autocomplete_fields = ("project", "evidence")

    @admin.display(description=gettext_lazy("report"), ordering="number")
    def called(self, row: models.Report) -> str:
        return str(row)
