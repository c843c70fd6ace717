"""What stands around every public page: its language, and where its links lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode

from public import terms
from public.http import query_string

CARRIED = (
    "at",
    "q",
    "component",
    "rung",
    "kind",
    "late",
    "counted",
    "status",
    "country",
    "partner",
    "year",
    "o",
    "view",
    "by",
    "page",
    "functions",
    "entries",
)
PAGED = ("page", "entries")  # what else tells apart pages that are found by search engines
CITED = "cited_"  # begins the names of pages of a release that its address names
# Pages that read no release: they carry the day on, and show nothing as it stood that day.
OF_NO_DAY = (
    *("accessibility", "api", "codes", "definitions", "heads", "heads_confirm", "heads_leave"),
    *("queries", "releases", "releases_between", "search", "verify"),
)


@dataclass(frozen=True)
class Place:
    """The page that is asked for, what it takes, and what of its query its links carry on."""

    name: str
    named: Mapping[str, object]
    query: Mapping[str, str]
    namespace: str

    def address(self, lang: str, of: str = "", **given: object) -> str:
        """The same page in a language, or the page `of` that takes the same, but for `given`."""
        takes = {**self.named, **given, "lang": lang}
        kwargs = {key: value for key, value in takes.items() if value}
        return reverse(f"public:{of or self.name}", kwargs=kwargs, current_app=self.namespace)

    def newest(self, lang: str) -> str:
        return self.address(lang, self.name.removeprefix(CITED), release="")

    def lasting(self, lang: str, release: int | None) -> str:
        """The address to keep: of a list without its filters, of a release instead of its day."""
        dated = release is not None and bool(self.query.get("at"))
        path = (
            self.address(lang, CITED + self.name, release=release) if dated else self.address(lang)
        )
        also = () if dated or self.name in OF_NO_DAY else ("at",)
        asked = urlencode(query_string.kept(self.query, (*PAGED, *also)))
        return settings.SITE_URL + path + (f"?{asked}" if asked else "")


def frame(
    request: HttpRequest, lang: str, *, refused: bool = False, release: int | None = None
) -> dict[str, Any]:
    """What every page needs: its language, where its links lead, the same page in the other one.

    `release`: the number of the one that the page shows. Refuses what is asked for as the day and
    is none.
    """
    match: ResolverMatch | None = request.resolver_match
    namespace = match.namespace if match else ""
    known = match is not None and not refused
    name, named = (str(match.url_name), match.kwargs) if match and known else ("portfolio", {})
    query = query_string.kept(request.GET, CARRIED) if known else {}
    query_string.day(query, timezone.localdate())
    suffix = f"?{urlencode(query)}" if query else ""
    place = Place(name, named, query, namespace)
    return {
        "lang": lang,
        "namespace": namespace,
        "preview": namespace == "preview",
        "at": query.get("at", ""),
        "cited": str(named.get("release", "")),
        "uncited": place.newest(lang) if "release" in named else "",
        "dated": name not in OF_NO_DAY,
        "here": name.removeprefix(CITED) if known else "",
        "now": place.address(lang),
        "canonical": place.lasting(lang, release) if known and namespace == "public" else "",
        "elsewhere": [(code, place.lasting(code, release)) for code, _label in settings.LANGUAGES],
        "languages": [
            (code, label, place.address(code) + suffix) for code, label in settings.LANGUAGES
        ],
        "terms": terms.stated(),
        "site": settings.SITE_URL,
    }
