"""The releases as JSON under /api/v1/: what the pages show, for programs. GET and HEAD only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from public import source
from public.http import query_string, responses
from public.http.refusals import NotThere, quoted
from public.machines import openapi
from public.machines.openapi import LENGTH
from public.pages import portfolio
from public.rows import Row
from public.search import address as address_of
from releases.published import Hit, Reading, canonical, find, suggest, tables
from releases.published import releases as released

JSON = "application/json"


def problem(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """A refusal (RFC 9457), in the language that the program asks for; English otherwise."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
    }
    answer = HttpResponse(
        _written(said), "application/problem+json", status, headers={"Cache-Control": "no-store"}
    )
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


answered = partial(responses.answered, refuse=problem)


@answered
def index(request: HttpRequest) -> HttpResponse:
    return _json(
        request,
        {
            "projects": _address("api_projects"),
            "search": _address("api_search"),
            "openapi": _address("api_openapi"),
            "documentation": settings.SITE_URL + reverse("public:api", args=["en"]),
        },
    )


@answered
def description(request: HttpRequest) -> HttpResponse:
    return _json(request, openapi.description())


@responses.answered
def explained(request: HttpRequest, lang: str) -> HttpResponse:
    """The page for people who write programs."""
    context = {
        "operations": openapi.OPERATIONS,
        "refusals": openapi.REFUSALS.items(),
        "root": settings.SITE_URL + reverse("api").rstrip("/"),
        "length": LENGTH,
    }
    return responses.page(request, lang, "api", [], context)


@answered
def projects(request: HttpRequest) -> HttpResponse:
    """The released projects with the totals of each, filtered as their list is."""
    listed = source.listed(request)
    rows = listed.rows(portfolio.filters(request.GET)).order_by("slug")
    page = query_string.page(request.GET, rows, length=LENGTH)
    with source.whole():
        rows = [_summary(reading) for reading in listed.readings(page.object_list)]
    return _json(request, _paged(request, page, rows))


@answered
def project(request: HttpRequest, slug: str) -> HttpResponse:
    return _json(request, _summary(_read(request, slug)))


@answered
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """The release as a whole: the exact bytes of release.json."""
    return responses.file(request, canonical(_read(request, slug).released), JSON)


@answered
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    source.read(request, slug)
    page = query_string.page(request.GET, released(slug), length=LENGTH)
    rows = [
        {
            "release": row.number,
            "made_at": row.made_at.isoformat(),
            "sha256": row.digest,
            "changed": row.changed,
            "document": _address("api_document", slug, release=row.number),
        }
        for row in page
    ]
    return _json(request, {"project": slug, **_paged(request, page, rows)})


@answered
def table(request: HttpRequest, slug: str, table: str) -> HttpResponse:
    if table not in tables.DOWNLOADS:
        raise NotThere(
            _("There is no table “%(asked)s”. The tables of a project are: %(known)s.")
            % {"asked": quoted(table), "known": ", ".join(tables.DOWNLOADS)}
        )
    reading = _read(request, slug)
    page = query_string.page(request.GET, tables.rows(reading.document, table), length=LENGTH)
    return _json(request, {**_about(reading), "table": table, **_paged(request, page, [*page])})


@answered
def search(request: HttpRequest) -> HttpResponse:
    """What the page of the search finds, without names: those are of no release."""
    asked = query_string.search(request.GET)
    found = find(asked, "en")
    page = query_string.page(request.GET, found.hits, length=LENGTH)
    meant = "" if found.hits else suggest(asked, found.words)
    paged = _paged(request, page, [_hit(hit) for hit in page])
    return _json(request, {**paged, "meant": meant, "all": not found.cut})


def _hit(hit: Hit) -> dict[str, str]:
    return {
        "project": hit.slug, "kind": hit.kind, "code": hit.code, "of": hit.of,
        "language": hit.title.lang, "title": hit.title.text,
        "words": hit.more.text if hit.more else "",
        "page": settings.SITE_URL + address_of(hit, "en"),
    }  # fmt: skip


@answered
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    raise NotThere(
        _("There is nothing at “%(asked)s”. %(index)s lists the addresses.")
        % {"asked": quoted(request.path), "index": _address("api")}
    )


def _read(request: HttpRequest, slug: str) -> Reading:
    return source.read(request, slug, request.GET.get("release", ""))


def _about(reading: Reading) -> Row:
    return {
        "project": reading.document["project"]["slug"],
        "release": reading.number,
        "made_at": reading.made_at.isoformat() if reading.made_at else None,
        "sha256": reading.digest,
    }


def _summary(reading: Reading) -> Row:
    slug, number = reading.document["project"]["slug"], reading.number or 0
    return {
        **_about(reading),
        "description": reading.document["project"],
        "totals": reading.document["totals"],
        "page": settings.SITE_URL + reverse("public:cited_project", args=["en", slug, number]),
        "document": _address("api_document", slug, release=number),
        "releases": _address("api_releases", slug),
        "tables": {
            name: _address("api_table", slug, name, release=number) for name in tables.DOWNLOADS
        },
    }


def _paged(request: HttpRequest, page: Page[Any], rows: Iterable[Row]) -> Row:
    """A page of a list, and the address of the next one; null after the last."""
    after = None
    if page.has_next():
        kept = query_string.kept(request.GET, ("at", "release", *portfolio.FILTERS))
        query = urlencode(kept | {"page": page.next_page_number()})
        after = f"{settings.SITE_URL}{request.path}?{query}"
    return {"count": page.paginator.count, "next": after, "rows": rows}


def _address(name: str, *parts: object, **query: int) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return settings.SITE_URL + reverse(name, args=parts) + asked


def _json(request: HttpRequest, value: object) -> HttpResponse:
    return responses.file(request, _written(value), JSON)


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
