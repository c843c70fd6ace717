"""Whose the desk is: the project of the address, for who sees it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from accounts.desks import address
from deliverables.projects.access import seat
from deliverables.projects.models import Project


def seated(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Every address that a page at a desk names stays there; a page knows its `request.desk`.

    A project that is not there and one that the person does not see get the same answer. Who has
    not logged in is asked to by the page itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        slug = getattr(request, "desk_slug", "")
        if not slug or not request.user.is_authenticated:
            return get_response(request)
        seen = admin.site.get_model_admin(Project).get_queryset(request)
        project = seen.filter(slug=slug).first()
        if project is None:
            raise Http404
        outside = get_script_prefix()
        set_script_prefix(outside + address(slug, "/").removeprefix("/"))
        seat(request, project)
        try:
            return get_response(request)
        finally:
            set_script_prefix(outside)
            seat(request, None)

    return middleware
