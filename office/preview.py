"""The public pages from the live tables, as far as a person may see what is not published."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from accounts.roles import Right
from deliverables.projects.access import access_of, projects_seen
from public.frame import CITED
from public.urls import urlpatterns as public_urlpatterns
from releases.reading.reading import Live

View = Callable[..., HttpResponse]


def _live(view: View) -> View:
    @wraps(view)
    def from_live_tables(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        access = access_of(request.user)
        if not (request.user.is_staff and access.somewhere(Right.SEE)):
            raise Http404
        source = Live(projects_seen(request), access)
        vars(request)["reading_source"] = source
        return view(request, *args, **kwargs)

    return from_live_tables


urlpatterns = [
    URLPattern(entry.pattern, _live(entry.callback), entry.default_args, entry.name)
    for entry in public_urlpatterns
    # What is released is no preview, nor what a letter asks, nor what programs do.
    if not entry.callback.__module__.startswith(
        ("public.pages.releases", "public.pages.mail", "public.search", "public.machines")
    )
    and not str(entry.name).startswith(CITED)
]
