"""The portfolio: all projects that have a release, filtered, and what they come to together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from public import source
from public.charts import geometry as charts
from public.http import query_string
from public.http.refusals import NotUnderstood
from public.pages.overview import member_states, money, time
from releases.published import (
    ORDERS,
    Portfolio,
    PortfolioTotals,
    ProjectRow,
    Reading,
    Share,
    words,
)

LENGTH = 30
FILTERS = ("q", "status", "country", "partner", "year", "late")
TABLE = "table"
LARGE = 1_000_000  # EUR
Checks = Mapping[str, Callable[[query_string.Query], str]]


def _filters() -> Checks:
    def coded(name: str, column: str) -> Callable[[query_string.Query], str]:
        known = dict(words.values("projects", column))
        return partial(query_string.one_of, name=name, known=known)

    return {
        "q": query_string.search,
        "status": coded("status", "status"),
        "country": coded("country", "beneficiary_country"),
        "partner": coded("partner", "beneficiary_country"),
        "year": query_string.year,
        "late": partial(query_string.one_of, name="late", known=("now",)),
    }


def filters(query: query_string.Query) -> dict[str, str]:
    """What a file of the list is filtered by; one that is not understood is refused."""
    return {name: check(query) for name, check in _filters().items()}


def _understood(query: query_string.Query) -> tuple[dict[str, str], list[str]]:
    """What the page is filtered and laid out by, and in sentences what of it is left out."""
    checks: Checks = {
        **_filters(),
        "o": partial(query_string.one_of, name="o", known=[*filter(None, ORDERS)]),
        "view": partial(query_string.one_of, name="view", known=(TABLE,)),
    }
    asked, ignored = dict.fromkeys(checks, ""), []
    for name, check in checks.items():
        try:
            asked[name] = check(query)
        except NotUnderstood as refusal:
            ignored.append(str(refusal))
    return asked, ignored


@source.whole()
def portfolio(listed: Portfolio, query: query_string.Query, lang: str) -> dict[str, Any]:
    """A page of the projects, real ones first, and what all that match come to together."""
    asked, ignored = _understood(query)
    totals = listed.totals(asked)
    rows = listed.rows(asked, asked["o"])
    pages = query_string.page(
        query, rows, length=LENGTH, count=totals["listed"] if totals else None
    )
    readings = listed.readings(pages.object_list)
    marks = _marks(reading.document["project"] for reading in readings)
    marked = {project["beneficiary_country"]: mark for project, mark in marks.values()}
    kept = {name: value for name, value in asked.items() if value}
    chosen = {name: kept[name] for name in FILTERS if name in kept}
    return {
        "list": pages,
        "projects": [_summary(reading, marks) for reading in readings],
        "footnotes": [(mark, project) for project, mark in marks.values()],
        "totals": totals,
        "invented": totals["listed"] - totals["real"] if totals else 0,
        "sums": _money(totals) if totals else None,
        "asked": asked,
        "kept": kept,
        "chosen": chosen,
        "stated": [row for name, *row in _stated(asked, marked) if name in chosen],
        "ignored": ignored,
        **_files(lang, chosen | query_string.kept(query, ("at",))),
        "views": _views(kept, query),
        "statuses": words.values("projects", "status"),
        "countries": [
            (code, words.country(code) + marked.get(code, ""))
            for code in words.by_country(dict(words.values("projects", "beneficiary_country")))
        ],
        "orders": [
            ("begun", _("begun last")),
            ("ended", _("ending last")),
            ("planned", _("largest budget")),
            ("results", _("most results")),
            ("released", _("published last")),
        ],
    }


def _stated(asked: Mapping[str, str], marked: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Each filter with its label and value in words, for paper and whoever is sent the page."""
    country = asked["country"]
    return [
        ("q", _("Words or code"), asked["q"]),
        ("status", _("Status"), words.label("projects", "status", asked["status"])),
        ("country", _("Beneficiary country"), words.country(country) + marked.get(country, "")),
        ("partner", _("Member State"), words.country(asked["partner"])),
        ("year", _("Year"), asked["year"]),
        ("late", _("Timeliness"), _("overdue now")),
    ]


def _files(lang: str, query: dict[str, str]) -> dict[str, str]:
    """Where the same projects are had as files."""
    asked = f"?{urlencode(query)}" if query else ""
    addresses = {
        "csv": reverse("public:projects_csv", args=[lang]),
        "json": reverse("api_projects"),
    }
    return {name: address + asked for name, address in addresses.items()}


def _views(kept: Mapping[str, str], query: query_string.Query) -> list[tuple[str, bool, str]]:
    """The cards and the table: the words, whether it is this one, and the query of the other."""
    others = {name: value for name, value in kept.items() if name != "view"}
    others |= query_string.kept(query, ("at", "page"))
    return [
        (label, kept.get("view", "") == view, urlencode(others | ({"view": view} if view else {})))
        for view, label in (("", _("Cards")), (TABLE, _("Table")))
    ]


def _money(totals: PortfolioTotals) -> dict[str, Any] | None:
    """Large sums are shown in millions: some of their parts were published rounded."""
    if totals["budget"] is None or totals["cost"] is None:
        return None
    percent = Share(totals["cost"], totals["budget"]).percent
    return {
        "planned": str(totals["budget"]),
        "spent": str(totals["cost"]),
        "percent": "" if percent is None else str(percent),
        "rounded_to": totals["budget"] >= LARGE,
    }


def _marks(projects: Iterable[ProjectRow]) -> dict[str, tuple[ProjectRow, str]]:
    """Each footnote once: its text -> the first project that has it, and its asterisks."""
    marks: dict[str, tuple[ProjectRow, str]] = {}
    for project in projects:
        text = project["footnote_en"] or project["footnote_lv"]
        if text and text not in marks:
            marks[text] = (project, "*" * (len(marks) + 1))
    return marks


def _summary(reading: Reading, marks: dict[str, tuple[ProjectRow, str]]) -> dict[str, Any]:
    document = reading.document
    project, totals = document["project"], document["totals"]
    mark = next((mark for first, mark in marks.values() if first is project), "")
    return {
        "reading": reading,
        "project": project,
        "totals": totals,
        "mark": mark,
        "countries": member_states(document["partnerships"]),
        "results_bar": charts.rungs(totals["results"]["by_rung"], totals["results"]["whole"]),
        "money": money(totals["budget"]),
        "months": time(project, reading.on),
        "due": reading.due.isoformat() if reading.due else "",
        "late": reading.due is not None and reading.due < reading.on,
    }
