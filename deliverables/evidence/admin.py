"""The back office of results, their items and figures, and of what proves them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.desks import address
from audit.bases import AnyTabularInline
from audit.events.people import signed_in
from audit.rows.versioned_admin import VersionedInline
from deliverables.evidence.attaching import let_go
from deliverables.evidence.entering_pages import EnterPage
from deliverables.evidence.models import Evidence, Source, Statement
from deliverables.evidence.pages import AttachPage
from deliverables.evidence.resources import EvidenceResource, SourceResource, StatementResource
from deliverables.fields import dates
from deliverables.fields.language import said
from deliverables.ladder.imported_steps import ImportedSteps
from deliverables.ladder.lateness import timing
from deliverables.ladder.models import Achievement, Deliverable, Figure, Item
from deliverables.ladder.pages import (
    LadderPages,
    ManyRungsPage,
    RungPage,
    SignOffPage,
    TurnFilter,
    WorkFilter,
)
from deliverables.ladder.resources import DeliverableResource, FigureResource, ItemResource
from deliverables.ladder.status import BEGUN, Verb
from deliverables.projects.access import InProject, access_of
from deliverables.projects.admin import title
from deliverables.projects.scoped_admin import OfficeAdmin, OfficeInline
from exchange.admin import RowsInline
from exchange.forms import RowForm, SameProjectFormSet
from exchange.imports.intake import TableIntake

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class AchievementsField(forms.TypedMultipleChoiceField):
    """Checkboxes for a list of codes in one column."""

    def __init__(self, *, label: _StrOrPromise, help_text: _StrOrPromise) -> None:
        super().__init__(
            choices=Achievement.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=label,
            help_text=help_text,
        )

    def has_changed(self, initial: Iterable[str] | None, data: Iterable[str] | None) -> bool:
        return sorted(initial or []) != sorted(data or [])


class DeliverableForm(RowForm):
    also_checked = ("rung", "code", "project")
    achievements = AchievementsField(
        label=_("What was done"),
        help_text=Deliverable._meta.get_field("achievements").help_text,
    )


class EvidenceForm(RowForm):
    also_checked = ("project", "code")


IN_DELIVERABLE = InProject("deliverable__project", "deliverable__component")
IN_ITEM = InProject("item__deliverable__project", "item__deliverable__component")


class ItemInline(OfficeInline, RowsInline):
    model = Item
    scope = IN_DELIVERABLE
    form = RowForm
    fields = ("code", "kind", "title_lv", "title_en", "evidence")
    autocomplete_fields = ("evidence",)
    show_change_link = True


class EvidenceInline(OfficeInline, RowsInline):
    model = Evidence
    scope = InProject("project", "deliverable__component")
    form = EvidenceForm
    formset = SameProjectFormSet
    fields = ("code", "kind", "title_lv", "title_en", "url", "file", "source", "line", "quote")
    autocomplete_fields = ("source", "file")


@admin.register(Deliverable)
class DeliverableAdmin(LadderPages):
    resource = DeliverableResource
    pages = (ManyRungsPage, RungPage, SignOffPage, AttachPage, EnterPage)
    scope = InProject("project", "component")
    form = DeliverableForm
    list_display = ("code", title, "rung", "turn", "due", "part")
    list_display_links = ("code", title)
    list_filter = ("project", WorkFilter, TurnFilter, "rung", "active")
    list_select_related = ("project", "component")
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "component", "parent")
    choosable: ClassVar = {"parent": Q(parent=None)}
    together: ClassVar = {"parent": {"component": "component"}}
    inlines = (ItemInline, EvidenceInline)
    readonly_fields = ("rung", "delivered_on", "accepted_on")  # set by a step
    fieldsets = (
        (None, {
                "fields": (
                    "project", "component", "code", "kind", "parent", "rung", "title_lv",
                    "title_en",
                )
            }),
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
                    "weight", "adopted_by_lv", "adopted_by_en", "adopted_on",
                    "reason_lv", "reason_en", "items_intro_lv", "items_intro_en", "active",
                ),
            },
        ),
    )  # fmt: skip

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """With what is done most, a click away, for who may."""
        access, columns = access_of(request.user), super().get_list_display(request)

        @admin.display(description=_("actions"))
        def doors(row: Deliverable) -> str:
            if not self.scope.edits(access, row):
                return ""
            verb, page = Verb.DELIVER, "admin:deliverables_deliverable"
            slug = row.project.slug
            step = [(address(slug, reverse(f"{page}_step", args=[row.pk, verb.value])), verb.label)]
            attach = (address(slug, reverse(f"{page}_attach", args=[row.pk])), AttachPage.verb)
            links = [*(step if row.active and row.rung in BEGUN else []), attach]
            return format_html_join(" · ", '<a href="{}">{}</a>', links)

        offered = self.has_change_permission(request) and IS_POPUP_VAR not in request.GET
        return [*columns, doors] if offered else columns

    def intake(self, request: HttpRequest) -> TableIntake:
        """With the steps that a row of a file can ask for."""
        intake = super().intake(request)
        intake.steps = ImportedSteps(signed_in(request))
        return intake

    @admin.display(description=_("component"), ordering="component__number")
    def part(self, row: Deliverable) -> str:
        return f"{row.project} · {row.component.called}"

    @admin.display(description=_("due"), ordering="due_current")
    def due(self, row: Deliverable) -> str:
        """With a word where it has passed, and the result is not done."""
        day = dates.shown(row.due_current or row.due_original, get_language() or "en")
        if row.active and timing(vars(row), timezone.localdate()).state == "late":
            return format_html('{} <strong class="late">{}</strong>', day, gettext("overdue"))
        return day or "–"


class FigureInline(OfficeInline, VersionedInline, AnyTabularInline):
    model = Figure
    scope = IN_ITEM
    form = RowForm
    extra = 0


@admin.register(Item)
class ItemAdmin(OfficeAdmin):
    resource = ItemResource
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


@admin.register(Figure)
class FigureAdmin(OfficeAdmin):
    resource = FigureResource
    scope = IN_ITEM
    locked = ("item",)
    form = RowForm
    list_display = ("item", "position", "value", "label")
    list_select_related = ("item",)
    search_fields = ("item__search_text__contains", "label_lv", "label_en")
    autocomplete_fields = ("item",)

    @admin.display(description=_("what is counted"))
    def label(self, row: Figure) -> str:
        return said(row, "label")


class EvidenceAdmin(OfficeAdmin):
    """Registered in experts/people/admin.py, which knows whose papers are whose."""

    resource = EvidenceResource
    scope = InProject("project", "deliverable__component")
    form = EvidenceForm
    list_display = ("code", title, "kind", "deliverable", "project")
    list_display_links = ("code", title)
    list_filter = ("project", "kind")
    list_select_related = ("project", "deliverable")
    search_fields = ("code", "title_lv", "title_en")
    autocomplete_fields = ("project", "deliverable", "source", "file")

    def delete_model(self, request: HttpRequest, obj: Evidence) -> None:
        """A file that nothing else names goes with it."""
        super().delete_model(request, obj)
        if obj.file:
            let_go(obj.file)


@admin.register(Source)
class SourceAdmin(OfficeAdmin):
    resource = SourceResource
    form = EvidenceForm
    list_display = ("code", title, "publisher_short", "published_on", "project")
    list_display_links = ("code", title)
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("code", "publisher_short")
    autocomplete_fields = ("project",)


@admin.register(Statement)
class StatementAdmin(OfficeAdmin):
    resource = StatementResource
    form = RowForm
    list_display = ("code", "text", "kind", "project")
    list_display_links = ("code", "text")
    list_filter = ("project", "kind")
    list_select_related = ("project",)
    search_fields = ("code", "text_lv", "text_en")
    autocomplete_fields = ("project", "evidence")

    @admin.display(description=_("text"))
    def text(self, row: Statement) -> str:
        return said(row, "text")
