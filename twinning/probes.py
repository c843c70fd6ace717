"""Probes ask by a number or any name, over plain HTTP: they are answered before all else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from twinning import views
from twinning.middleware import GetResponse

PROBED = "/healthz"


def answered(get_response: GetResponse) -> GetResponse:
    """First of all: nothing of the answer is made from the Host, and no other address is open."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return views.healthz(request) if request.path_info == PROBED else get_response(request)

    return middleware
