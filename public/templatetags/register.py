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
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from public import sentences
from public.charts import geometry as charts
from public.charts.clocks import Clock
from public.frame import CITED
from public.pages import verify
from public.rows import Row, name_of, text_of
from releases.published import Absorption, ComponentRow, Issued, Unit, dates, numbers, words

register = template.Library()
register.filter("name", name_of)
OTHER = {"lv": "en", "en": "lv"}


def _lang() -> str:
    return get_language() or "en"


@register.filter
def absent(why: str) -> SafeString:
    """Why there is no value: five different things that must never read alike."""
    texts = {
        "not_stated": _("not stated"),
        "not_yet": _("not yet"),
        "not_planned": _("not planned"),
        "does_not_apply": _("does not apply"),
        "not_published": _("not published"),
    }
    return format_html('<span class="none">{}</span>', texts[why])


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
def release_day(reading: Any) -> str:
    """The day of a release in words."""
    return dates.shown(timezone.localdate(reading.made_at).isoformat(), _lang())


@register.filter
def money(value: str | None, why: str = "not_stated") -> str:
    return absent(why) if value is None else numbers.money(value, _lang())


@register.filter
def millions(value: str | None, why: str = "not_stated") -> str:
    return absent(why) if value is None else numbers.millions(value, _lang())


@register.filter
def percent(value: str | None, why: str = "not_planned") -> str:
    return absent(why) if value is None else numbers.percent(value, _lang())


@register.filter
def decimal(value: str) -> str:
    """A number with one decimal, as the language writes it."""
    return numbers.decimal(value, _lang())


@register.filter
def between(totals: Absorption) -> str:
    """The bounds of absorption in whole per cent, widened: 84–92 %."""
    low = int(float(totals["percent_low"] or 0))
    high = -int(-float(totals["percent_high"] or 0) // 1)
    return f"{low}–{numbers.percent(str(high), _lang())}"


@register.filter
def amounts(totals: Absorption) -> str:
    """Spent of planned, in millions where the source rounded: 2.2 m of 2.5 m EUR."""
    shown = numbers.millions if totals["rounded_to"] else numbers.money
    spent, planned = (shown(sum_ or "0", _lang()) for sum_ in (totals["spent"], totals["planned"]))
    return _("%(part)s of %(whole)s") % {
        "part": spent.removesuffix("\u00a0EUR"),
        "whole": planned,
    }


@register.filter
def between_amounts(bounds: tuple[str, str]) -> str:
    """The least and the most that rounded amounts may mean: 200 000–400 000 EUR."""
    low, high = (numbers.money(bound, _lang()) for bound in bounds)
    return f"{low.removesuffix(chr(0xA0) + 'EUR')}–{high}"


@register.filter
def months(value: int | None) -> str:
    """A duration in months, or that it is not stated."""
    if value is None:
        return absent("not_stated")
    return ngettext("%(n)s month", "%(n)s months", value) % {"n": value}


@register.filter
def whole(value: int) -> str:
    return numbers.whole(value, _lang())


@register.filter
def stated(count: int, basis: str) -> str:
    """How many; what a publication says of none is not stated, which is not 0."""
    return whole(count) if count or basis == "contract" else absent("not_stated")


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
def compared(clocks: list[Clock]) -> str:
    """In sentences: those of the day of reading, then each that is of another day."""
    lang = _lang()
    now = [(clock.key, percent(clock.percent)) for clock in clocks if clock.time is None]
    then = [
        sentences.compared_then(
            clock.key, percent(clock.percent), dates.shown(clock.on, lang), percent(clock.time)
        )
        for clock in clocks
        if clock.time is not None
    ]
    return " ".join([sentences.compared(now), *then])


@register.filter
def described(issued: Issued) -> str:
    return verify.described(issued)


@register.filter
def number(value: object) -> str:
    """A number as it stands, without a decimal that is zero."""
    return numbers.decimal(str(value).removesuffix(".0"), _lang())


@register.filter
def text(value: object) -> str | None:
    """A computed amount or percentage as documents write them."""
    return None if value is None else str(value)


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
def printed(component: ComponentRow) -> str:
    """What the source prints before the title of a component; "" where it prints nothing."""
    return (component["code"] or str(component["number"])) if component["numbered"] else ""


@register.filter
def in_short(component: ComponentRow) -> str:
    """A component in a sentence: “Component 1.2”, or its title where the source numbers none."""
    number = printed(component)
    return _("Component %(number)s") % {"number": number} if number else plain(component, "title")


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
