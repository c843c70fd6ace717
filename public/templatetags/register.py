"""How values read on a public page, in the active language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from public import figures, sentences
from public.charts import geometry as charts
from public.figures import absent, percent
from public.frame import CITED
from public.pages import verify
from public.rows import Row, in_short, name_of, printed, text_of
from releases.published import (
    ComponentRow,
    Issued,
    Unit,
    dates,
    numbers,
    report_called,
    words,
)

register = template.Library()
register.filter("name", name_of)
register.filter("printed", printed)
register.filter("in_short", in_short)
register.filter("report_called", report_called)
for figure in figures.FILTERS:
    register.filter(figure)
OTHER = {"lv": "en", "en": "lv"}


def _lang() -> str:
    return get_language() or "en"


@register.filter
def say(row: Row, field: str) -> str:
    """A text of the data in the active language, else in the other one, marked as such."""
    lang = _lang()
    if text := row[f"{field}_{lang}"]:
        return str(text)
    other = row[f"{field}_{OTHER[lang]}"]
    return format_html('<span lang="{}">{}</span>', OTHER[lang], other) if other else ""


@register.filter
def as_printed(quote: str) -> str:
    """A quotation without the marks that its copy has for a list and for italics."""
    parts = re.split(r"\*([^*]+)\*", quote.removeprefix("- "))
    shown = (format_html("<em>{}</em>" if n % 2 else "{}", part) for n, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in shown))


@register.filter
def plain(row: Row, field: str) -> str:
    """The same for titles and attributes, where no mark-up can stand."""
    return text_of(row, field)


@register.filter
def day(value: str | None, why: str = "not_stated") -> SafeString:
    """A partial date, or why there is none."""
    if not value:
        return absent(why)
    return format_html('<time datetime="{}">{}</time>', value, dates.shown(value, _lang()))


@register.filter
def quarter(name: str) -> str:
    """A quarter, 2026-Q4; a year or "" as it is."""
    return dates.quarter(name, _lang()) if "-Q" in name else name


@register.filter
def sentence(end: str) -> SafeString:
    """The end of a sentence with its full stop, which a Latvian date has already."""
    stop = "" if "".join(re.split(r"<[^>]*>", end)).endswith(".") else "."
    return format_html("{}{}", end, stop)


@register.filter
def release_day(reading: Any) -> str:
    """The day of a release in words."""
    return dates.shown(timezone.localdate(reading.made_at).isoformat(), _lang())


@register.filter
def label(value: str, column: str) -> str:
    """The words of a coded value: `{{ row.kind|label:"deliverables.kind" }}`."""
    table, name = column.split(".")
    return words.label(table, name, value)


@register.filter
def named(key: str, what: str) -> str:
    """What pages call something of ours: `{{ clock.key|named:"clock" }}`."""
    return str(sentences.NAMES[what][key])


@register.filter
def described(issued: Issued) -> str:
    return verify.described(issued)


@register.filter
def called(function: str, terms: dict[str, Row]) -> str:
    """A function as the edition of the contract calls it, else as the register does."""
    term = terms.get(function)
    return plain(term, "label") if term else words.label("assignments", "function", function)


@register.filter
def part(role: str, terms: dict[str, Row]) -> str:
    """The part of a partner, in the words of the contract's edition or of the register."""
    term = terms.get(role)
    return plain(term, "label") if term else words.label("partnerships", "role", role)


@register.filter
def country(code: str) -> str:
    return words.country(code)


@register.filter
def in_full(component: ComponentRow) -> str:
    """A component with its title, in which mark-up may stand."""
    short, title = in_short(component), say(component, "title")
    return format_html("{}: {}", short, title) if printed(component) else title


@register.filter
def meaning(rung: str) -> str:
    return words.rung_meaning(rung)


@register.filter
def get(mapping: Mapping[object, object], key: object) -> object:
    return mapping.get(key)


@register.filter
def shape(name: str) -> SafeString:
    """The shape of a rung or status; words always stand beside it."""
    return format_html(
        '<svg class="i s-{}" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">'
        '<path d="{}"/></svg>',
        name,
        charts.SHAPES.get(name, charts.SHAPES["planned"]),
    )


@register.filter
def rung(value: str) -> SafeString:
    """A rung as shape and word."""
    word = words.label("deliverables", "rung", value)
    return format_html('<span class="rung">{}{}</span>', shape(value), word)


@register.simple_tag
def measured(row: Row, field: str, unit: str = "") -> str:
    """A measured value in its unit, in words where it is a text, or that it is not stated."""
    number, unit = row[field], unit or str(row["unit"])
    words_of = "words" if field == "value" else field
    if not isinstance(number, str):
        return say(row, words_of) or absent("not_stated")
    if unit == Unit.YES_NO:
        return _("yes") if float(number) else _("no")
    return percent(number) if unit == Unit.PERCENT else numbers.decimal(number, _lang())


@register.simple_tag
def version() -> str:
    """Of the register that serves the page."""
    return f"Twinning {settings.VERSION}"


@register.simple_tag(takes_context=True)
def to(context: template.Context, name: str, *parts: object, **query: Any) -> str:
    """The address of a public page in this language, on this day or in this release; inside the
    preview, there."""
    if context.get("cited") and parts and not name.startswith(("releases", CITED)):
        name, parts = f"{CITED}{name}", (parts[0], context["cited"], *parts[1:])
    path = reverse(
        f"public:{name}", args=[context["lang"], *parts], current_app=context["namespace"]
    )
    if context["at"] and not name.startswith("releases"):
        query["at"] = context["at"]
    query |= query.pop("kept", {})  # filters, as `kept=wanted`
    asked = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{path}?{urlencode(asked)}" if asked else path


@register.inclusion_tag("public/parts/_cite.html", takes_context=True)
def cite(context: template.Context, code: str) -> dict[str, Any]:
    """Where a statement comes from: the line of its source, as a link."""
    row = context["evidence"].get(code)
    source = context["sources"].get(row["source"]) if row else None
    carried = {name: context[name] for name in ("lang", "namespace", "at", "slug")}
    return carried | {
        "cited": context.get("cited", ""),
        "row": row,
        "source": source,
    }


@register.inclusion_tag("public/parts/_pager.html", takes_context=True)
def pager(context: template.Context, pages: Page[Any], name: str = "page", **kept: Any) -> Any:
    """Links to the page before and after, which the query calls `name`. `kept` are filters to carry
    on, as `kept=wanted`."""
    carried = kept.get("kept") or {}
    query = carried | ({"at": context["at"]} if context["at"] else {})
    before, after = (urlencode(query | {name: pages.number + step}) for step in (-1, 1))
    return {
        "pages": pages,
        "before": before if pages.has_previous() else "",
        "after": after if pages.has_next() else "",
        "now": context["now"],
    }
