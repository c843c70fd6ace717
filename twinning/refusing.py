"""Answers that no view gives: to a body that was not taken in, and while the database is away."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from exchange.tables import limits
from public.http.error_pages import refuse
from tryout.threads import NOT_TAKEN
from twinning.middleware import asked_language

TEXT = "text/plain; charset=utf-8"


def answer(request: HttpRequest, status: int, sentence: str, **more: object) -> HttpResponse:
    """A page; for a file or a program the sentence alone. In the language that is active."""
    response: HttpResponse
    if request.path.endswith(".json") or not request.accepts("text/html"):
        response = JsonResponse({"error": sentence}, status=status)
    elif request.path.endswith("/"):
        response = refuse(request, status, sentence, **more)
    else:
        response = HttpResponse(f"{sentence}\n", status=status, content_type=TEXT)
    response.setdefault("Content-Language", translation.get_language() or "en")
    response.headers["Cache-Control"] = "no-store"
    return response


def body_not_taken(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Says why the server did not take a body in (tryout/bodies.py)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        status = request.META.get(NOT_TAKEN)
        if status is None:
            return get_response(request)
        with translation.override(asked_language(request)):
            return answer(request, status, why(status))

    return middleware


def why(status: int) -> str:
    if status == 408:
        return _(
            "What you sent did not arrive in time, so nothing was saved. Look whether your "
            "connection holds, and send it again."
        )
    if status == 413:
        return _(
            "What you sent is larger than %(most)s MB, so it was not read and nothing was saved. "
            "Send fewer files at once, or smaller ones."
        ) % {"most": limits.REQUEST // 1024 // 1024}
    return _(
        "The server has no room for what you sent, so nothing was saved. Tell the people who run "
        "the register; smaller files may still work."
    )
