"""The doors that belong to no app."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.typed import keeping
from deliverables.ladder import reminders
from exchange.tables import limits
from public.http import error_pages
from public.http.error_pages import refuse
from releases.published import UnknownShape
from tryout.machine_errors import database_is_away
from twinning.middleware import LANGUAGES, asked_language, speak
from twinning.refusing import answer, why

RETRY_AFTER = "5"  # seconds; the embedded database is back within that


@csrf_exempt  # GET and HEAD only: without it a POST would be told of a form, not of that
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the portfolio in the language that the browser asks for; otherwise in English."""
    response = redirect("public:portfolio", lang=translation.get_language_from_request(request))
    patch_vary_headers(response, ["Accept-Language"])
    return response


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; otherwise 503 and a sentence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 503: Django takes a session that could not be saved for one that was ended."""
    if database_is_away(exception):
        return unavailable(request)
    if isinstance(exception, DisallowedHost):
        sentence = _("The register does not answer to the name in this request. Open it at %s.")
        return refuse(request, 400, sentence % settings.SITE_URL)
    if isinstance(exception, TooManyFieldsSent):
        return refuse(request, 400, _too_many_fields(request))
    if isinstance(exception, RequestDataTooBig):
        whole = int(request.META.get("CONTENT_LENGTH") or 0) > limits.REQUEST
        return refuse(request, 413, why(413) if whole else _too_large())
    return error_pages.bad_request(request, exception)


def _too_many_fields(request: HttpRequest) -> str:
    body: bytes = getattr(request, "_body", b"")
    if not body:  # a form with files is not read to its end
        return _(
            "The form has more than %(most)s fields, which are not read at once, so nothing was "
            "saved. Go back, and save fewer rows at a time, or import them from a file."
        ) % {"most": _counted(limits.FIELDS)}
    sent = body.count(b"&") + 1
    return _(
        "The form has %(sent)s fields, and at most %(most)s are read at once, so nothing was "
        "saved. Save fewer rows at a time, or import them from a file."
    ) % {"sent": _counted(sent), "most": _counted(limits.FIELDS)}


def _counted(number: int) -> str:
    return number_format(number, 0, use_l10n=True, force_grouping=True)


def _too_large() -> str:
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return _(
        "What was sent is larger than the %(megabytes)s MB of text that are read at once, so "
        "nothing was saved. Go back, and save a part of it at a time."
    ) % {"megabytes": megabytes}


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where only the database is away or a release is of a shape that is not known:
    Django calls it while it handles the error."""
    error = sys.exc_info()[1]
    if database_is_away(error):
        return unavailable(request)
    if isinstance(error, UnknownShape):
        return answer(request, 503, str(error))
    return error_pages.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer; a page, or for a file or a program the sentence alone.

    Nobody can be asked whether what was sent arrived, so it says to look.
    """
    with translation.override(getattr(request, "LANGUAGE_CODE", None) or asked_language(request)):
        sentence = (
            _("The database of the register does not answer right now. Try again in a minute.")
            if request.method in ("GET", "HEAD", "OPTIONS")
            else _(
                "The database of the register does not answer right now, so what you sent may not "
                "have been saved. Go back in a minute, look whether it is there, and send it again "
                "if it is not."
            )
        )
        response = answer(request, 503, sentence, again=_to_send_again(request))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of ours, by its mark, for a page that sends it once more.

    Nothing can be kept while the database is away; the page itself carries what was typed.
    """
    if request.method != "POST" or keeping.sent(request) is None:
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: what somebody's rights do not cover."""
    sentence = _(
        "Your rights do not cover this, so nothing was done. Ask an administrator for the right, "
        "or go back to the front page of the back office."
    )
    return refuse(request, 403, sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that did not come from one of our pages, or waited too long."""
    sentence = _(
        "The form was not accepted, and nothing was saved: it did not come from a page of this "
        "register, or you logged in again in the meantime. Go back, reload the page, and send it "
        "again."
    )
    return refuse(request, 403, sentence)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the person's choice: with the user, or before login in a cookie of the login page.

    What was typed on the page comes along, and is kept and offered there (accounts/typed).
    """
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
        speak(response, chosen)
    return response


@csrf_exempt  # mail programs post the address by themselves (RFC 8058); the token is the right
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_off(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST switches the reminders of the token's person off; no log-in is needed."""
    if request.method == "POST" and not reminders.switch_off(token):
        raise Http404
    context = admin.site.each_context(request) | {
        "title": _("Reminders by e-mail"),
        "done": request.method == "POST",
    }
    return TemplateResponse(request, "admin/reminders_off.html", context)
