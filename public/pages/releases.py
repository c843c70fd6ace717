"""Releases as such: their list, a feed, what changed between two, and what a file of one is."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public import source
from public.http import query_string, responses
from public.http.refusals import NotNow, NotThere, NotUnderstood, quoted
from public.http.responses import answered
from releases.published import DocumentDifference, compared, in_words, proofs
from releases.published import releases as released

SHOWN = 200  # differences on a page; its JSON has all


@answered
def releases(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    _without_a_day(request)
    pages = query_string.page(request.GET, released(slug))
    rows = [{"release": row, "changed": changed(row), "before": row.number - 1} for row in pages]
    context = {"pages": pages, "rows": rows}
    return responses.of_project(request, lang, "releases", reading, context)


@answered
def comparison(request: HttpRequest, lang: str, slug: str, first: str, second: str) -> HttpResponse:
    reading = source.read(request, slug)
    _without_a_day(request)
    old, new, differences = _pair(slug, first, second)
    context = {
        "old": old,
        "new": new,
        "count": len(differences),
        "sentences": [in_words(difference) for difference in differences[:SHOWN]],
    }
    return responses.of_project(request, lang, "comparison", reading, context)


@answered
def comparison_json(
    request: HttpRequest, lang: str, slug: str, first: str, second: str
) -> HttpResponse:
    source.read(request, slug)
    old, new, differences = _pair(slug, first, second)
    compared_releases = {name: _about(slug, row) for name, row in (("from", old), ("to", new))}
    return _json(
        request,
        compared_releases | {"changes": [_listed(difference) for difference in differences]},
        f"{slug}_{old.number}..{new.number}",
    )


def _listed(difference: DocumentDifference) -> dict[str, object]:
    cells = [{"column": column, "old": was, "new": now} for column, was, now in difference.cells]
    return {
        "table": difference.table,
        "row": difference.row,
        "what": difference.what,
        "cells": cells,
    }


@answered
def about_json(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """What travels beside release.json: which release it is, when it was made, its digest."""
    reading = source.read(request, slug)
    return _json(request, _about(slug, reading), f"{slug}_{source.edition_of(reading)}.about")


@answered
def proof_json(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """What shows that the release stands under a head: that of `?head=`, or the newest one."""
    reading = source.read(request, slug)
    head = query_string.head(request.GET)
    try:
        shows = proofs.proof(slug, reading, head)
    except proofs.Unproved as reason:
        raise NotThere(str(reason)) from None
    except proofs.ProofsBusy:
        raise NotNow(_("Proofs are being made for others. Ask again in a minute.")) from None
    return _json(request, shows, f"{slug}_{source.edition_of(reading)}.proof")


def changed(row: Any) -> str:
    """What a release changed, in a sentence."""
    counts = row.changed
    parts = [
        sentence % {"n": counts[what]}
        for what, sentence in (
            ("new", ngettext("%(n)s new row", "%(n)s new rows", counts.get("new", 0))),
            (
                "changed",
                ngettext("%(n)s changed row", "%(n)s changed rows", counts.get("changed", 0)),
            ),
            ("gone", ngettext("%(n)s row less", "%(n)s rows less", counts.get("gone", 0))),
        )
        if counts.get(what)
    ]
    return ", ".join(parts)


def _about(slug: str, row: Any) -> dict[str, object]:
    return {
        "project": slug,
        "release": row.number,
        "made_at": row.made_at.isoformat(),
        "sha256": row.digest,
        "address": settings.SITE_URL
        + reverse("public:cited_project", args=["en", slug, row.number]),
    }


def _json(request: HttpRequest, value: object, name: str) -> HttpResponse:
    content = json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
    return responses.file(request, content, "application/json", f"{name}.json")


def _without_a_day(request: HttpRequest) -> None:
    if request.GET.get("at"):
        raise NotUnderstood(_("This page is of several releases. Leave the day out."))


def _pair(slug: str, first: str, second: str) -> tuple[Any, Any, list[DocumentDifference]]:
    numbers = query_string.number(first), query_string.number(second)
    with source.whole():
        pair = compared(slug, numbers)
    if pair is None:
        raise NotThere(
            _(
                "This project has no releases %(first)s and %(second)s. The list of its releases "
                "says which there are."
            )
            % {"first": quoted(first), "second": quoted(second)}
        )
    return pair
