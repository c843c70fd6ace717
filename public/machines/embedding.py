"""The headline of a project for a frame on somebody else's page, in two sizes."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

from public import source
from public.http import query_string, responses
from public.http.responses import answered
from public.pages import overview

SIZES = ("small", "large")


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@answered
def embed(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """Any page may show it: it has no form, and nothing of who reads it."""
    reading = source.read(request, slug)
    size = query_string.one_of(request.GET, "size", SIZES) or SIZES[1]
    context = {**overview.dashboard(reading), "size": size}
    return responses.of_project(request, lang, "embed", reading, context)
