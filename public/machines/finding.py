"""What programs ask for by itself: robots.txt, sitemaps, security.txt, the icon of browsers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from public import source, terms
from public.http import responses
from public.http.refusals import NotThere
from public.http.responses import answered
from releases.published import Reading

ICON = Path(settings.BASE_DIR, "static", "public", "favicon.ico")
# Pages that are of no project, and those that each project has; its components and results besides.
GENERAL = (
    "portfolio",
    "definitions",
    "queries",
    "codes",
    "api",
    "verify",
    "heads",
    "accessibility",
)
OF_PROJECT = ("project", "deliverables", "experts", "budget", "about", "data", "releases")
ANSWERED = 180  # days for which a reader may rely on what security.txt says
MOST = 50_000  # addresses in a sitemap, by its protocol
Page = tuple[str, tuple[str, ...]]


@answered
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be found; the office answers nobody without a log-in."""
    lines = [
        *("User-agent: *", "Disallow: /admin/", "Disallow: /desk/", ""),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return _text(request, lines)


@answered
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    contact = terms.stated().security
    if not contact:
        raise NotThere(
            _(
                "Nobody has entered an address for weaknesses of this installation. Write to "
                "whoever runs it."
            )
        )
    today = dt.datetime.combine(timezone.localdate(), dt.time.min, dt.UTC)
    lines = [
        f"Contact: {contact}",
        f"Expires: {(today + dt.timedelta(ANSWERED)).isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return _text(request, lines)


@answered
def favicon(request: HttpRequest) -> HttpResponse:
    return responses.file(request, ICON.read_bytes(), "image/vnd.microsoft.icon")


@answered
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps: of the pages that are of no project, and of each project."""
    released = {row.slug: row.since for row in source.listed(request).rows({}).order_by("slug")}
    maps = [
        {"location": settings.SITE_URL + reverse("sitemap_of", args=[slug]), "last_mod": made_at}
        for slug, made_at in ({"pages": None} | released).items()
    ]
    return _xml(request, "sitemap_index.xml", {"sitemaps": maps})


@answered
def sitemap_of(request: HttpRequest, slug: str) -> HttpResponse:
    reading = None if slug == "pages" else source.read(request, slug)
    if reading and reading.withdrawn:
        raise NotThere(_("The project is in no list any more, so it has no map of its pages."))
    pages = _pages_of(reading) if reading else ((name, ()) for name in GENERAL)
    changed = reading.made_at if reading else None
    addresses = (address for page in pages for address in _listed(page, changed))
    return _xml(request, "sitemap.xml", {"urlset": [*islice(addresses, MOST)]})


def _pages_of(reading: Reading) -> Iterator[Page]:
    document = reading.document
    slug = document["project"]["slug"]
    for name in (*OF_PROJECT, *(["plan"] if document["activities"] else [])):
        yield name, (slug,)
    for row in document["components"]:
        yield "component", (slug, str(row["number"]))
    for result in document["deliverables"]:
        yield "deliverable", (slug, result["code"])


def _listed(page: Page, changed: dt.datetime | None) -> Iterator[dict[str, Any]]:
    """A page in each language, with the other one beside it."""
    name, parts = page
    addresses = [
        {
            "lang_code": code,
            "location": settings.SITE_URL + reverse(f"public:{name}", args=[code, *parts]),
        }
        for code, _label in settings.LANGUAGES
    ]
    for address in addresses:
        yield {"location": address["location"], "lastmod": changed, "alternates": addresses}


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return responses.file(request, render_to_string(template, context).encode(), "application/xml")


def _text(request: HttpRequest, lines: list[str]) -> HttpResponse:
    content = "".join(f"{line}\n" for line in lines).encode()
    return responses.file(request, content, "text/plain; charset=utf-8")
