"""The back office of what was promised."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right, Role
from audit.conflicts import VersionedInline
from audit.ordering import Alphabetical, Listed, Said
from deliverables import models, resources
from deliverables.access import InProject, access_of
from deliverables.attaching_admin import AttachPage
from deliverables.exports_admin import ExportRecordAdmin
from deliverables.imported_steps import ImportedSteps
from deliverables.indicator_admin import IndicatorAdmin
from deliverables.ladder_admin import LadderPages, RungPage, SignPage, TurnFilter, WorkFilter
from deliverables.language import said
from deliverables.office import OfficeAdmin, OfficeInline, ScopedPages
from deliverables.plan_admin import WorkPlanAdmin
from exchange.admin import GuardedList, RowsInline
from exchange.forms import RowForm, SameProjectFormSet
from exchange.importing import TableIntake

__all__ = ["ExportRecordAdmin", "IndicatorAdmin", "WorkPlanAdmin"]  # registered there


class AchievementsField(forms.TypedMultipleChoiceField):
    """Checkboxes for a list of codes in one column."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=models.Achievement.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            **kwargs,
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(data or [])


class DeliverableForm(RowForm):
    also_checked = ("rung", "code", "project")
    achievements = AchievementsField(
        label=_("What was done"),
        help_text=models.Deliverable._meta.get_field("achievements").help_text,
    )


class EvidenceForm(RowForm):
    also_checked = ("project", "code")


class ProjectForm(RowForm):
    also_checked = ("slug",)


IN_DELIVERABLE = InProject("deliverable__project", "deliverable__component")
IN_ITEM = InProject("item__deliverable__project", "item__deliverable__component")


@admin.display(description=_("title"), ordering=Said("title"))
def title(row: Any) -> str:
    return said(row, "title")


@admin.register(models.Project)
class ProjectAdmin(OfficeAdmin):
    resource = resources.ProjectResource
    scope = InProject("pk")
    locked = ("slug",)
    form = ProjectForm
    list_display = ("reference", title, "status", "beneficiary_country", "publishing")
    list_filter = ("status", "publishing", "fictitious")
    search_fields = ("search_text__contains",)
    fieldsets = (
        (None, {"fields": ("reference", "slug", "title_lv", "title_en", "status")}),
        (
            _("What it is"),
            {
                "fields": (
                    "summary_lv", "summary_en", "beneficiary_country", "fund",
                    "contract_number", "reference_alias", "results_basis",
                )
            },
        ),
        (
            _("When"),
            {
                "fields": (
                    "start_planned", "start_actual", "end_planned", "end_current", "end_actual",
                )
            },
        ),
        (_("How long it is kept"), {"fields": ("retention_until", "legal_hold")}),
        (
            _("How it is shown"),
            {
                "fields": (
                    "publishing", "fictitious", "funding_statement_lv", "funding_statement_en",
                    "disclaimer_lv", "disclaimer_en", "footnote_lv", "footnote_en",
                )
            },
        ),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may not publish cannot switch a project to publishing by itself either."""
        fixed = super().get_readonly_fields(request, obj)
        may_publish = access_of(request.user).may(Right.PUBLISH, obj.pk if obj else None)
        return fixed if may_publish else (*fixed, "publishing")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access_of(request.user).everywhere(Right.PEOPLE)

    def more_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """A whole project is for whoever may write something in one."""
        may = access_of(request.user).somewhere(Right.EDIT)
        return (
            [(gettext("Import a whole project"), reverse("admin:workbook_import"))] if may else []
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("reference",)}


@admin.register(models.Component)
class ComponentAdmin(OfficeAdmin):
    resource = resources.ComponentResource
    scope = InProject("project", "pk")
    locked = ("project", "number")
    form = RowForm
    list_display = ("number", title, "project")
    list_display_links = ("number", title)
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "evidence")


class MembershipForm(RowForm):
    also_checked = ("user", "project")


@admin.register(models.Membership)
class MembershipAdmin(ScopedPages, GuardedList):
    """Who may do what. Administrators give and withdraw roles; the project sees who has them."""

    form = MembershipForm
    list_display = ("project", "role", "component", "user")
    list_display_links = ("project", "role")
    ordering = (
        "project", Listed("role", lambda: Role.choices), "component__number",
        Alphabetical("user__username"),
    )  # fmt: skip
    list_filter = ("project", "role", "user")
    list_select_related = ("project", "component", "user")
    search_fields = ("user__username", "project__search_text__contains")
    autocomplete_fields = ("user", "project", "component")
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "project") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access_of(request.user).everywhere(Right.PEOPLE)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


class ItemInline(OfficeInline, RowsInline):
    model = models.Item
    scope = IN_DELIVERABLE
    form = RowForm
    fields = ("code", "kind", "title_lv", "title_en", "evidence")
    autocomplete_fields = ("evidence",)
    show_change_link = True


class EvidenceInline(OfficeInline, RowsInline):
    model = models.Evidence
    scope = InProject("project", "deliverable__component")
    form = EvidenceForm
    formset = SameProjectFormSet
    fields = ("code", "kind", "title_lv", "title_en", "url", "file", "source", "line", "quote")
    autocomplete_fields = ("source", "file")


@admin.register(models.Deliverable)
class DeliverableAdmin(LadderPages, OfficeAdmin):
    resource = resources.DeliverableResource
    pages = (RungPage, SignPage, AttachPage)
    scope = InProject("project", "component")
    form = DeliverableForm
    list_display = ("code", title, "rung", "turn", "due", "part")
    list_display_links = ("code", title)
    list_filter = ("project", WorkFilter, TurnFilter, "rung", "active")
    list_select_related = ("project", "component")
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "component")
    inlines = (ItemInline, EvidenceInline)
    readonly_fields = ("rung", "delivered_on", "accepted_on")  # set by a step
    fieldsets = (
        (None, {"fields": ("project", "component", "code", "rung", "title_lv", "title_en")}),
        (
            _("Dates"),
            {
                "fields": ("due_original", "due_current", "delivered_on", "accepted_on"),
                "description": _("A day, a month or a year, as exactly as it is known."),
            },
        ),
        (_("What was done"), {"fields": ("achievements", "note_lv", "note_en")}),
        (
            _("More"),
            {
                "classes": ("collapse",),
                "fields": (
                    "kind", "weight", "adopted_by_lv", "adopted_by_en", "adopted_on",
                    "reason_lv", "reason_en", "items_intro_lv", "items_intro_en", "active",
                ),
            },
        ),
    )  # fmt: skip

    def intake(self, request: HttpRequest) -> TableIntake:
        """With the steps that a row of a file can ask for."""
        intake = super().intake(request)
        intake.steps = ImportedSteps(cast(User, request.user))
        return intake

    @admin.display(description=_("component"), ordering="component__number")
    def part(self, row: models.Deliverable) -> str:
        return f"{row.project} · {row.component.number}"

    @admin.display(description=_("due"), ordering="due_current")
    def due(self, row: models.Deliverable) -> str:
        return row.due_current or row.due_original or "–"


class FigureInline(OfficeInline, VersionedInline, admin.TabularInline):  # type: ignore[type-arg]
    model = models.Figure
    scope = IN_ITEM
    form = RowForm
    extra = 0


@admin.register(models.Item)
class ItemAdmin(OfficeAdmin):
    resource = resources.ItemResource
    scope = IN_DELIVERABLE
    locked = ("code", "deliverable")
    form = RowForm
    list_display = ("code", title, "kind", "deliverable")
    list_display_links = ("code", title)
    list_filter = ("kind",)
    list_select_related = ("deliverable",)
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("deliverable", "evidence")
    inlines = (FigureInline,)


@admin.register(models.Figure)
class FigureAdmin(OfficeAdmin):
    resource = resources.FigureResource
    scope = IN_ITEM
    locked = ("item",)
    form = RowForm
    list_display = ("item", "position", "value", "label")
    list_select_related = ("item",)
    search_fields = ("item__search_text__contains", "label_lv", "label_en")
    autocomplete_fields = ("item",)

    @admin.display(description=_("what is counted"))
    def label(self, row: models.Figure) -> str:
        return said(row, "label")


class EvidenceAdmin(OfficeAdmin):
    """Registered in experts/admin.py, which knows whose papers are whose."""

    resource = resources.EvidenceResource
    scope = InProject("project", "deliverable__component")
    form = EvidenceForm
    list_display = ("code", title, "kind", "deliverable", "project")
    list_display_links = ("code", title)
    list_filter = ("project", "kind")
    list_select_related = ("project", "deliverable")
    search_fields = ("code", "title_lv", "title_en")
    autocomplete_fields = ("project", "deliverable", "source", "file")


@admin.register(models.Source)
class SourceAdmin(OfficeAdmin):
    resource = resources.SourceResource
    form = EvidenceForm
    list_display = ("code", title, "publisher_short", "published_on", "project")
    list_display_links = ("code", title)
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("code", "publisher_short")
    autocomplete_fields = ("project",)


@admin.register(models.Statement)
class StatementAdmin(OfficeAdmin):
    resource = resources.StatementResource
    form = RowForm
    list_display = ("code", "text", "kind", "project")
    list_display_links = ("code", "text")
    list_filter = ("project", "kind")
    list_select_related = ("project",)
    search_fields = ("code", "text_lv", "text_en")
    autocomplete_fields = ("project", "evidence")

    @admin.display(description=_("text"))
    def text(self, row: models.Statement) -> str:
        return said(row, "text")


@admin.register(models.Title)
class TitleAdmin(OfficeAdmin):
    resource = resources.TitleResource
    scope = InProject("project", "component")
    form = RowForm
    list_display = (title, "component", "project")
    list_filter = ("project",)
    list_select_related = ("project", "component")
    search_fields = ("title_lv", "title_en")
    autocomplete_fields = ("project", "component", "evidence")
