"""Probes ask by a number or any name: they are answered before that is looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from twinning import views
from twinning.middleware import GetResponse

PROBED = "/healthz"


def answered(get_response: GetResponse) -> GetResponse:
    """Before the Host is looked at: no answer is made from it, and no other address is open."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return views.healthz(request) if request.path_info == PROBED else get_response(request)

    return middleware
