"""The back office of missions: the form, the steps, the time sheet, and a copy for next time."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit.conflicts import VersionedInline
from audit.refused import Refused
from audit.unsaved import typed
from deliverables import fields, quarters
from deliverables.access import InProject, access_of
from deliverables.attaching_admin import served
from deliverables.forms import DayForm
from deliverables.ladder_admin import WorkFilter
from deliverables.office import OfficeAdmin, OfficeInline
from exchange import limits
from exchange.forms import RowForm, SameProjectFormSet, TableRowForm
from experts import actions, mission_resources, models, papers, sheets, work
from experts.envelope import days_left
from experts.journey import DELIVERED, STEPS, TIMED, Move, State
from experts.once import OneDraft

IN_MISSION = InProject("project", "mission__activity__component")


class MoveForm(forms.Form):
    """What a step asks for; what it does not ask for is not there."""

    on = fields.DayField().formfield(label=gettext_lazy("Report received on"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For the people of the project; it is not public."),
    )

    def __init__(self, move: Move, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move is not Move.REPORT:
            del self.fields["on"]
        if not STEPS[move].reasoned:
            del self.fields["reason"]


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


class MissionPages(OfficeAdmin):
    """The pages beside the form: steps, time sheet, copy."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/step/<str:move>/", view(self.step_view), name="experts_mission_step"),
            path("<int:pk>/sheet/", view(self.sheet_view), name="experts_mission_sheet"),
            path("<int:pk>/papers/", view(self.papers_view), name="experts_mission_papers"),
            path(
                "<int:pk>/papers/<str:name>/", view(self.paper_view), name="experts_mission_paper"
            ),
            path("<int:pk>/copy/", view(self.copy_view), name="experts_mission_copy"),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["mission"] = self._panel(request, row)
        return super().render_change_form(request, context, *args, **kw)

    def _panel(self, request: HttpRequest, row: models.Mission) -> dict[str, Any]:
        """Where it is, each step or why it is not possible, and what the activity has left."""
        begin = [move for move, rule in STEPS.items() if row.state in rule.begins]
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

    def _row(self, request: HttpRequest, pk: int) -> models.Mission:
        rows = self.get_queryset(request).select_related("activity__component", "project")
        row: models.Mission | None = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _own(self, request: HttpRequest, pk: int) -> models.Mission:
        """A mission that the person may write."""
        row = self._row(request, pk)
        if not self.scope.edits(access_of(request.user), row):
            raise Http404
        return row

    def step_view(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """GET says what the step does and asks for what it needs; POST takes it."""
        row, told = self._row(request, pk), ""
        if move not in Move.values:
            raise Http404
        verb = Move(move)
        form = MoveForm(verb, typed(request))
        if request.method == "POST" and form.is_valid():
            try:
                given = actions.Given(**form.cleaned_data)
                seen, by = request.POST.get("seen", ""), cast(User, request.user)
                step = actions.take(row, verb, by=by, seen=seen, given=given)
            except Refused as refused:
                told = str(refused)
            except ValidationError as error:
                told = " ".join(error.messages)
            else:
                named = {"code": row.code, "state": step.get_ends_display()}
                messages.success(request, _("%(code)s is “%(state)s” now.") % named)
                return redirect("admin:experts_mission_change", row.pk)
        why_not = actions.why_not(row, verb, by=cast(User, request.user))
        context = self._context(request, row, str(verb.label)) | {
            "form": form,
            "told": told or why_not,
            "possible": why_not is None,
            "says": STEPS[verb].says,
            "lacking": papers.lacking(row).values() if row.state in DELIVERED else (),
        }
        return TemplateResponse(request, "admin/experts/step.html", context)

    def sheet_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The time sheet: each expert's days, ticked."""
        row = self._own(request, pk)
        form = sheets.SheetForm(row, typed(request))
        if request.method == "POST" and form.is_valid():
            try:
                seen = request.POST.get("seen", "")
                sheets.fill_in(row, form.days(), by=cast(User, request.user), seen=seen)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                kinds = Counter(form.days().values())
                named = {kind: kinds[kind] for kind in ("country", "travel")}
                messages.success(
                    request,
                    _("Days on the time sheet now: %(country)s, and of travel: %(travel)s.")
                    % named,
                )
                return redirect("admin:experts_mission_change", row.pk)
        context = self._context(request, row, _("Time sheet")) | {
            "form": form,
            "seen": request.POST.get("seen"),  # a page that is out of date stays so
            "button": _("Save the time sheet"),
        }
        return TemplateResponse(request, "admin/experts/sheet.html", context)

    def papers_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A file for each paper; what is wrong is said, and nothing is kept then."""
        row, told = self._own(request, pk), ""
        data = () if typed(request) is None else (typed(request), request.FILES)
        form = papers.PapersForm(row, *data, held_path=getattr(request, "held_path", False))
        if request.method == "POST" and form.is_valid():
            try:
                seen, by = request.POST.get("seen", ""), cast(User, request.user)
                new = papers.hand_in(row, form.sniffed, by=by, seen=seen)
            except Refused as refused:
                told = str(refused)
            else:
                done = ngettext(
                    "%(n)s paper was attached.", "%(n)s papers were attached.", len(new)
                )
                already = _("These papers were attached already.")
                messages.success(request, done % {"n": len(new)} if new else already)
                return redirect("admin:experts_mission_change", row.pk)
        context = self._context(request, row, _("Attach papers")) | {
            "form": form,
            "told": told,
            "seen": request.POST.get("seen"),  # a page that is out of date stays so
            "possible": True,
            "says": _(
                "PDF, PNG, JPEG, DOCX, XLSX, ODS, CSV or EML; at most 25 MB each. Papers of "
                "missions are never public. All files are taken, or none."
            ),
        }
        return TemplateResponse(request, "admin/experts/step.html", context)

    def paper_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """A paper as a download, for whoever sees the mission; one without a file, as its row."""
        row = self._row(request, pk)
        evidence = next((one.evidence for one in papers.of(row) if one.name == name), None)
        if evidence is None:
            raise Http404
        if evidence.file is None:
            return redirect("admin:deliverables_evidence_change", evidence.pk)
        return served(request, evidence.file, back=self._back(row))

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._own(request, pk)
        form = DayForm(typed(request))
        if request.method == "POST" and form.is_valid():
            on = form.cleaned_data["on"]
            try:
                twin = actions.copy(row, by=cast(User, request.user), from_on=on)
            except Refused as refused:
                form.add_error(None, str(refused))
            except ValidationError as error:
                form.add_error(None, " ".join(error.messages))
            else:
                messages.success(request, _("%(code)s is a new draft.") % {"code": twin.code})
                return redirect("admin:experts_mission_change", twin.pk)
        context = self._context(request, row, _("Copy")) | {
            "form": form,
            "possible": True,
            "says": _("The copy has the same activity, terms, length and experts, and a new code."),
        }
        return TemplateResponse(request, "admin/experts/step.html", context)

    def _context(self, request: HttpRequest, row: models.Mission, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": f"{title}: {row.code}",
            "verb": title,
            "row": row,
            "opts": self.opts,
            "back": self._back(row),
        }

    def _back(self, row: models.Mission) -> str:
        return reverse("admin:experts_mission_change", args=[row.pk])


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
