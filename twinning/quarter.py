"""The quarter screen: all that a project still needs in a quarter, with its state and who acts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budget import deadlines
from budget.models import ContractChange, Ruleset
from deliverables import dates, quarters
from deliverables.models import (
    Activity,
    ActivityStatus,
    Deliverable,
    Measurement,
    Project,
    WorkPlan,
)
from experts.journey import State
from experts.models import Mission

ENDED = (ActivityStatus.COMPLETED, ActivityStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of thing that waits: what it is, who acts, and the rows with their addresses."""

    title: Any
    owner: Any
    rows: list[tuple[str, str, str]]


def quarter_view(request: HttpRequest, slug: str) -> TemplateResponse:
    """GET; ?q=2026-Q4 chooses the quarter, today's is the default."""
    project = _seen(request, Project).filter(slug=slug).first()
    if project is None:
        raise Http404
    today = timezone.localdate()
    try:
        first = quarters.first(request.GET.get("q") or quarters.name(today))
    except ValueError:
        first = quarters.first(quarters.name(today))
    last = quarters.after(first) - dt.timedelta(1)
    needs = [need for need in _needs(request, project, last, today) if need.rows]
    context = admin.site.each_context(request) | {
        "title": _("Quarter %(quarter)s: %(project)s")
        % {"quarter": quarters.name(first), "project": project},
        "project": project,
        "needs": needs,
        "quarter": quarters.name(first),
        "first": first,
        "last": last,
        "reports": _reports(project, first, last),
        "before": quarters.name(first - dt.timedelta(1)),
        "after": quarters.name(last + dt.timedelta(1)),
        "back": reverse("admin:deliverables_project_change", args=[project.pk]),
    }
    return TemplateResponse(request, "admin/quarter.html", context)


def _reports(project: Project, first: dt.date, last: dt.date) -> list[deadlines.Report]:
    """Reports whose period ends in the quarter or that are due in it, by the contract's rules."""
    rules = Ruleset.objects.filter(project=project).first()
    end = project.end_current or project.end_planned
    if rules is None or not project.start or not end:
        return []
    found = deadlines.reports(
        dates.first(project.start), dates.last(end), rules.reporting_months,
        rules.interim_due_days, rules.final_due_months,
    )  # fmt: skip
    return [
        one for one in found if first <= one.last <= last or (one.due and first <= one.due <= last)
    ]


def _seen(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    """The rows that this person sees in the back office."""
    rows: QuerySet[Any] = admin.site._registry[model].get_queryset(request)
    return rows


def _needs(request: HttpRequest, project: Project, last: dt.date, today: dt.date) -> list[Need]:
    missions: Any = _seen(request, Mission).filter(project=project)
    due = missions.filter(from_on__lte=last)
    host, checks = _("the host"), _("somebody else than who took the step before")
    worker = _("the component’s coordinator")
    return [
        _need(_("Terms to be approved"), checks, due.filter(state=State.DRAFT)),
        _need(_("Missions to be confirmed"), host, due.filter(state=State.APPROVED)),
        _need(
            _("Reports awaited"),
            worker,
            missions.awaiting_report().filter(to_on__lte=min(last, today)),
        ),
        _need(_("Reports to be accepted"), checks, missions.filter(state=State.REPORTED)),
        _need(
            _("Contract changes to be signed"),
            _("the two project leaders"),
            _seen(request, ContractChange).filter(project=project, state="draft"),
        ),
        _need(_("Results due"), worker, _results(request, project, last)),
        _need(_("Activities that end"), worker, _activities(request, project, last)),
        _need(
            _("Values of indicators to be approved"),
            checks,
            _seen(request, Measurement).filter(project=project, approved_by="", on__lte=last),
        ),
    ]


def _results(request: HttpRequest, project: Project, last: dt.date) -> QuerySet[Any]:
    due = Deliverable.objects.open().due_before(last + dt.timedelta(1)).values("pk")
    return _seen(request, Deliverable).filter(project=project, pk__in=due)


def _activities(request: HttpRequest, project: Project, last: dt.date) -> QuerySet[Any]:
    """Those that the plan in force lets end by then and that have not ended."""
    plan = WorkPlan.objects.in_force(project).values("pk")
    rows = _seen(request, Activity).filter(
        project=project, planned__plan__in=plan, planned__to_on__lte=last
    )
    return rows.exclude(status__in=ENDED)


def _need(title: Any, owner: Any, rows: QuerySet[Any]) -> Need:
    """At most fifty rows of a kind; the lists have the rest."""
    return Need(title, owner, [(str(row), _address(row), _state(row)) for row in rows[:50]])


def _address(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def _state(row: Any) -> str:
    for name in ("state", "status", "rung"):
        if hasattr(row, name):
            return str(getattr(row, f"get_{name}_display")())
    return ""
