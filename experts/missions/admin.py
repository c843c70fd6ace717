"""The back office of missions: the form, the steps, the time sheet, and a copy for next time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, Min, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Right
from audit.bases import AnyAdmin, AnyForm, AnyTabularInline
from audit.events.people import signed_in
from audit.rows.refused import Refused
from audit.rows.versioned_admin import VersionedInline
from deliverables.evidence.admin import EvidenceAdmin
from deliverables.evidence.models import Evidence
from deliverables.fields import quarters
from deliverables.ladder.pages import WorkFilter
from deliverables.projects.access import InProject, access_of
from deliverables.projects.scoped_admin import OfficeAdmin, OfficeInline
from exchange.forms import RowForm, SameProjectFormSet, TableRowForm
from experts.missions import actions, work
from experts.missions import resources as mission_resources
from experts.missions.access import OfEvidence
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.missions.models.mission import PAPERS
from experts.missions.pages import MissionPages
from experts.missions.querysets import MissionQuerySet
from experts.missions.sent_again import OneDraft
from experts.missions.status import TIMED, State

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec


@admin.register(Evidence)
class PapersAdmin(EvidenceAdmin):
    """The evidence of deliverables, and the papers of missions among it."""

    scope = OfEvidence("project", "deliverable__component")


IN_MISSION = InProject("project", "mission__activity__component")


class MissionWorkFilter(WorkFilter):
    kinds = work.KINDS


class QuarterFilter(admin.SimpleListFilter):
    """Missions that lie at least partly in a quarter: what a quarter's report tells of."""

    title = gettext_lazy("quarter")
    parameter_name = "quarter"

    def lookups(self, request: HttpRequest, model_admin: AnyAdmin) -> list[tuple[str, str]]:
        """From the first mission to the last; an odd value in the address filters nothing."""
        rows = model_admin.get_queryset(request).order_by()
        first, last = rows.aggregate(first=Min("from_on"), last=Max("to_on")).values()
        choices, day = [], first and quarters.first(quarters.name(first))
        while day and day <= last:
            choices.append((quarters.name(day), quarters.name(day)))
            day = quarters.after(day)
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        try:
            first, last = quarters.first(self.value() or ""), quarters.last(self.value() or "")
        except ValueError:
            return queryset
        return queryset.filter(from_on__lte=last, to_on__gte=first)


class MissionForm(RowForm):
    also_checked = ("project",)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        project = cleaned["project"].pk if cleaned.get("project") else self.instance.project_id
        if project and not self.instance.pk:
            try:
                actions.next_code(project)
            except Refused as refused:
                self.add_error(None, str(refused))
        return cleaned


class MissionRowForm(TableRowForm):
    also_checked = ("project", "mission", "expert")


class MissionExpertInline(OfficeInline, VersionedInline, AnyTabularInline):
    model = MissionExpert
    scope = IN_MISSION
    form = MissionRowForm
    formset = SameProjectFormSet
    extra = 0
    fields = ("expert", "days", "travel_days", "grade")
    autocomplete_fields = ("expert",)
    listed = ("expert",)

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: object) -> int:
        """A new mission begins with a row for somebody."""
        return 0 if obj else 1

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who goes is settled with the terms."""
        settled = isinstance(obj, Mission) and obj.state != State.DRAFT
        return not settled and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        settled = isinstance(obj, Mission) and obj.state != State.DRAFT
        return not settled and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


def _kept_with(mission: Mission) -> str:
    """Why the mission, and who goes, cannot be deleted; "" while it is a draft."""
    if mission.state == State.DRAFT:
        return ""
    return _(
        "It cannot be deleted: the mission is no draft any more. It can be sent back, or cancelled."
    )


class _WithExperts(Protocol):
    """A mission of the list, and who goes."""

    who: list[str]


def _who(request: HttpRequest) -> ArraySubquery:
    """The experts of a mission, by name for who may see names and by code for others."""
    experts = MissionExpert.objects.filter(mission=OuterRef("pk")).order_by("expert__code_order")
    code, name = F("expert__code"), NullIf(F("expert__name"), Value(""))
    named = access_of(request.user).always(Right.NAMES)
    return ArraySubquery(experts.values_list(Coalesce(name, code) if named else code))


@admin.register(Mission)
class MissionAdmin(OneDraft, MissionPages):
    resource = mission_resources.MissionResource
    scope = InProject("project", "activity__component")
    form = MissionForm
    list_display = ("code", "activity", "from_on", "to_on", "who", "state", "days_planned")
    ordering = ("project", "-from_on", "-code_order")
    list_display_links = ("code", "activity")
    list_filter = (MissionWorkFilter, QuarterFilter, "project", "state", "activity")
    list_select_related = ("project", "activity")
    search_fields = ("search_text__contains", "from_on__contains")
    autocomplete_fields = ("project", "activity", *PAPERS)
    listed = ("project", "activity")
    readonly_fields = ("code", "state", "report_on")  # numbered by the register, set by steps
    inlines = (MissionExpertInline,)
    fieldsets = (
        (None, {"fields": ("project", "activity", "code", "state", "from_on", "to_on", "place")}),
        (gettext_lazy("Terms of reference"), {"fields": ("terms_lv", "terms_en")}),
        (
            gettext_lazy("Papers"),
            {"fields": ("report_on", *PAPERS, "papers_note")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows = cast(MissionQuerySet, super().get_queryset(request))
        return rows.with_days().select_related("project", "activity").annotate(who=_who(request))

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> _FieldsetSpec:
        """A mission that is only being planned has no papers yet."""
        sets = super().get_fieldsets(request, obj)
        return sets if obj else sets[:-1]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        terms = ("activity", "from_on", "to_on", "terms_lv", "terms_en")
        return (*fixed, *terms) if isinstance(obj, Mission) and obj.state != State.DRAFT else fixed

    def save_model(self, request: HttpRequest, obj: Mission, form: AnyForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            actions.draft(obj, by=signed_in(request))

    def response_post_save_add(self, request: HttpRequest, obj: Mission) -> HttpResponseRedirect:
        """Its own page: what it leaves of the activity, and the next step."""
        return HttpResponseRedirect(reverse("admin:experts_mission_change", args=[obj.pk]))

    def response_post_save_change(self, request: HttpRequest, obj: Mission) -> HttpResponseRedirect:
        """The list, but a draft that is being weighed stays in sight."""
        if obj.state == State.DRAFT:
            return self.response_post_save_add(request, obj)
        return super().response_post_save_change(request, obj)

    def why_kept(self, request: HttpRequest, row: Mission) -> str:
        return _kept_with(row) or super().why_kept(request, row)

    @admin.display(description=gettext_lazy("experts"))
    def who(self, row: _WithExperts) -> str:
        return ", ".join(row.who) or "–"

    @admin.display(description=gettext_lazy("days planned"), ordering="days_planned")
    def days_planned(self, row: Mission) -> int:
        return row.days_planned


@admin.register(MissionExpert)
class MissionExpertAdmin(OfficeAdmin):
    resource = mission_resources.MissionExpertResource
    scope = IN_MISSION
    locked = ("project", "mission", "expert")
    choosable: ClassVar = {"mission": Q(state=State.DRAFT)}
    form = MissionRowForm
    list_display = ("mission", "expert", "days", "travel_days")
    list_display_links = ("mission", "expert")
    list_filter = ("project",)
    list_select_related = ("mission", "expert")
    search_fields = ("mission__code", "expert__code")
    autocomplete_fields = ("project", "mission", "expert")

    def why_kept(self, request: HttpRequest, row: MissionExpert) -> str:
        return _kept_with(row.mission) or super().why_kept(request, row)


@admin.register(ExpertDay)
class ExpertDayAdmin(OfficeAdmin):
    resource = mission_resources.ExpertDayResource
    scope = IN_MISSION
    locked = ("project", "mission", "expert", "on")
    choosable: ClassVar = {
        "mission": Q(state__in=TIMED),
        "expert": Q(pk__in=MissionExpert.objects.filter(mission__state__in=TIMED).values("expert")),
    }
    together: ClassVar = {"expert": {"missions__mission": "mission"}}
    form = MissionRowForm
    list_display = ("mission", "expert", "on", "kind")
    list_display_links = ("mission", "expert", "on")
    list_filter = ("project", "kind")
    list_select_related = ("mission", "expert")
    search_fields = ("mission__code", "expert__code")
    autocomplete_fields = ("project", "mission", "expert")

    def why_kept(self, request: HttpRequest, row: ExpertDay) -> str:
        if row.mission.state not in TIMED:
            return _("It cannot be deleted: the report is handed in, so the time sheet stays.")
        return super().why_kept(request, row)
