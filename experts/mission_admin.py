"""The back office of missions: the form, the steps, the time sheet, and a copy for next time."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from django.contrib import admin
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit.conflicts import VersionedInline
from audit.refused import Refused
from audit.unsaved import typed
from deliverables import fields, quarters
from deliverables.access import InProject, access_of
from deliverables.attaching_admin import served
from deliverables.forms import DayForm, StepForm
from deliverables.ladder_admin import WorkFilter
from deliverables.office import OfficeAdmin, OfficeInline
from exchange.forms import RowForm, SameProjectFormSet, TableRowForm
from experts import actions, mission_resources, models, papers, sheets, work
from experts.envelope import days_left
from experts.journey import DELIVERED, STEPS, TIMED, State
from experts.once import OneDraft
from steps.pages import Page, StepPage

IN_MISSION = InProject("project", "mission__activity__component")


class MoveForm(StepForm):
    on = fields.DayField().formfield(label=gettext_lazy("Report received on"))


class MissionWorkFilter(WorkFilter):
    kinds = work.KINDS


class QuarterFilter(admin.SimpleListFilter):
    """Missions that lie at least partly in a quarter: what a quarter's report tells of."""

    title = gettext_lazy("quarter")
    parameter_name = "quarter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """From the first mission to the last; an odd value in the address filters nothing."""
        rows = model_admin.get_queryset(request).order_by()
        first, last = rows.aggregate(first=Min("from_on"), last=Max("to_on")).values()
        found, day = [], first and quarters.first(quarters.name(first))
        while day and day <= last:
            found.append((quarters.name(day), quarters.name(day)))
            day = quarters.after(day)
        return found

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            first, last = quarters.first(self.value() or ""), quarters.last(self.value() or "")
        except ValueError:
            return queryset
        return queryset.filter(from_on__lte=last, to_on__gte=first)


class MissionForm(RowForm):
    also_checked = ("project",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        project = cleaned.get("project")
        if project and not self.instance.pk:
            try:
                actions.next_code(project.pk)
            except Refused as refused:
                self.add_error(None, str(refused))
        return cleaned


class Row(TableRowForm):
    also_checked = ("project", "mission", "expert")


class MissionExpertInline(OfficeInline, VersionedInline, admin.TabularInline):  # type: ignore[type-arg]
    model = models.MissionExpert
    scope = IN_MISSION
    form = Row
    formset = SameProjectFormSet
    extra = 0
    fields = ("expert", "days", "travel_days", "grade")
    autocomplete_fields = ("expert",)
    listed = ("expert",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new mission begins with a row for somebody."""
        return 0 if obj else 1

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who goes is settled with the terms."""
        settled = obj is not None and obj.state != State.DRAFT
        return not settled and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        settled = obj is not None and obj.state != State.DRAFT
        return not settled and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class OfMission(Page):
    template = "admin/experts/step.html"

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("activity__component", "project")

    def get_title(self) -> str:
        return f"{self.verb}: {self.row.code}"

    def told(self, why_not: str | None) -> str | None:
        return self.refused or why_not


class MovePage(OfMission, StepPage):
    """What the step does, and what it asks for."""

    name = "experts_mission_step"
    address = "<int:pk>/step/<str:move>/"
    cycle = actions.MISSIONS
    named_by = "move"

    def get_form(self) -> MoveForm:
        return MoveForm(STEPS[self.step], typed(self.request))

    def said(self, row: models.Mission) -> str:
        named = {"code": row.code, "state": row.get_state_display()}
        return _("%(code)s is “%(state)s” now.") % named

    def more(self) -> dict[str, Any]:
        lacking = papers.lacking(self.row).values() if self.row.state in DELIVERED else ()
        return {"says": STEPS[self.step].says, "lacking": lacking}


class OwnPage(OfMission):
    """Of a mission that the person may write."""

    says: Any = ""

    def is_open(self) -> bool:
        return bool(self.owner.scope.edits(access_of(self.by), self.row))

    def more(self) -> dict[str, Any]:
        # A page that is out of date stays so.
        return {"says": self.says, "seen": self.request.POST.get("seen")}


class SheetPage(OwnPage):
    """The time sheet: each expert's days, ticked."""

    name = "experts_mission_sheet"
    address = "<int:pk>/sheet/"
    template = "admin/experts/sheet.html"
    verb = gettext_lazy("Time sheet")

    def get_form(self) -> sheets.SheetForm:
        return sheets.SheetForm(self.row, typed(self.request))

    def take(self) -> str:
        days = self.form.days()
        sheets.fill_in(self.row, days, by=self.by, seen=self.seen)
        kinds = Counter(days.values())
        named = {kind: kinds[kind] for kind in ("country", "travel")}
        return _("Days on the time sheet now: %(country)s, and of travel: %(travel)s.") % named

    def refuse(self, told: str) -> None:
        self.form.add_error(None, told)

    def more(self) -> dict[str, Any]:
        return super().more() | {"button": _("Save the time sheet")}


class PapersPage(OwnPage):
    """A file for each paper; what is wrong is said, and nothing is kept then."""

    name = "experts_mission_papers"
    address = "<int:pk>/papers/"
    verb = gettext_lazy("Attach papers")
    says = gettext_lazy(
        "PDF, PNG, JPEG, DOCX, XLSX, ODS, CSV or EML; at most 25 MB each. Papers of "
        "missions are never public. All files are taken, or none."
    )

    def get_form(self) -> papers.PapersForm:
        data = () if typed(self.request) is None else (typed(self.request), self.request.FILES)
        held_path = getattr(self.request, "held_path", False)
        return papers.PapersForm(self.row, *data, held_path=held_path)

    def take(self) -> str:
        new = len(papers.hand_in(self.row, self.form.sniffed, by=self.by, seen=self.seen))
        done = ngettext("%(n)s paper was attached.", "%(n)s papers were attached.", new)
        return done % {"n": new} if new else _("These papers were attached already.")


class CopyPage(OwnPage):
    name = "experts_mission_copy"
    address = "<int:pk>/copy/"
    verb = gettext_lazy("Copy")
    says = gettext_lazy(
        "The copy has the same activity, terms, length and experts, and a new code."
    )

    def get_form(self) -> DayForm:
        return DayForm(typed(self.request))

    def take(self) -> str:
        self.row = actions.copy(self.row, by=self.by, from_on=self.form.cleaned_data["on"])
        return _("%(code)s is a new draft.") % {"code": self.row.code}

    def refuse(self, told: str) -> None:
        self.form.add_error(None, told)

    def more(self) -> dict[str, Any]:
        return {"says": self.says}


class PaperPage(OfMission):
    """A paper as a download, for whoever sees the mission; one without a file, as its row."""

    name = "experts_mission_paper"
    address = "<int:pk>/papers/<str:name>/"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        wanted = self.kwargs["name"]
        evidence = next((one.evidence for one in papers.of(self.row) if one.name == wanted), None)
        if evidence is None:
            raise Http404
        if evidence.file is None:
            return redirect("admin:deliverables_evidence_change", evidence.pk)
        return served(request, evidence.file, back=self.back())


class MissionPages(OfficeAdmin):
    """The pages beside the form, and the panel that leads to them."""

    pages = (MovePage, SheetPage, PapersPage, PaperPage, CopyPage)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["mission"] = self._panel(request, row)
        return super().render_change_form(request, context, *args, **kw)

    def _panel(self, request: HttpRequest, row: models.Mission) -> dict[str, Any]:
        """Where it is, each step or why it is not possible, and what the activity has left."""
        begin = [move for move, rule in STEPS.items() if row.state in rule.ends]
        why_not = actions.why_not_each(row, begin, by=cast(User, request.user))
        left, told = None, ""
        if row.state != State.DRAFT:  # of a draft the sentence beside its experts says more
            try:
                left = days_left(row.activity)
            except Refused as refused:
                told = str(refused)
        return {
            "state": row.get_state_display(),
            "moves": [(move, STEPS[move], why_not[move]) for move in begin],
            "steps": row.steps.select_related("by").order_by("-pk"),
            "left": left,
            "told": told,
            "days": row,
            "sheet": row.state in TIMED,
            "papers": [] if row.state in papers.WITHOUT else papers.of(row),
            "may_write": self.scope.edits(access_of(request.user), row),
        }


@admin.register(models.Mission)
class MissionAdmin(OneDraft, MissionPages):
    resource = mission_resources.MissionResource
    scope = InProject("project", "activity__component")
    form = MissionForm
    list_display = ("code", "activity", "place", "from_on", "to_on", "state", "days_planned")
    list_display_links = ("code", "activity")
    list_filter = (MissionWorkFilter, QuarterFilter, "project", "state", "activity")
    list_select_related = ("project", "activity")
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("project", "activity", *models.mission.PAPERS)
    listed = ("project", "activity")
    readonly_fields = ("code", "state", "report_on")  # numbered by the register, set by steps
    inlines = (MissionExpertInline,)
    fieldsets = (
        (None, {"fields": ("project", "activity", "code", "state", "from_on", "to_on", "place")}),
        (gettext_lazy("Terms of reference"), {"fields": ("terms_lv", "terms_en")}),
        (
            gettext_lazy("Papers"),
            {"fields": ("report_on", *models.mission.PAPERS, "papers_note")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_days().select_related("project", "activity"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A mission that is only being planned has no papers yet."""
        return super().get_fieldsets(request, obj) if obj else self.fieldsets[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        terms = ("activity", "from_on", "to_on", "terms_lv", "terms_en")
        return (*fixed, *terms) if obj and obj.state != State.DRAFT else fixed

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            actions.draft(obj, by=cast(User, request.user))

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Its own page: what it leaves of the activity, and the next step."""
        return HttpResponseRedirect(reverse("admin:experts_mission_change", args=[obj.pk]))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """The list, but a draft that is being weighed stays in sight."""
        if obj.state == State.DRAFT:
            return self.response_post_save_add(request, obj)
        return super().response_post_save_change(request, obj)

    @admin.display(description=gettext_lazy("days planned"), ordering="days_planned")
    def days_planned(self, row: Any) -> int:
        return int(row.days_planned)


@admin.register(models.MissionExpert)
class MissionExpertAdmin(OfficeAdmin):
    resource = mission_resources.MissionExpertResource
    scope = IN_MISSION
    locked = ("project", "mission", "expert")
    form = Row
    list_display = ("mission", "expert", "days", "travel_days")
    list_display_links = ("mission", "expert")
    list_filter = ("project",)
    list_select_related = ("mission", "expert")
    search_fields = ("mission__code", "expert__code")
    autocomplete_fields = ("project", "mission", "expert")


@admin.register(models.ExpertDay)
class ExpertDayAdmin(OfficeAdmin):
    resource = mission_resources.ExpertDayResource
    scope = IN_MISSION
    locked = ("project", "mission", "expert", "on")
    form = Row
    list_display = ("mission", "expert", "on", "kind")
    list_display_links = ("mission", "expert", "on")
    list_filter = ("project", "kind")
    list_select_related = ("mission", "expert")
    search_fields = ("mission__code", "expert__code")
    autocomplete_fields = ("project", "mission", "expert")
