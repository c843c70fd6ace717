"""How public pages are read and answered: one source, one frame, validators instead of a cache.

Templates get no request: nothing of a session or a user can reach a public page.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from public import asked, rows
from public.refusals import NotThere, NotUnderstood, quoted
from releases.reading import Reading, source_of

CARRIED = ("at", "q", "component", "rung", "kind", "late", "counted", "page", "functions", "entries")
MADE_OF = ("public", "releases", "templates/public", "static/public", "locale")


def read(request: HttpRequest, slug: str) -> Reading:
    """The project's document as asked for; refuses when there is none."""
    at = asked.day(request.GET, timezone.localdate())
    found = source_of(request).project(slug, at) if rows.is_slug(slug) else None
    if found is None and at is not None:
        raise NotThere(
            _(
                "On %(day)s no release of a project at the address “%(slug)s” was in force. "
                "Ask for a later day, or leave the day out."
            )
            % {"day": at.isoformat(), "slug": quoted(slug)}
        )
    if found is None:
        raise NotThere(
            _("There is no project at the address “%(slug)s”. The portfolio lists all projects.")
            % {"slug": quoted(slug)}
        )
    return found


def read_all(request: HttpRequest) -> list[Reading]:
    return source_of(request).portfolio(asked.day(request.GET, timezone.localdate()))


def page(
    request: HttpRequest, lang: str, template: str, readings: list[Reading], context: dict[str, Any]
) -> HttpResponse:
    """The page, or 304 where the reader has it: the same releases, names, day, words and address."""
    seen = [[reading.digest, reading.on.isoformat(), reading.names] for reading in readings]
    basis = [seen, lang, request.get_full_path(), timezone.localdate().isoformat(), edition()]
    etag = f'"{hashlib.sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        framed = frame(request, lang) | context
        response = HttpResponse(render_to_string(f"public/{template}.html", framed))
    return _validated(response, etag)


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


def edition_of(reading: Reading) -> str:
    """How the name of a file tells which edition of the data it holds."""
    return f"release-{reading.number}" if reading.number else "preview"


def _validated(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def frame(request: HttpRequest, lang: str) -> dict[str, Any]:
    """What every page needs: its language, where its links lead, the same page in the other one."""
    match: ResolverMatch | None = request.resolver_match
    namespace = match.namespace if match else "public"
    name, named = (match.url_name or "", match.kwargs) if match else ("", {})
    query = asked.kept(request.GET, CARRIED)
    suffix = f"?{urlencode(query)}" if query else ""

    def here(code: str, address: str) -> str:
        return reverse(f"public:{address}", kwargs=named | {"lang": code}, current_app=namespace)

    return {
        "lang": lang,
        "namespace": namespace,
        "preview": namespace != "public",
        "at": query.get("at", ""),
        "here": name,
        "now": here(lang, name) if name else "",
        "languages": [
            (code, label, here(code, name) + suffix if name else here(code, "portfolio"))
            for code, label in settings.LANGUAGES
        ],
    }


def refusal(request: HttpRequest, template: str, status: int, sentence: str) -> HttpResponse:
    """A page that says what was asked, why not, and what would work."""
    request.resolver_match = None
    lang = get_language() or settings.LANGUAGE_CODE
    context = frame(request, lang if lang in dict(settings.LANGUAGES) else "en")
    content = render_to_string(template, context | {"at": "", "sentence": sentence})
    return HttpResponse(content, status=status, headers={"Cache-Control": "no-store"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. Refusals of our own pages say their sentence; of anything else, the general one."""
    sentence = str(exception) if isinstance(exception, NotThere) else _no_page(request)
    return refusal(request, "404.html", 404, sentence)


def _no_page(request: HttpRequest) -> str:
    return _(
        "There is no page at the address “%(path)s”. It may be mistyped, or never have been here."
    ) % {"path": quoted(request.path)}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Anything but our own refusals is not repeated: it may be an attack."""
    sentence = (
        str(exception)
        if isinstance(exception, NotUnderstood)
        else _("The request could not be understood. Begin at the portfolio and follow its links.")
    )
    return refusal(request, "400.html", 400, sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, from a template that needs neither database nor language files."""
    content = render_to_string("500.html", {"lang": get_language() or "en"})
    return HttpResponseServerError(content, headers={"Cache-Control": "no-store"})


@cache
def edition() -> str:
    """The digest of what makes the pages besides data: a new version outdates what readers keep."""
    sha = hashlib.sha256()
    for folder in MADE_OF:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".svg", ".mo", ".json"}:
                sha.update(path.read_bytes())
    return sha.hexdigest()
