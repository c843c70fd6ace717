"""Which project: a page that leads to the desk of one, with a search."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.desks import address
from accounts.roles import Right
from deliverables.projects.access import access_of, projects_seen
from deliverables.projects.models import Project
from exchange.tables import limits
from office.front_page.projects import having, ordered, over

MOST = 50  # projects of a page
ADDS = ("_add", "_grid")  # how the name of a page ends that only who writes has a use for


def desks_view(request: HttpRequest) -> HttpResponse:
    """GET ?to=, the name of a page, and ?q=. Nobody is asked about one project alone."""
    to, asked = request.GET.get("to", ""), request.GET.get("q", "")[: limits.SEARCH]
    found = list(ordered(having(_own(request, to), asked).annotate(over=over()), "")[: MOST + 1])
    if len(found) == 1:
        return redirect(_page(found[0], to))
    context = admin.site.each_context(request) | {
        "title": _("In which project?"),
        "to": to,
        "sought": asked.replace("\0", "").strip(),
        "desks": [(project, _page(project, to)) for project in found[:MOST]],
        "more": len(found) > MOST,
        "adds": to.endswith(ADDS),
    }
    return TemplateResponse(request, "admin/desks.html", context)


def here(request: HttpRequest) -> str:
    """The page that another desk has as well: of a row, its list. "" without another desk."""
    access, match = access_of(request.user), request.resolver_match
    if match is None or not (access.everywhere(Right.SEE) or len(access.partly(Right.SEE)) > 1):
        return ""
    name = match.url_name or ""
    if set(match.kwargs) <= {"slug"}:
        return name
    return f"{'_'.join(name.split('_')[:2])}_changelist"


def _own(request: HttpRequest, to: str) -> QuerySet[Project]:
    """The projects that the person sees; where something is added, those to which it may be."""
    rows, access = projects_seen(request), access_of(request.user)
    if to.endswith(ADDS) and not access.everywhere(Right.EDIT):
        return rows.filter(pk__in=access.partly(Right.EDIT))
    return rows


def _page(project: Project, to: str) -> str:
    """The page of that name at the desk; the first page where there is none."""
    for args in ([], [project.slug]):
        try:
            return address(project.slug, reverse(f"admin:{to}", args=args))
        except NoReverseMatch:
            continue
    return address(project.slug)
