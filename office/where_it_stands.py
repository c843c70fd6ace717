"""Where a project stands now: its clocks, the person-day ledger in full, and what days cost."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.roles import Right
from budget.costs import unit_costs
from budget.costs.querysets import with_cost
from deliverables.plan.models import Activity
from deliverables.projects.access import Access, access_of
from deliverables.projects.models import Project
from experts.missions import ledger
from experts.missions.models import ExpertDay
from experts.missions.models.day import DayKind
from experts.missions.status import AGREED
from public.pages import overview
from releases.document import live
from releases.document.shapes import Document
from releases.reading import reach
from releases.reading.reading import Reading


def standing_view(request: HttpRequest, slug: str) -> TemplateResponse:
    """GET. The figures are those that the next release would hold, as far as the person sees it."""
    rows = admin.site.get_model_admin(Project).get_queryset(request)
    project = rows.filter(slug=slug).first()
    if project is None:
        raise Http404
    access = access_of(request.user)
    document, part = reach.read(project, access, live.figures)
    reading = Reading(document, "", None, None, timezone.localdate(), {})
    context = admin.site.each_context(request) | {
        "title": _("Where it stands: %(project)s") % {"project": project},
        "project": project,
        "part": part,
        "back": reverse("admin:deliverables_project_change", args=[project.pk]),
        **overview.standing(reading),
        "totals": document["totals"],
        "parts": (parts := _by_component(request, project, document)),
        "whole": ledger.total(parts) | _added(parts),
        "costs": unit_costs.of_project(project) if access.may(Right.SEE, project.pk) else [],
        "may_enter": access.may(Right.EDIT, project.pk),
        # What the links of the public parts need: they lead into the live preview.
        "slug": slug,
        "lang": get_language(),
        "namespace": "preview",
        "at": "",
    }
    return TemplateResponse(request, "admin/standing.html", context)


def _by_component(
    request: HttpRequest, project: Project, document: Document
) -> list[dict[str, Any]]:
    """The person-day ledger by component and activity, with what accepted days come to, EUR.

    Of an activity that the person does not see the code alone, and no amount: few days are
    somebody's fees.
    """
    activities = {row.code: row for row in Activity.objects.filter(project=project)}
    costs, access = _costs(project), access_of(request.user)
    blocks = []
    for component in document["components"]:
        rows = [
            {**row, **_seen(activities.get(row["activity"]), costs, access)}
            for row in document["person_days"]
            if row["component"] == component["number"]
        ]
        if rows:
            sums = ledger.total(rows) | _added(rows)
            blocks.append({"component": component, "rows": rows, **sums})
    return blocks


def _seen(of: Activity | None, costs: dict[str, dict[str, Any]], access: Access) -> dict[str, Any]:
    if of is None or not access.may(Right.SEE, of.project_id, of.component_id):
        return {"euro": None, "unpriced": 0, "of": None}
    return {**costs.get(of.code, NO_DAYS), "of": of}


def _added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sums; no amount where one of them is not to be seen."""
    hidden = any(row["euro"] is None for row in rows)
    sums = {name: sum(row[name] or 0 for row in rows) for name in NO_DAYS}
    return {**sums, "euro": None} if hidden else sums


NO_DAYS = {"euro": 0, "unpriced": 0}


def _costs(project: Project) -> dict[str, dict[str, Any]]:
    """By activity: what its accepted days come to, and how many of them the card has no fee for."""
    days = ExpertDay.objects.filter(
        project=project, kind=DayKind.COUNTRY, mission__state__in=AGREED
    )
    rows = with_cost(days).order_by().values("mission__activity__code")
    summed = rows.annotate(euro=Sum("cost"), unpriced=Count("pk", filter=Q(fee=None)))
    return {
        row["mission__activity__code"]: {"euro": row["euro"] or 0, "unpriced": row["unpriced"]}
        for row in summed
    }
