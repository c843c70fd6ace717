"""One search over everything that the person may see, grouped by project; at a desk, within it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Model, QuerySet, Window
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.desks import address
from deliverables.projects.access import InProject, desk_of
from deliverables.projects.models import Project
from deliverables.projects.scoped_admin import ScopedPages
from exchange.tables import limits

TABLES = (
    "deliverables.project", "deliverables.component", "deliverables.deliverable",
    "deliverables.item", "deliverables.activity", "experts.mission", "deliverables.indicator",
    "budget.line", "budget.entry", "experts.institution", "experts.expert",
    "deliverables.evidence",
)  # fmt: skip
MOST = 10  # rows of a table


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A table of which more was found than is shown."""

    kind: str
    more: int
    address: str


def search_view(request: HttpRequest) -> TemplateResponse:
    """GET ?q=. Rows that have each word, in what their lists search: codes, titles, names."""
    asked = request.GET.get("q", "")[: limits.SEARCH].replace("\0", "").strip()
    found: dict[Project | None, list[Hit]] = {}
    rests: list[Rest] = []
    for table in TABLES if asked else ():
        page = admin.site.get_model_admin(apps.get_model(table))
        if isinstance(page, ScopedPages) and page.has_view_permission(request):
            _search(request, page, asked, found, rests)
    groups = sorted(found.items(), key=lambda group: (group[0] is None, str(group[0])))
    context = admin.site.each_context(request) | {
        "title": _("Search: %(words)s") % {"words": asked} if asked else _("Search"),
        "asked": asked,
        "groups": groups,
        "rests": rests,
    }
    return TemplateResponse(request, "admin/search.html", context)


def _search(
    request: HttpRequest,
    page: ScopedPages,
    asked: str,
    found: dict[Project | None, list[Hit]],
    rests: list[Rest],
) -> None:
    """What one table has of it; one query."""
    kind, label = str(capfirst(page.opts.verbose_name)), page.opts.label_lower.replace(".", "_")
    rows = list(_found(request, page, asked))
    for row in rows:
        project = _project(page, row)
        where = reverse(f"admin:{label}_change", args=[row.pk])
        if isinstance(row, Project):
            where = address(row.slug)
        elif project and not desk_of(request):
            where = address(project.slug, where)
        found.setdefault(project, []).append(Hit(kind, str(row), where))
    if rows and rows[0].found > len(rows):
        where = f"{reverse(f'admin:{label}_changelist')}?{urlencode({'q': asked})}"
        plural = str(page.opts.verbose_name_plural)
        rests.append(Rest(plural, rows[0].found - len(rows), where))


def _found(request: HttpRequest, page: ScopedPages, asked: str) -> QuerySet[Any]:
    rows, _doubled = page.get_search_results(request, page.get_queryset(request), asked)
    shown: QuerySet[Model] = page.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    if isinstance(page.scope, InProject) and page.scope.project != "pk":
        shown = shown.select_related(page.scope.project)
    counted: QuerySet[Any] = shown.annotate(found=Window(Count("pk")))
    return counted[:MOST]


def _project(page: ScopedPages, row: object) -> Project | None:
    if isinstance(row, Project):
        return row
    if not isinstance(page.scope, InProject):
        return None
    for name in page.scope.project.split("__"):
        row = getattr(row, name)
    return row if isinstance(row, Project) else None
