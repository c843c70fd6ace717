"""Verify a file: which release or export has this SHA-256, or that we never gave it out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotAllowed
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from public.http import error_pages, query_string, responses
from public.http.refusals import NotUnderstood, Refusal, TooLarge, quoted
from public.http.responses import answered
from releases.published import (
    CHECK,
    CHECK_RELEASE,
    SHA256,
    Issued,
    digests_of,
    issued,
    listings,
    numbers,
)


@csrf_exempt  # it reads and answers; there is no session whose rights could be abused
def verify(request: HttpRequest, lang: str) -> HttpResponse:
    """GET with a SHA-256, or POST with the file itself, for a browser without JavaScript."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        sha256 = _posted(request) if request.method == "POST" else _asked(request)
        files = issued(sha256) if sha256 else []
        release = next((file for file in files if file.kind == "release"), None)
        context = {"sha256": sha256, "files": files, "release": release, "scripts": _scripts()}
        return responses.unkept(request, lang, "verify", context)
    except Refusal as refusal:
        return error_pages.refuse(request, refusal.status, str(refusal))


def described(issued: Issued) -> str:
    """What a file is, in a sentence."""
    lang = get_language() or "en"
    rows = issued.rows or 0
    match issued.kind:
        case "head":
            text = _("It is the head of the audit trail under seal %(number)s, made %(at)s.")
        case "check":
            return _("The script that checks audit packs, as it is today.")
        case "check_release":
            return _("The script that checks a release, as it is today.")
        case "release":
            text = _(
                "Release %(number)s of the project %(project)s, published %(at)s: the whole "
                "document."
            )
        case "released_table":
            text = _("%(name)s of release %(number)s of the project %(project)s, published %(at)s.")
        case _kind if issued.within:
            text = _("%(name)s of the audit pack %(within)s, made %(at)s.")
        case "pack":
            text = ngettext(
                "The audit pack %(name)s, made %(at)s, %(rows)s row.",
                "The audit pack %(name)s, made %(at)s, %(rows)s rows.",
                rows,
            )
        case _kind:
            text = ngettext(
                "The export %(name)s, made %(at)s, %(rows)s row.",
                "The export %(name)s, made %(at)s, %(rows)s rows.",
                rows,
            )
    return text % {
        "name": issued.name,
        "number": issued.seal if issued.kind == "head" else issued.release,
        "project": issued.project,
        "within": issued.within,
        "rows": numbers.whole(rows, lang),
        "at": formats.date_format(timezone.localtime(issued.at), "DATETIME_FORMAT"),
    }


@answered
def script(request: HttpRequest, lang: str, path: Path) -> HttpResponse:
    """What checks an audit pack (from the register instead of from a pack), or a release."""
    return responses.file(request, path.read_bytes(), "text/x-python; charset=utf-8", path.name)


@answered
def heads(request: HttpRequest, lang: str) -> HttpResponse:
    """All heads of the audit trail, for everybody to keep."""
    pages = query_string.page(request.GET, listings.heads())
    shown = list(pages)
    context = {"list": pages, "heads": shown, "proved": any(head.proved_at for head in shown)}
    return responses.page(
        request, lang, "heads", [], context, also=[pages.paginator.count, str(shown)]
    )


def _scripts() -> dict[str, str]:
    """The SHA-256 of each script, by its name."""
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (CHECK, CHECK_RELEASE)
    }


def _asked(request: HttpRequest) -> str:
    text = request.GET.get("sha256", "").strip().casefold()
    if text and not SHA256.fullmatch(text):
        raise NotUnderstood(
            _(
                "“%(asked)s” is no SHA-256: that has 64 digits 0–9 and a–f. Paste what sha256sum "
                "prints, or choose the file itself."
            )
            % {"asked": quoted(text)}
        )
    return text


def _posted(request: HttpRequest) -> str:
    try:
        digests = digests_of(request)
    except RequestDataTooBig:
        raise TooLarge(
            _("The file is too large to be sent. Compute its SHA-256 yourself, and paste it.")
        ) from None
    if len(digests) != 1 or not digests[0][1]:
        raise NotUnderstood(_("Choose one file, and not an empty one."))
    return digests[0][0]
