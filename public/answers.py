"""How public pages are read and answered: one source, one frame, validators instead of a cache.

Templates get no request: nothing of a session or a user can reach a public page.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from public import query_string, rows
from public.refusals import NotThere, NotToBeShown, Refusal, quoted
from releases.published import Altered, Reading, source_of

View = Callable[..., HttpResponse]
CARRIED = (
    "at",
    "q",
    "component",
    "rung",
    "kind",
    "late",
    "counted",
    "by",
    "page",
    "functions",
    "entries",
)
CITED = "cited_"  # begins the names of pages of a release that its address names
# Pages that read no release: they carry the day on, and show nothing as it stood that day.
OF_NO_DAY = (
    *("accessibility", "codes", "definitions", "heads", "heads_confirm", "heads_leave"),
    *("queries", "releases", "releases_between", "verify"),
)
MADE_OF = (
    *("exchange", "deliverables", "experts", "budget"),
    "public",
    "releases",
    "templates/public",
    "static/public",
    "locale",
    "docs",
)


def cited(request: HttpRequest) -> str:
    """What the address says as the number of a release; "" where it names none."""
    return str(request.resolver_match.kwargs.get("release", "")) if request.resolver_match else ""


@contextmanager
def whole() -> Iterator[None]:
    """Refuses what is not as it was published."""
    try:
        yield
    except Altered:
        raise NotToBeShown(
            _(
                "The data asked for are not those that were published: somebody changed a release, "
                "and its SHA-256 says so. Nothing of it is shown until the people who run the "
                "register have put it right."
            )
        ) from None


def read(request: HttpRequest, slug: str) -> Reading:
    """The project's document as asked for; refuses when there is none."""
    at = query_string.day(request.GET, timezone.localdate())
    number = query_string.release(cited(request), at)
    reading = None
    if rows.is_slug(slug):
        with whole():
            reading = source_of(request).project(slug, at, number)
    if reading is None and number is not None:
        raise NotThere(
            _(
                "There is no release %(number)s of a project at the address “%(slug)s”. "
                "The list of its releases says which there are."
            )
            % {"number": number, "slug": quoted(slug)}
        )
    if reading is None and at is not None:
        raise NotThere(
            _(
                "On %(day)s no release of a project at the address “%(slug)s” was in force. "
                "Ask for a later day, or leave the day out."
            )
            % {"day": at.isoformat(), "slug": quoted(slug)}
        )
    if reading is None:
        raise NotThere(
            _(
                "There is no project at the address “%(slug)s”. "
                "Choose one from the list of all projects."
            )
            % {"slug": quoted(slug)}
        )
    return reading


def read_all(request: HttpRequest) -> list[Reading]:
    with whole():
        return source_of(request).portfolio(query_string.day(request.GET, timezone.localdate()))


def page(
    request: HttpRequest,
    lang: str,
    template: str,
    readings: list[Reading],
    context: dict[str, Any],
    also: object = None,
) -> HttpResponse:
    """The page, or 304 where the reader has it: same data, names, day, address and software.

    `also`: what else tells that it shows the same.
    """
    versions = [
        [reading.digest, reading.number, reading.on.isoformat(), reading.names, reading.newest]
        for reading in readings
    ]
    today = timezone.localdate().isoformat()
    basis = [versions, also, lang, request.get_full_path(), today, edition()]
    etag = f'"{hashlib.sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        framed = frame(request, lang) | context
        response = HttpResponse(render_to_string(f"public/{template}.html", framed))
    return _validated(response, etag)


def unkept(request: HttpRequest, lang: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page whose answer is of this moment: no reader keeps it."""
    framed = frame(request, lang) | context
    content = render_to_string(f"public/{template}.html", framed)
    return HttpResponse(content, headers={"Cache-Control": "no-store"})


def of_project(
    request: HttpRequest, lang: str, template: str, reading: Reading, context: dict[str, Any]
) -> HttpResponse:
    """A page of one project."""
    document = reading.document
    known = {
        "reading": reading,
        "at": request.GET.get("at", "") if reading.number else "",
        "project": document["project"],
        "slug": document["project"]["slug"],
        "totals": document["totals"],
        "sources": rows.index(document["sources"]),
        "evidence": rows.index(document["evidence"]),
        "institutions": rows.index(document["institutions"]),
        "names": reading.names,
        "shows_plan": bool(document.get("activities")),
    }
    return page(request, lang, template, [reading], known | context)


def file(request: HttpRequest, content: bytes, content_type: str, name: str) -> HttpResponse:
    """A download with the digest of its exact bytes."""
    sha = hashlib.sha256(content)
    etag = f'"{sha.hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["X-Content-SHA256"] = sha.hexdigest()
        response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(sha.digest()).decode()}:"
    return _validated(response, etag)


def evidence(request: HttpRequest, download: FileResponse, sha256: str) -> HttpResponse:
    """A kept file; its address is its digest, so what is kept by a reader stays right."""
    etag = f'"{sha256}"'
    known = get_conditional_response(request, etag=etag)
    return _validated(known or cast(HttpResponse, download), etag)


def edition_of(reading: Reading) -> str:
    """How the name of a file tells which edition of the data it holds."""
    if reading.number:
        return f"release-{reading.number}"
    own = reading.part.components if reading.part else ()
    return "-".join(["preview", *(["components"] if reading.part else []), *map(str, own)])


def _validated(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def frame(request: HttpRequest, lang: str, *, refused: bool = False) -> dict[str, Any]:
    """What every page needs: its language, where its links lead, the same page in the other one.

    Refuses what is asked for as the day and is none.
    """
    match: ResolverMatch | None = request.resolver_match
    namespace = match.namespace if match else ""
    known = match is not None and not refused
    name, named = (str(match.url_name), match.kwargs) if match and known else ("portfolio", {})
    query = query_string.kept(request.GET, CARRIED) if known else {}
    query_string.day(query, timezone.localdate())
    suffix = f"?{urlencode(query)}" if query else ""

    def here(code: str, *, release: bool = True) -> str:
        of, given = name, named | {"lang": code}
        if not release:
            of, given = name.removeprefix(CITED), given.copy()
            del given["release"]
        return reverse(f"public:{of}", kwargs=given, current_app=namespace)

    return {
        "lang": lang,
        "namespace": namespace,
        "preview": namespace == "preview",
        "at": query.get("at", ""),
        "cited": str(named.get("release", "")),
        "uncited": here(lang, release=False) if "release" in named else "",
        "dated": name not in OF_NO_DAY,
        "here": name.removeprefix(CITED) if known else "",
        "now": here(lang),
        "languages": [(code, label, here(code) + suffix) for code, label in settings.LANGUAGES],
    }


def answered(view: View) -> View:
    """A public page: GET and HEAD only, and what it refuses becomes a page with a sentence."""

    @csrf_exempt  # a POST is told that there is none, and not about a form
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, lang: str, release: str = "", **named: str) -> HttpResponse:
        try:  # whichever release is read by `read`
            return view(request, lang, **named)
        except Refusal as refusal:
            return refuse(request, refusal.status, str(refusal))

    return answer


def refuse(request: HttpRequest, status: int, sentence: str, **more: Any) -> HttpResponse:
    """A page that says what was asked, why not, and what would work."""
    lang = get_language() or "en"
    context = frame(request, lang, refused=True) | {"sentence": sentence, **more}
    content = render_to_string(f"{status}.html", context)
    response = HttpResponse(content, status=status, headers={"Cache-Control": "no-store"})
    response.sentence = sentence  # type: ignore[attr-defined]  # for who shows more than this page
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that no view has; in the back office, also for what is somebody else's."""
    if request.path.startswith("/admin/"):
        sentence = _(
            "There is nothing at this address, or nothing that you may see. Begin at the front "
            "page of the back office."
        )
        return refuse(request, 404, sentence)
    sentence = _(
        "There is no page at the address “%(path)s”. It may be mistyped, or never have been here."
    )
    return refuse(request, 404, sentence % {"path": quoted(request.path)})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what Django itself refuses. It is not repeated: it may be an attack."""
    sentence = _("The request could not be understood. Begin at the list of all projects.")
    return refuse(request, 400, sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, from a template that needs neither database nor translations."""
    content = render_to_string("500.html", {"lang": get_language() or "en"})
    return HttpResponseServerError(content, headers={"Cache-Control": "no-store"})


@cache
def edition() -> str:
    """The digest of what makes the pages besides data: a new version outdates what readers keep."""
    sha = hashlib.sha256()
    for folder in MADE_OF:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".svg", ".mo", ".json", ".md"}:
                sha.update(path.read_bytes())
    return sha.hexdigest()
