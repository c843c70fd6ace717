"""What the links in letters about heads lead to: GET asks, POST does it; the token is the right.

Programs that look at mails open links, so nothing happens by a GET.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from public import answers
from releases import mailing


@csrf_exempt
def confirm(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """That heads may be mailed to the address."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    subscriber = mailing.invited(token)
    if subscriber is None:
        return _no_use(request)
    done = request.method == "POST" or bool(subscriber.confirmed_at)
    if request.method == "POST":
        mailing.confirm(subscriber)
    return answers.unkept(request, lang, "mailed", {"leaves": False, "done": done})


@csrf_exempt  # mail programs post the address by themselves (RFC 8058)
def leave(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """That no more heads are mailed to the address."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    subscriber = mailing.leaving(token)
    if subscriber is None:
        return _no_use(request)
    if request.method == "POST":
        mailing.leave(subscriber)
    context = {"leaves": True, "done": request.method == "POST"}
    return answers.unkept(request, lang, "mailed", context)


def _no_use(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "This link does nothing any more: the address is not in the list, or it was not confirmed "
        "within a week. Ask the people who run the register to enter it."
    )
    return answers.refuse(request, 404, sentence)
