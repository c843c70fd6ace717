"""What stands around every public page: its language, and where its links lead."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode

from public import query_string

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
