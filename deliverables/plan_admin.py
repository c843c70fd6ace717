"""The back office of the work plan."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.conflicts import VersionedInline
from audit.ordering import Said
from audit.refused import Refused
from deliverables import models, plan_resources, planning
from deliverables.access import InProject
from deliverables.chain_admin import chain_page
from deliverables.forms import DayForm
from deliverables.language import said
from deliverables.office import DraftAdmin, OfficeAdmin, OfficeInline
from exchange.admin import RoomForText
from exchange.forms import RowForm, SameProjectFormSet, TableRowForm

IN_ACTIVITY = InProject("project", "activity__component")


class Line(TableRowForm):
    also_checked = ("project", "plan", "activity")


class PlannedInline(OfficeInline, VersionedInline, RoomForText, admin.TabularInline):  # type: ignore[type-arg]
    model = models.PlannedActivity
    scope = IN_ACTIVITY
    form = Line
    formset = SameProjectFormSet
    extra = 0
    fields = ("activity", "from_on", "to_on", "days", "participants")
    autocomplete_fields = ("activity",)
    listed = ("activity",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


@admin.register(models.WorkPlan)
class WorkPlanAdmin(DraftAdmin):
    resource = plan_resources.WorkPlanResource
    form = RowForm
    list_display = ("code", "kind", "state", "approved_on", "project")
    list_display_links = ("code", "kind")
    list_filter = ("project", "kind", "state")
    list_select_related = ("project",)
    search_fields = ("code",)
    autocomplete_fields = ("project",)
    fields = ("project", "code", "kind", "state", "approved_on", "note_lv", "note_en")
    readonly_fields = ("state", "approved_on")  # set by the approval
    inlines = (PlannedInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An approved version is read, not changed."""
        if obj is not None and obj.state == models.PlanState.APPROVED:
            return False
        return super().has_change_permission(request, obj)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/approve/", view(self.approve_view), name="deliverables_workplan_approve"
            ),
            path("<int:pk>/shift/", view(self.shift_view), name="deliverables_workplan_shift"),
            path("<int:pk>/next/", view(self.next_view), name="deliverables_workplan_next"),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["plan"] = {
                "moved": planning.moved(row),
                "why_not": planning.why_not_approve(row, by=cast(User, request.user)),
                "final": row.state == models.PlanState.APPROVED,
                "may_shift": self.has_change_permission(request, row),
                "may_follow": super().has_change_permission(request, row),
            }
        return super().render_change_form(request, context, *args, **kw)

    def _plan(self, request: HttpRequest, pk: int) -> models.WorkPlan:
        row: models.WorkPlan | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what the version changes; POST makes it final."""
        row, user, told = self._plan(request, pk), cast(User, request.user), ""
        why_not = planning.why_not_approve(row, by=user)
        form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                on: dt.date = form.cleaned_data["on"]
                planning.approve(row, by=user, seen=request.POST.get("seen", ""), on=on)
            except Refused as refused:
                told = str(refused)
            else:
                messages.success(
                    request, _("%(code)s is approved and in force.") % {"code": row.code}
                )
                return redirect("admin:deliverables_workplan_change", row.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Approve: %(plan)s") % {"plan": row},
            "row": row,
            "form": form,
            "told": why_not or told,
            "possible": why_not is None,
            "moved": planning.moved(row),
            "verb": _("Approve"),
            "back": reverse("admin:deliverables_workplan_change", args=[row.pk]),
        }
        return TemplateResponse(request, "admin/deliverables/approve.html", context)

    def shift_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shifts a chain of a draft's activities, or repeats one yearly."""
        row = self._plan(request, pk)
        if not self.has_change_permission(request, row):
            raise Http404
        return chain_page(request, row, self.admin_site.each_context(request))

    def next_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST makes the next rolling version, a copy of what is in force."""
        row = self._plan(request, pk)
        if request.method != "POST" or not super().has_change_permission(request, row):
            raise Http404
        try:
            plan = planning.next_version(
                row.project, models.PlanKind.ROLLING, by=cast(User, request.user)
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("admin:deliverables_workplan_change", row.pk)
        messages.success(
            request,
            _("%(code)s is a draft that begins as what is in force. Change what moves.")
            % {"code": plan.code},
        )
        return redirect("admin:deliverables_workplan_change", plan.pk)


class ServesInline(OfficeInline, VersionedInline, admin.TabularInline):  # type: ignore[type-arg]
    model = models.ActivityDeliverable
    scope = IN_ACTIVITY
    form = Line
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
        return f"{row.project} · {row.component.number}"


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
    form = Line
    list_display = ("plan", "activity", "from_on", "to_on", "days")
    list_display_links = ("plan", "activity")
    list_filter = ("project", "plan")
    list_select_related = ("plan", "activity")
    search_fields = ("activity__search_text__contains",)
    autocomplete_fields = ("project", "plan", "activity")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an approved version says is read, not changed."""
        if obj is not None and obj.pk and obj.plan.state == models.PlanState.APPROVED:
            return False
        return super().has_change_permission(request, obj)
