"""The back office of the work plan."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.bases import AnyTabularInline
from audit.events.people import signed_in
from audit.lists.ordering import Said
from audit.rows.versioned_admin import VersionedInline
from deliverables.fields.forms import DayForm
from deliverables.fields.language import said
from deliverables.plan import actions as planning
from deliverables.plan import models
from deliverables.plan import resources as plan_resources
from deliverables.plan.chain_pages import ChainPage
from deliverables.projects.access import InProject
from deliverables.projects.scoped_admin import DraftAdmin, OfficeAdmin, OfficeInline
from exchange.admin import RoomForText
from exchange.forms import RowForm, SameProjectFormSet, TableRowForm
from steps.pages import Button, DatedPage, StepPage

IN_ACTIVITY = InProject("project", "activity__component")


class PlannedForm(TableRowForm):
    also_checked = ("project", "plan", "activity")


class PlannedInline(OfficeInline, VersionedInline, RoomForText, AnyTabularInline):
    model = models.PlannedActivity
    scope = IN_ACTIVITY
    form = PlannedForm
    formset = SameProjectFormSet
    extra = 0
    fields = ("activity", "from_on", "to_on", "days", "participants")
    autocomplete_fields = ("activity",)
    listed = ("activity",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


class ApprovePage(DatedPage, StepPage):
    """What the version changes, before it is made final."""

    name = "deliverables_workplan_approve"
    address = "<int:pk>/approve/"
    template = "admin/deliverables/approve.html"
    verb = gettext_lazy("Approve")
    form_class = DayForm
    cycle = planning.PLANS
    step = planning.APPROVE
    done = gettext_lazy("%(code)s is approved and in force.")

    def get_title(self) -> str:
        return _("Approve: %(plan)s") % {"plan": self.row}

    def more(self) -> dict[str, object]:
        return {"moved": planning.moved(self.row)}


class NextButton(Button):
    """The next rolling version, a copy of what is in force."""

    name = "deliverables_workplan_next"
    address = "<int:pk>/next/"

    def is_open(self) -> bool:
        return bool(self.owner.may_follow(self.request, self.row))

    def take(self) -> str:
        kind = models.PlanKind.ROLLING
        self.row = planning.next_version(self.row.project, kind, by=self.by)
        return _("%(code)s is a draft that begins as what is in force. Change what moves.") % {
            "code": self.row.code
        }


@admin.register(models.WorkPlan)
class WorkPlanAdmin(DraftAdmin):
    resource = plan_resources.WorkPlanResource
    pages = (ApprovePage, ChainPage, NextButton)
    form = RowForm
    list_display = ("code", "kind", "state", "approved_on", "project")
    list_display_links = ("code", "kind")
    list_filter = ("project", "kind", "state")
    list_select_related = ("project",)
    search_fields = ("code",)
    printed = ("kind",)
    autocomplete_fields = ("project",)
    fields = ("project", "code", "kind", "state", "approved_on", "note_lv", "note_en")
    readonly_fields = ("state", "approved_on")  # set by the approval
    inlines = (PlannedInline,)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An approved version is read, not changed."""
        if isinstance(obj, models.WorkPlan) and obj.state == models.PlanState.APPROVED:
            return False
        return super().has_change_permission(request, obj)

    def may_follow(self, request: HttpRequest, row: models.WorkPlan) -> bool:
        """Whether the person may write what comes after an approved version."""
        return super().has_change_permission(request, row)

    def beside(self, request: HttpRequest, row: models.WorkPlan) -> dict[str, object]:
        by = signed_in(request)
        return {
            "plan": {
                "moved": planning.moved(row),
                "why_not": planning.PLANS.refusal(row, planning.APPROVE, by),
                "final": row.state == models.PlanState.APPROVED,
                "may_shift": self.has_change_permission(request, row),
                "may_follow": self.may_follow(request, row),
            }
        }


class ServesInline(OfficeInline, VersionedInline, AnyTabularInline):
    model = models.ActivityDeliverable
    scope = IN_ACTIVITY
    form = PlannedForm
    formset = SameProjectFormSet
    extra = 0
    fields = ("deliverable",)
    autocomplete_fields = ("deliverable",)


@admin.register(models.Activity)
class ActivityAdmin(OfficeAdmin):
    resource = plan_resources.ActivityResource
    scope = InProject("project", "component")
    form = RowForm
    list_display = ("code", "title", "kind", "status", "part")
    list_display_links = ("code", "title")
    list_filter = ("project", "kind", "status")
    list_select_related = ("project", "component")
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "component")
    inlines = (ServesInline,)

    @admin.display(description=gettext_lazy("title"), ordering=Said("title"))
    def title(self, row: models.Activity) -> str:
        return said(row, "title")

    @admin.display(description=gettext_lazy("component"), ordering="component__number")
    def part(self, row: models.Activity) -> str:
        return f"{row.project} · {row.component.called}"


@admin.register(models.ActivityDeliverable)
class ActivityDeliverableAdmin(OfficeAdmin):
    resource = plan_resources.ActivityDeliverableResource
    scope = IN_ACTIVITY
    locked = ("project", "activity", "deliverable")
    form = RowForm
    list_display = ("activity", "deliverable", "project")
    list_filter = ("project",)
    list_select_related = ("project", "activity", "deliverable")
    search_fields = ("activity__search_text__contains", "deliverable__code")
    autocomplete_fields = ("project", "activity", "deliverable")


@admin.register(models.PlannedActivity)
class PlannedActivityAdmin(DraftAdmin):
    resource = plan_resources.PlannedActivityResource
    scope = IN_ACTIVITY
    locked = ("project", "plan", "activity")
    choosable: ClassVar = {"plan": ~Q(state=models.PlanState.APPROVED)}
    form = PlannedForm
    list_display = ("plan", "activity", "from_on", "to_on", "days")
    list_display_links = ("plan", "activity")
    list_filter = ("project", "plan")
    list_select_related = ("plan", "activity")
    search_fields = ("activity__search_text__contains",)
    autocomplete_fields = ("project", "plan", "activity")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What an approved version says is read, not changed."""
        final = models.PlanState.APPROVED
        if isinstance(obj, models.PlannedActivity) and obj.pk and obj.plan.state == final:
            return False
        return super().has_change_permission(request, obj)
