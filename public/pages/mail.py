"""What the links in letters about heads lead to: GET asks, POST does it; the token is the right.

Programs that look at mails open links, so nothing happens by a GET.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from public.frame import frame
from public.http import error_pages, responses
from public.http.refusals import Refusal
from releases.published import mailing

View = Callable[[HttpRequest, str, str], HttpResponse]


def of_a_letter(view: View) -> View:
    """Mail programs post an address by themselves (RFC 8058). Nothing is done where something
    else in the address is not understood."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, lang: str, token: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        try:
            frame(request, lang)
        except Refusal as refusal:
            return error_pages.refuse(request, refusal.status, str(refusal))
        return view(request, lang, token)

    return answer


@of_a_letter
def confirm(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """That heads may be mailed to the address."""
    subscriber = mailing.invited(token)
    if subscriber is None:
        return _no_use(request)
    done = request.method == "POST" or bool(subscriber.confirmed_at)
    if request.method == "POST":
        mailing.confirm(subscriber)
    return responses.unkept(request, lang, "mailed", {"leaves": False, "done": done})


@of_a_letter
def leave(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """That no more heads are mailed to the address."""
    subscriber = mailing.leaving(token)
    if subscriber is None:
        return _no_use(request)
    if request.method == "POST":
        mailing.leave(subscriber)
    context = {"leaves": True, "done": request.method == "POST"}
    return responses.unkept(request, lang, "mailed", context)


def _no_use(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "This link does nothing any more: the address is not in the list, or it was not confirmed "
        "within a week. Ask the people who run the register to enter it."
    )
    return error_pages.refuse(request, 404, sentence)
