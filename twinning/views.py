"""The doors that belong to no app."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from twinning.middleware import COOKIE, LANGUAGES


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the portfolio in the language that the browser asks for; otherwise in English."""
    response = redirect("public:portfolio", lang=translation.get_language_from_request(request))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; otherwise the 500 page, which says so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the person's choice: with the user, or before login in a cookie of the login page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/admin/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        return response
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    else:
        response.set_cookie(
            COOKIE,
            chosen,
            path="/admin/",
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
