"""The back office of indicators: their values, approvals, and the sheet for OPSYS."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Right
from audit.conflicts import VersionedInline
from audit.ordering import Said
from audit.refused import Refused
from deliverables import indicator_resources, indicators, measuring, models
from deliverables.access import InProject, access_of
from deliverables.forms import DayForm
from deliverables.language import said
from deliverables.models.indicator import VALUE_IS_FINAL
from deliverables.office import OfficeAdmin, OfficeInline
from exchange.forms import RowForm, SameProjectFormSet

IN_INDICATOR = InProject("project", "indicator__component")


class ValueForm(RowForm):
    """An approved value is read, not changed; what was typed before it was approved is told."""

    also_checked = ("project", "indicator")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = any(self.add_prefix(name) in self.data for name in self.fields if name != "seen")
        if self.instance.approved_by and not typed:
            for name in self.fields.keys() - {"seen"}:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.approved_by and self.has_changed():
            self.add_error(None, VALUE_IS_FINAL)
        return cleaned


class ValueInline(OfficeInline, VersionedInline, admin.StackedInline):  # type: ignore[type-arg]
    model = models.Measurement
    scope = IN_INDICATOR
    form = ValueForm
    formset = SameProjectFormSet
    extra = 0
    can_delete = False
    show_change_link = True
    fields = (
        "on", "applies", "value", "words_lv", "words_en", "source_lv", "source_en", "evidence",
        "approved_by",
    )  # fmt: skip
    readonly_fields = ("approved_by",)
    autocomplete_fields = ("evidence",)


@admin.register(models.Indicator)
class IndicatorAdmin(OfficeAdmin):
    resource = indicator_resources.IndicatorResource
    scope = InProject("project", "component")
    form = RowForm
    list_display = ("code", "title", "unit", "baseline", "target", "project")
    list_display_links = ("code", "title")
    list_filter = ("project", "unit")
    list_select_related = ("project",)
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "component", "deliverable")
    inlines = (ValueInline,)

    @admin.display(description=gettext_lazy("title"), ordering=Said("title"))
    def title(self, row: models.Indicator) -> str:
        return said(row, "title")

    def get_urls(self) -> list[Any]:
        sheet = path(
            "opsys/<slug:slug>/", self.admin_site.admin_view(self.opsys_view), name="opsys"
        )
        return [sheet, *super().get_urls()]

    def opsys_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """GET shows what to type into OPSYS; POST records that it was done."""
        access = access_of(request.user)
        found = models.Project.objects.filter(slug=slug).first()
        if found is None or not access.may(Right.SEE, found.pk):
            raise Http404
        lines, told = measuring.sheet(found), ""
        form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                seen = _seen(request)
                by, on = cast(User, request.user), form.cleaned_data["on"]
                measuring.submit(found, by=by, on=on, seen=seen)
            except Refused as refused:
                told = str(refused)
            else:
                messages.success(request, _("Recorded: submitted to OPSYS on %(on)s.") % {"on": on})
                return redirect("admin:opsys", slug)
        last = measuring.last_submission(found)
        context = self.admin_site.each_context(request) | {
            "title": _("OPSYS sheet: %(project)s") % {"project": found},
            "project": found,
            "shown": [line | {"unit": indicators.UNITS[line["unit"]]} for line in lines],
            "paste": indicators.pasted(lines),
            "last": last,
            "moved": indicators.since(lines, last.content) if last else [],
            "form": form,
            "seen": signing.dumps(lines, salt="opsys"),
            "told": told,
            "possible": access.may(Right.STEER, found.pk) and bool(lines),
            "verb": _("Record the submission"),
            "back": reverse("admin:deliverables_project_change", args=[found.pk]),
        }
        return TemplateResponse(request, "admin/deliverables/opsys.html", context)


def _seen(request: HttpRequest) -> list[dict[str, str]]:
    """The sheet that the person saw; what is forged is nothing that anybody saw."""
    try:
        return cast(
            "list[dict[str, str]]", signing.loads(request.POST.get("seen", ""), salt="opsys")
        )
    except signing.BadSignature:
        return []


@admin.register(models.Measurement)
class MeasurementAdmin(OfficeAdmin):
    resource = indicator_resources.MeasurementResource
    scope = IN_INDICATOR
    locked = ("project", "indicator", "on")
    form = ValueForm
    fields = (
        "project", "indicator", "on", "applies", "value", "words_lv", "words_en", "source_lv",
        "source_en", "evidence", "approved_by",
    )  # fmt: skip
    list_display = ("indicator", "on", "value", "applies", "approved_by")
    list_display_links = ("indicator", "on")
    list_filter = ("project", "indicator")
    list_select_related = ("indicator",)
    search_fields = ("indicator__search_text__contains",)
    autocomplete_fields = ("project", "indicator", "evidence")
    readonly_fields = ("approved_by",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An approved value is read, not changed."""
        if obj is not None and obj.approved_by:
            return False
        return super().has_change_permission(request, obj)

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/approve/",
            self.admin_site.admin_view(self.approve_view),
            name="deliverables_measurement_approve",
        )
        return [own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["measured"] = {
                "why_not": measuring.why_not_approve(row, by=cast(User, request.user))
            }
        return super().render_change_form(request, context, *args, **kw)

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST from the page of the value: it counts from now on."""
        rows = self.get_queryset(request).select_related("indicator")
        row: models.Measurement | None = rows.filter(pk=pk).first()
        if row is None or request.method != "POST":
            raise Http404
        try:
            seen = request.POST.get("seen", "")
            measuring.approve(row, by=cast(User, request.user), seen=seen)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The value of %(row)s is approved.") % {"row": row})
        return redirect("admin:deliverables_measurement_change", row.pk)
