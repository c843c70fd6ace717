"""The back office of indicators: their values, approvals, and the sheet for OPSYS."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Protocol, cast

from django.contrib import admin
from django.core import signing
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Right
from audit.bases import AnyStackedInline
from audit.events.people import signed_in
from audit.lists.ordering import Said
from audit.rows.versioned_admin import VersionedInline
from deliverables.fields.forms import DayForm
from deliverables.fields.language import said
from deliverables.indicators import actions as measuring
from deliverables.indicators import opsys as indicators
from deliverables.indicators import resources as indicator_resources
from deliverables.indicators.models import VALUE_IS_FINAL, Indicator, Measurement
from deliverables.projects.access import InProject, access_of, projects_seen
from deliverables.projects.models import Project
from deliverables.projects.scoped_admin import OfficeAdmin, OfficeInline
from exchange.forms import RowForm, SameProjectFormSet
from steps.pages import Button, DatedPage, StepPage

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

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self.instance.approved_by and self.has_changed():
            self.add_error(None, VALUE_IS_FINAL)
        return cleaned


class ValueInline(OfficeInline, VersionedInline, AnyStackedInline):
    model = Measurement
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

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: object) -> int:
        """An indicator that is there has room for the next value."""
        return 1 if obj else 0


class OpsysPage(DatedPage):
    """What to type into OPSYS; POST records that it was done."""

    name = "opsys"
    address = "opsys/<slug:slug>/"
    template = "admin/deliverables/opsys.html"
    verb = gettext_lazy("Record the submission")
    form_class = DayForm

    def get_row(self) -> Project:
        row = projects_seen(self.request).filter(slug=self.kwargs["slug"]).first()
        if row is None or not access_of(self.by).may(Right.SEE, row.pk):
            raise Http404
        self.lines = measuring.sheet(row)
        return row

    def get_title(self) -> str:
        return _("OPSYS sheet: %(project)s") % {"project": self.row}

    def take(self) -> str:
        on = self.form.cleaned_data["on"]
        measuring.submit(self.row, by=self.by, on=on, content=_content_seen(self.request))
        return _("Recorded: submitted to OPSYS on %(on)s.") % {"on": on}

    def leads_to(self) -> str:
        return reverse("admin:opsys", args=[self.row.slug])

    def more(self) -> dict[str, object]:
        last, may = measuring.last_submission(self.row), access_of(self.by).may
        return {
            "project": self.row,
            "shown": [line | {"unit": indicators.UNITS[line["unit"]]} for line in self.lines],
            "paste": indicators.pasted(self.lines),
            "last": last,
            "moved": indicators.since(self.lines, last.content) if last else [],
            "seen": signing.dumps(self.lines, salt="opsys"),
            "possible": may(Right.STEER, self.row.pk) and bool(self.lines),
        }


class ApproveButton(Button, StepPage):
    """The value counts from now on."""

    name = "deliverables_measurement_approve"
    address = "<int:pk>/approve/"
    cycle = measuring.VALUES
    step = measuring.APPROVE
    done = gettext_lazy("The value of %(row)s is approved.")

    def rows(self) -> QuerySet[Model]:
        return super().rows().select_related("indicator")


class _WithLast(Protocol):
    """An indicator of the list, and its newest value."""

    last_on: dt.date
    last: Decimal | None


@admin.register(Indicator)
class IndicatorAdmin(OfficeAdmin):
    resource = indicator_resources.IndicatorResource
    pages = (OpsysPage,)
    scope = InProject("project", "component")
    form = RowForm
    list_display = ("code", "title", "unit", "baseline", "last_value", "target", "project")
    list_display_links = ("code", "title")
    list_filter = ("project", "unit")
    list_select_related = ("project",)
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "component", "deliverable")
    inlines = (ValueInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Indicator]:
        """With the newest value of each."""
        rows = cast("QuerySet[Indicator]", super().get_queryset(request))
        values = Measurement.objects.filter(indicator=OuterRef("pk"), applies=True).order_by("-on")
        newest = {name: Subquery(values.values(name)[:1]) for name in ("on", "value")}
        return rows.annotate(last_on=newest["on"], last=newest["value"])

    @admin.display(description=gettext_lazy("title"), ordering=Said("title"))
    def title(self, row: Indicator) -> str:
        return said(row, "title")

    @admin.display(description=gettext_lazy("last value"))
    def last_value(self, row: _WithLast) -> str:
        """And of which day it is."""
        if row.last is None:
            return "–"
        return f"{localize(row.last.normalize())} ({date_format(row.last_on)})"


def _content_seen(request: HttpRequest) -> list[dict[str, str]]:
    """The sheet that the person saw; what is forged is nothing that anybody saw."""
    try:
        return cast(
            "list[dict[str, str]]", signing.loads(request.POST.get("seen", ""), salt="opsys")
        )
    except signing.BadSignature:
        return []


@admin.register(Measurement)
class MeasurementAdmin(OfficeAdmin):
    resource = indicator_resources.MeasurementResource
    pages = (ApproveButton,)
    scope = IN_INDICATOR
    locked = ("project", "indicator", "on")
    form = ValueForm
    fields = (
        "project", "indicator", "on", "applies", "value", "words_lv", "words_en", "source_lv",
        "source_en", "evidence", "approved_by",
    )  # fmt: skip
    list_display = ("indicator", "on", "value", "applies", "approved_by")
    ordering = ("project", "-on", "indicator__code_order")
    list_display_links = ("indicator", "on")
    list_filter = ("project", "indicator")
    list_select_related = ("indicator",)
    search_fields = ("indicator__search_text__contains",)
    autocomplete_fields = ("project", "indicator", "evidence")
    readonly_fields = ("approved_by",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An approved value is read, not changed."""
        if isinstance(obj, Measurement) and obj.approved_by:
            return False
        return super().has_change_permission(request, obj)

    def beside(self, request: HttpRequest, row: Measurement) -> dict[str, object]:
        by = signed_in(request)
        return {"measured": {"why_not": measuring.VALUES.refusal(row, measuring.APPROVE, by)}}
