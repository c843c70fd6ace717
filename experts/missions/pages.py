"""The pages of a mission beside its form: its steps, the time sheet, its papers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.events.people import signed_in
from audit.rows.refused import Refused
from audit.rows.unsaved import typed
from deliverables.evidence.pages import served
from deliverables.fields import columns as fields
from deliverables.fields.forms import DayForm, StepForm
from deliverables.projects.access import access_of
from deliverables.projects.scoped_admin import OfficeAdmin
from experts.missions import actions, models, papers, work
from experts.missions import time_sheets as sheets
from experts.missions.envelope import days_left
from experts.missions.status import DELIVERED, STEPS, TIMED, MissionVerb, State
from steps.many import ManyPage, StepsOfMany
from steps.pages import Page, StepPage

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class MissionStepForm(StepForm):
    on = fields.DayField().formfield(label=gettext_lazy("Report received on"))


class OfMission(Page):
    template = "admin/experts/step.html"

    def rows(self) -> QuerySet[Model]:
        return super().rows().select_related("activity__component", "project")

    def get_title(self) -> str:
        return f"{self.verb}: {self.row.code}"

    def refusal_shown(self, why_not: str | None) -> str | None:
        return self.refused or why_not


class MissionStepPage(OfMission, StepPage):
    """What the step does, and what it asks for."""

    name = "experts_mission_step"
    address = "<int:pk>/step/<str:verb>/"
    cycle = actions.MISSIONS
    named_by = "verb"

    def get_form(self) -> MissionStepForm:
        return MissionStepForm(STEPS[self.step], typed(self.request))

    def said(self, row: models.Mission) -> str:
        named = {"code": row.code, "state": row.get_state_display()}
        return _("%(code)s is “%(state)s” now.") % named

    def more(self) -> dict[str, object]:
        lacking = papers.lacking(self.row).values() if self.row.state in DELIVERED else ()
        return {"says": STEPS[self.step].says, "lacking": lacking}


class ManyMissionsPage(ManyPage, MissionStepPage):
    name = "experts_mission_steps"
    order = ("project_id", "pk")
    verbs = (
        MissionVerb.CONFIRM, MissionVerb.FINISH, MissionVerb.REPORT, MissionVerb.ACCEPT,
        MissionVerb.CLAIM, MissionVerb.SETTLE,
    )  # fmt: skip


class OwnPage(OfMission):
    """Of a mission that the person may write."""

    says: _StrOrPromise = ""

    def is_open(self) -> bool:
        return bool(self.owner.scope.edits(access_of(self.by), self.row))

    def more(self) -> dict[str, object]:
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

    def refuse(self, refusal: str) -> None:
        self.form.add_error(None, refusal)

    def more(self) -> dict[str, object]:
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
        data = typed(self.request)
        files = None if data is None else self.request.FILES
        held_path = getattr(self.request, "held_path", False)
        return papers.PapersForm(self.row, data, files, held_path=held_path)

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

    def refuse(self, refusal: str) -> None:
        self.form.add_error(None, refusal)

    def more(self) -> dict[str, object]:
        return {"says": self.says}


class PaperPage(OfMission):
    """A paper as a download, for whoever sees the mission; one without a file, as its row."""

    name = "experts_mission_paper"
    address = "<int:pk>/papers/<str:name>/"

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        wanted = self.kwargs["name"]
        evidence = next(
            (paper.evidence for paper in papers.of(self.row) if paper.name == wanted), None
        )
        if evidence is None:
            raise Http404
        if evidence.file is None:
            return redirect("admin:deliverables_evidence_change", evidence.pk)
        return served(request, evidence.file, back=self.back())


class MissionPages(StepsOfMany, OfficeAdmin):
    """The pages beside the form, and the panel that leads to them."""

    many = ManyMissionsPage
    pages = (ManyMissionsPage, MissionStepPage, SheetPage, PapersPage, PaperPage, CopyPage)

    def more_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """With the step that all missions of a list wait for."""
        asked = request.GET.get("work")
        verbs = [kind.verb for kind in work.KINDS if kind.key == asked and kind.verb]
        may = self.has_change_permission(request)
        steps = [self.of_all_listed(request, verb) for verb in verbs if may]
        return [*super().more_tools(request), *steps]

    def beside(self, request: HttpRequest, row: models.Mission) -> dict[str, object]:
        return {"mission": self._panel(request, row)}

    def _panel(self, request: HttpRequest, row: models.Mission) -> dict[str, object]:
        """Where it is, each step or why it is not possible, and what the activity has left."""
        begin = [verb for verb, rule in STEPS.items() if row.state in rule.ends]
        why_not = actions.why_not_each(row, begin, by=signed_in(request))
        left, refusal = None, ""
        if row.state != State.DRAFT:  # of a draft the sentence beside its experts says more
            try:
                left = days_left(row.activity)
            except Refused as refused:
                refusal = str(refused)
        return {
            "state": row.get_state_display(),
            "verbs": [(verb, STEPS[verb], why_not[verb]) for verb in begin],
            "steps": row.steps.select_related("by").order_by("-pk"),
            "left": left,
            "refusal": refusal,
            "days": row,
            "sheet": row.state in TIMED,
            "papers": [] if row.state in papers.WITHOUT else papers.of(row),
            "may_write": self.scope.edits(access_of(request.user), row),
        }
