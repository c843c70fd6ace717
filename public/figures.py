"""How figures read on a public page, in the active language, and why there is none."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from releases.published import Absorption, numbers


def _lang() -> str:
    return get_language() or "en"


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


def money(value: str | None, why: str = "not_stated") -> str:
    return absent(why) if value is None else numbers.money(value, _lang())


def moved(value: str) -> str:
    """An amount by which something was moved, with its sign."""
    rounded = numbers.money(value.removeprefix("-"), _lang()).removesuffix("\u00a0EUR")
    sign = numbers.MINUS if value.startswith("-") else "+"
    amount = f"{sign}{rounded.removeprefix('EUR' + chr(0xA0))}"
    return numbers.euro(amount, _lang())


def millions(value: str | None, why: str = "not_stated") -> str:
    return absent(why) if value is None else numbers.millions(value, _lang())


def percent(value: str | None, why: str = "not_planned") -> str:
    return absent(why) if value is None else numbers.percent(value, _lang())


def decimal(value: str) -> str:
    """A number with one decimal, as the language writes it."""
    return numbers.decimal(value, _lang())


def between(totals: Absorption) -> str:
    """The bounds of absorption in whole per cent, widened: 84–92 %."""
    low = int(float(totals["percent_low"] or 0))
    high = -int(-float(totals["percent_high"] or 0) // 1)
    return f"{low}–{numbers.percent(str(high), _lang())}"


def amounts(totals: Absorption) -> str:
    """Spent of planned, in millions where the source rounded: EUR 2.2 of 2.5 million."""
    rounded = bool(totals["rounded_to"])
    sums = (totals["spent"] or "0", totals["planned"] or "0")
    part, whole = numbers.of(*sums, _lang(), rounded=rounded)
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def between_amounts(bounds: tuple[str, str]) -> str:
    """The least and the most that rounded amounts may mean: EUR 200 000–400 000."""
    low, high = (numbers.whole(round(float(bound)), _lang()) for bound in bounds)
    return numbers.euro(f"{low}–{high}", _lang())


def months(value: int | None) -> str:
    """A duration in months, or that it is not stated."""
    if value is None:
        return absent("not_stated")
    return ngettext("%(n)s month", "%(n)s months", value) % {"n": value}


def whole(value: int) -> str:
    return numbers.whole(value, _lang())


def stated(count: int, basis: str) -> str:
    """How many; what a publication says of none is not stated, which is not 0."""
    return whole(count) if count or basis == "contract" else absent("not_stated")


def number(value: object) -> str:
    """A number as it stands, without a decimal that is zero."""
    return numbers.decimal(str(value).removesuffix(".0"), _lang())


def text(value: object) -> str | None:
    """A computed amount or percentage as documents write them."""
    return None if value is None else str(value)


FILTERS = (
    absent,
    money,
    moved,
    millions,
    percent,
    decimal,
    between,
    amounts,
    between_amounts,
    months,
    whole,
    stated,
    number,
    text,
)
