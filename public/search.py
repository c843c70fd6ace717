"""The search over all that is published: what was found, by project, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from public.http import query_string, responses
from public.http.responses import answered
from releases.published import Hit, find, suggest

KINDS: dict[str, str | Promise] = {
    "project": _("Project"),
    "component": _("Component"),
    "result": _("Result"),
    "item": _("Part of result"),
    "institution": _("Institution"),
    "partner": _("Partner"),
    "function": _("Function"),
    "source": _("Source"),
    "evidence": _("Evidence"),
    "statement": _("Note"),
}
# Whose page each kind of hit is on, and where there.
WITHIN = {"institution": "about", "partner": "about", "source": "about", "statement": "about"}
PARTS = {
    "institution": "partners", "partner": "partners", "statement": "notes", "item": "items",
    "function": "functions",
}  # fmt: skip


@answered
def search(request: HttpRequest, lang: str) -> HttpResponse:
    """GET ?q=, in the newest releases of all projects."""
    asked = query_string.search(request.GET)
    answer = find(asked, lang)
    meant = "" if answer.hits else suggest(asked, answer.words)
    shown = query_string.page(request.GET, answer.hits)
    context = {
        "searched": asked, "answer": answer, "list": shown, "groups": _by_project(shown, lang),
        "meant": meant, "kept": {"q": asked},
    }  # fmt: skip
    also = repr((list(shown), len(answer.hits), answer.cut, meant))
    return responses.page(request, lang, "search", [], context, also=also)


def _by_project(hits: Iterable[Hit], lang: str) -> list[tuple[Hit, list[tuple[Hit, Any, str]]]]:
    """Any hit of the project, and all that are shown of it: each with its kind and address."""
    groups = []
    for _slug, of_project in groupby(hits, key=lambda hit: hit.slug):
        rows = [(hit, KINDS[hit.kind], address(hit, lang)) for hit in of_project]
        groups.append((rows[0][0], rows))
    return groups


def address(hit: Hit, lang: str) -> str:
    """The page that shows the hit, at the place where it stands."""
    page, of = WITHIN.get(hit.kind, "project"), []
    if hit.kind in ("result", "item") or (hit.kind == "evidence" and hit.of):
        page, of = "deliverable", [hit.of]
    elif hit.kind == "component":
        page, of = "component", [hit.of]
    elif hit.kind == "function":
        page = "experts"
    elif hit.kind == "evidence":
        page = "about"
    part = PARTS.get(hit.kind, "")
    if hit.kind in ("evidence", "source"):
        part = hit.code
    return reverse(f"public:{page}", args=[lang, hit.slug, *of]) + (f"#{part}" if part else "")
