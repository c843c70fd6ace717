"""All files of a release at once, described to programs: a Data Package, and a ZIP of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from public import source, terms
from public.http import responses
from public.http.responses import answered
from public.machines.described import address
from releases.published import Reading, package


@answered
def description(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """datapackage.json, beside the tables that it describes."""
    reading = source.read(request, slug)
    content = package.package(reading.document, _about(reading))
    return responses.file(request, content, "application/json")


@answered
def zipped(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    content = package.zipped(reading.document, reading.released, _about(reading))
    name = f"{slug}_{source.edition_of(reading)}.zip"
    return responses.file(request, content, "application/zip", name)


def _about(reading: Reading) -> dict[str, Any]:
    """What a release does not say of itself."""
    stated = terms.stated()
    slug = reading.document["project"]["slug"]
    about: dict[str, Any] = {
        "version": str(reading.number),
        "created": reading.made_at.isoformat() if reading.made_at else "",
        "homepage": address("cited_data", "en", slug, reading.number),
    }
    if stated.licence:
        licence = stated.licence
        about["licenses"] = [{"name": licence.name, "path": licence.path, "title": licence.title}]
    if stated.operator:
        about["contributors"] = [{"title": stated.operator, "roles": ["publisher"]}]
    return about
