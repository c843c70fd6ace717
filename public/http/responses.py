"""How public pages and files are sent: validators instead of a cache.

Templates get no request: nothing of a session or a user can reach a public page.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache, wraps
from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from public import rows, terms
from public.charts import raster
from public.frame import CITED, frame
from public.http import kept, query_string, ranges
from public.http.error_pages import refuse
from public.http.refusals import Refusal
from releases.published import Reading, Stands

View = Callable[..., HttpResponse]
MADE_OF = (
    *("exchange", "deliverables", "experts", "budget"),
    "public",
    "releases",
    "templates/public",
    "static/public",
    "locale",
    "docs",
)


def page(
    request: HttpRequest,
    lang: str,
    template: str,
    readings: list[Reading],
    context: Mapping[str, object] | Callable[[], Mapping[str, object]],
    also: object = None,
    stands: Stands | None = None,
) -> HttpResponse:
    """The page, or 304 where the reader has it: same data, names, day, address and software.

    `context` may be what gives it: then a 304 does not ask for it. `also`: what else tells that it
    shows the same. `stands`: how long it may be kept (public.http.kept); without one it is not.
    """
    versions = [
        [
            *(reading.digest, reading.number, reading.on.isoformat(), reading.names),
            *(reading.newest, reading.withdrawn),
        ]
        for reading in readings
    ]
    today = timezone.localdate().isoformat()
    said = [settings.SITE_URL, *asdict(terms.stated()).values()]
    basis = [versions, also, lang, request.get_full_path(), today, edition(), said]
    etag = f'"{hashlib.sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        shown = context() if callable(context) else context
        release = readings[0].number if "project" in shown else None
        framed = {**frame(request, lang, release=release), **shown}
        response = HttpResponse(render_to_string(f"public/{template}.html", framed))
    if stands is None and not readings and also is None:
        return kept.may_be(_validated(response, etag, SHARED), kept.ALWAYS)
    return kept.may_be(_validated(response, etag), stands)


def unkept(
    request: HttpRequest, lang: str, template: str, context: Mapping[str, object]
) -> HttpResponse:
    """A page whose answer is of this moment: no reader keeps it."""
    framed = {**frame(request, lang), **context}
    content = render_to_string(f"public/{template}.html", framed)
    return HttpResponse(content, headers={"Cache-Control": "no-store"})


def of_project(
    request: HttpRequest, lang: str, template: str, reading: Reading, context: Mapping[str, object]
) -> HttpResponse:
    """A page of one project."""
    document = reading.document
    known = {
        "reading": reading,
        "at": request.GET.get("at", "") if reading.number else "",
        "project": document["project"],
        "slug": document["project"]["slug"],
        "description": rows.text_of(document["project"], "summary"),
        "totals": document["totals"],
        "sources": rows.index(document["sources"]),
        "evidence": rows.index(document["evidence"]),
        "institutions": rows.index(document["institutions"]),
        "names": reading.names,
        "shows_plan": bool(document["activities"] or document["reports"]),
    }
    context = {**known, **context}
    return page(request, lang, template, [reading], context, stands=reading.stands)


def file(
    request: HttpRequest,
    content: bytes,
    content_type: str,
    name: str = "",
    changed: dt.datetime | None = None,
) -> HttpResponse:
    """A file, or the part of it that is asked for, with the digest of its exact bytes; a download
    where it has a name to be kept by. `changed`: since when it is what it is."""
    sha = hashlib.sha256(content)
    etag = f'"{sha.hexdigest()}"'
    since = int(changed.timestamp()) if changed else None
    response = get_conditional_response(request, etag=etag, last_modified=since)
    if response is None:
        response = _whole_or_part(request, content, content_type, etag)
        if name:
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["X-Content-SHA256"] = sha.hexdigest()
        response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(sha.digest()).decode()}:"
    if since is not None:
        response.headers["Last-Modified"] = http_date(since)
    return _validated(response, etag)


def drawing(
    request: HttpRequest, context: Mapping[str, object], name: str, *, width: int = 0
) -> HttpResponse:
    """A chart as a picture: an SVG, or a PNG that is `width` pixels wide."""
    content = render_to_string(f"public/charts/{name}.svg", {**context})
    if width:
        return file(request, raster.png(content, width=width), "image/png")
    return file(request, content.encode(), "image/svg+xml; charset=utf-8")


def _whole_or_part(
    request: HttpRequest, content: bytes, content_type: str, etag: str
) -> HttpResponse:
    size = len(content)
    try:
        part = ranges.asked(request.headers, etag, size)
    except ranges.OutOfRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return HttpResponse(content, content_type, headers={"Accept-Ranges": "bytes"})
    headers = {"Content-Range": f"bytes {part[0]}-{part[-1]}/{size}", "Accept-Ranges": "bytes"}
    return HttpResponse(content[part.start : part.stop], content_type, 206, headers=headers)


def evidence(request: HttpRequest, download: FileResponse, sha256: str) -> HttpResponse:
    """A kept file; its address is its digest, so what is kept by a reader stays right."""
    etag = f'"{sha256}"'
    known = get_conditional_response(request, etag=etag)
    return _validated(known or cast(HttpResponse, download), etag)


# What may be taken back is asked for each time; what a version of the software says, a proxy may
# give for some minutes, and once more while it asks whether there is another version.
ASKED = "public, max-age=0, must-revalidate"
SHARED = "public, max-age=0, s-maxage=300, stale-while-revalidate=86400"


def _validated(response: HttpResponse, etag: str, reuse: str = ASKED) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = reuse
    return response


_GZIP = GZipMiddleware(lambda _request: HttpResponse())


def _compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Smaller on its way, where the reader takes that: what is public holds no secret whose length
    could tell it. Kept files and parts of files are sent as they are."""
    if response.streaming or response.status_code == 206:
        return response
    sent = cast(HttpResponse, _GZIP.process_response(request, response))
    if sent.headers.get("Content-Encoding"):
        sent.headers.pop("Repr-Digest", None)  # of bytes that are sent otherwise
    return sent


def answered(view: View, refuse: Callable[[HttpRequest, int, str], HttpResponse] = refuse) -> View:
    """A public page: GET and HEAD only, and what it refuses becomes a page with a sentence."""

    @csrf_exempt  # a POST is told that there is none, and not about a form
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, release: str = "", **named: str) -> HttpResponse:
        try:  # whichever release is read by `read`
            there = _cited(request, release, named)
            return there or _compressed(request, view(request, **named))
        except Refusal as refusal:
            return refuse(request, refusal.status, str(refusal))

    return answer


def _cited(request: HttpRequest, release: str, named: dict[str, str]) -> HttpResponse | None:
    """Where `?release=` asks a page of a project for a release: its own address."""
    match, asked = request.resolver_match, request.GET.get("release", "")
    if not asked or release or not match or match.namespace != "public":
        return None
    if not {"lang", "slug"} <= named.keys():
        return None
    given = {name: text for name, text in named.items() if name != "format"}
    try:
        reverse(f"public:{CITED}{match.url_name}", kwargs={**given, "release": "1"})
    except NoReverseMatch:  # of the newest release, or of all
        return None
    query = request.GET.copy()
    del query["release"]
    given["release"] = str(query_string.number(asked))
    path = reverse(f"public:{CITED}{match.url_name}", kwargs=given)
    return HttpResponseRedirect(f"{path}?{query.urlencode()}" if query else path)


@cache
def edition() -> str:
    """The digest of what makes the pages besides data: a new version outdates what readers keep."""
    sha = hashlib.sha256()
    for folder in MADE_OF:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".svg", ".mo", ".json", ".md"}:
                sha.update(path.read_bytes())
    return sha.hexdigest()
