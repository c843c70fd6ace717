"""The back office of the contract's rules, and of what changes the contract."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.refused import Refused
from budget import actions, models, presets, resources
from budget.drifting import of_project
from deliverables import codes
from deliverables.forms import DayForm
from deliverables.models import Project
from deliverables.office import DraftAdmin, OfficeAdmin, OfficeInline
from exchange.admin import RowsInline
from exchange.forms import RowForm, SameProjectFormSet


class RulesetForm(RowForm):
    unverified = forms.MultipleChoiceField(
        label=gettext_lazy("Check with your contract"),
        choices=models.Rule.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Untick what you have compared with the contract."),
    )


@admin.register(models.Ruleset)
class RulesetAdmin(OfficeAdmin):
    resource = resources.RulesetResource
    form = RulesetForm
    list_display = ("project", "edition", "fee_scheme", "reallocation_limit")
    list_filter = ("edition",)
    list_select_related = ("project",)
    search_fields = ("project__reference",)
    autocomplete_fields = ("project",)

    def get_urls(self) -> list[Any]:
        own = path(
            "adopt/<slug:slug>/",
            self.admin_site.admin_view(self.adopt_view),
            name="budget_ruleset_adopt",
        )
        return [own, *super().get_urls()]

    def adopt_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """GET offers the presets; POST takes one over."""
        rows = self.visible(request, Project)
        found: Any = rows.filter(slug=slug).first() if rows is not None else None
        if found is None:
            raise Http404
        there = models.Ruleset.objects.filter(project=found).first()
        if there:
            return redirect("admin:budget_ruleset_change", there.pk)
        told = ""
        if request.method == "POST" and request.POST.get("edition") in presets.editions():
            try:
                made = actions.adopt(found, request.POST["edition"], by=cast(User, request.user))
            except Refused as refused:
                told = str(refused)
            else:
                messages.success(
                    request,
                    _("The rules of the edition are filled in. Check them with your contract."),
                )
                return redirect("admin:budget_ruleset_change", made.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Rules of the contract: %(project)s") % {"project": found},
            "offers": [(code, models.Edition(code).label) for code in presets.editions()],
            "told": told,
            "back": reverse("admin:deliverables_project_change", args=[found.pk]),
        }
        return TemplateResponse(request, "admin/budget/adopt.html", context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["rates"] = models.Rate.objects.filter(project=row.project_id)
        return super().render_change_form(request, context, *args, **kw)


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


class MoveForm(RowForm):
    also_checked = ("project",)
    full = ""  # why it cannot be numbered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.full:
            self.add_error(None, self.full)
        return cleaned


class MoveFormSet(SameProjectFormSet):
    """Rows of a change number themselves; nobody has to think of a code."""

    def clean(self) -> None:
        """What two rows of this page say of one thing; the table knows those that are saved."""
        said: set[tuple[Any, ...]] = set()
        for form in self.forms:
            row, given = form.instance, getattr(form, "cleaned_data", {})
            one = (row.deliverable_id, row.activity_id)
            if not given.get("to_on") or given.get("DELETE") or row.line_id:
                continue
            if one in said:
                raise ValidationError(models.change.MOVED_ONCE)
            said.add(one)
        super().clean()

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        if not form.instance.pk:
            last = [row.code_order[0] for row in self.get_queryset()]
            try:
                form.instance.code = codes.after("V", max(last, default=0) + i)
            except Refused as refused:
                form.full = str(refused)
        return form


class MoveInline(OfficeInline, RowsInline):
    """In two rows: what moves, and where to."""

    model = models.Move
    form = MoveForm
    formset = MoveFormSet
    can_delete = True
    fields = (("deliverable", "activity", "line"), ("from_on", "to_on", "days", "amount"))
    autocomplete_fields = ("deliverable", "activity", "line")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new change begins with a row for something."""
        return 0 if obj else 1


@admin.register(models.ContractChange)
class ContractChangeAdmin(DraftAdmin):
    resource = resources.ContractChangeResource
    form = RowForm
    list_display = ("code", "kind", "state", "signed_on", "project")
    list_display_links = ("code", "kind")
    list_filter = ("project", "kind", "state")
    list_select_related = ("project",)
    search_fields = ("code", "reason_lv", "reason_en")
    autocomplete_fields = ("project",)
    fields = ("project", "code", "kind", "state", "signed_on", "plan", "reason_lv", "reason_en")
    readonly_fields = ("state", "signed_on", "plan")  # set by the signature
    inlines = (MoveInline,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one has none of what the signature sets."""
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """The page of a signed change tells once, above, what it moved."""
        final = obj is not None and obj.state == models.ChangeState.SIGNED
        return () if final else super().get_inlines(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A signed change is read, not changed."""
        if obj is not None and obj.state == models.ChangeState.SIGNED:
            return False
        return super().has_change_permission(request, obj)

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/sign/",
            self.admin_site.admin_view(self.sign_view),
            name="budget_contractchange_sign",
        )
        return [own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["contract"] = self._shown(request, row)
        return super().render_change_form(request, context, *args, **kw)

    def _shown(self, request: HttpRequest, row: models.ContractChange) -> dict[str, Any]:
        """What the change moves, and how far it moves the headings of the budget."""
        final = row.state == models.ChangeState.SIGNED
        moves = list(row.moves.select_related("deliverable", "activity", "line"))
        self.hide(request, moves)
        return {
            "why_not": actions.why_not_sign(row, by=cast(User, request.user)),
            "final": final,
            "drifts": [] if final else of_project(row.project, draft=row),
            "moves": moves,
        }

    def sign_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what would move; POST moves all of it, or nothing."""
        row: models.ContractChange | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        shown, told = self._shown(request, row), ""
        form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                user, seen = cast(User, request.user), request.POST.get("seen", "")
                actions.sign(row, by=user, seen=seen, on=form.cleaned_data["on"])
            except Refused as refused:
                told = str(refused)
            else:
                messages.success(
                    request,
                    _("%(code)s is signed; all that it moves has moved.") % {"code": row.code},
                )
                return redirect("admin:budget_contractchange_change", row.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Sign: %(change)s") % {"change": row},
            "row": row,
            "form": form,
            "contract": shown,
            "told": shown["why_not"] or told,
            "possible": shown["why_not"] is None,
            "verb": _("Sign"),
            "back": reverse("admin:budget_contractchange_change", args=[row.pk]),
        }
        return TemplateResponse(request, "admin/budget/sign.html", context)


@admin.register(models.Move)
class MoveAdmin(DraftAdmin):
    resource = resources.MoveResource
    locked = ("project", "change", "code", "deliverable", "activity", "line")
    form = MoveForm
    list_display = ("change", "code", "deliverable", "activity", "line", "to_on", "amount")
    list_display_links = ("change", "code")
    list_filter = ("project",)
    list_select_related = ("change", "deliverable", "activity", "line")
    search_fields = ("code", "change__code")
    autocomplete_fields = ("project", "change", "deliverable", "activity", "line")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a signed change moved is read, not changed."""
        if obj is not None and obj.pk and obj.change.state == models.ChangeState.SIGNED:
            return False
        return super().has_change_permission(request, obj)
