"""Numbers as people read them: narrow no-break spaces, a decimal comma in Latvian. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NARROW = "\u202f"
MINUS = "\u2212"
_MILLION = {"lv": "milj.", "en": "million"}


def _decimal(text: str, lang: str) -> str:
    return (text.replace(".", ",") if lang == "lv" else text).replace("-", MINUS)


def whole(value: int, lang: str) -> str:
    """12 345, in either language."""
    return f"{value:,}".replace(",", NARROW).replace("-", MINUS)


def money(value: str, lang: str) -> str:
    """EUR without decimals, half up: EUR 2 200 000, in Latvian 2 200 000 EUR."""
    rounded = Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)
    return euro(whole(int(rounded), lang), lang)


def millions(value: str, lang: str) -> str:
    """EUR in millions with one decimal: EUR 2.2 million, 2,2 milj. EUR."""
    return euro(f"{_millions(value, lang)}\u00a0{_MILLION[lang]}", lang)


def euro(amount: str, lang: str) -> str:
    """The currency where the language has it."""
    return f"{amount}\u00a0EUR" if lang == "lv" else f"EUR\u00a0{amount}"


def of(spent: str, planned: str, lang: str, *, rounded: bool) -> tuple[str, str]:
    """Two amounts that one phrase joins, the currency and the million said once: EUR 2.2 and 2.5
    million; in Latvian 2,2 and 2,5 milj. EUR."""
    unit = f"\u00a0{_MILLION[lang]}" if rounded else ""
    first, second = (
        _millions(value, lang) if rounded else money(value, lang).strip("EUR\u00a0")
        for value in (spent, planned)
    )
    if lang == "lv":
        return first, euro(f"{second}{unit}", lang)
    return euro(first, lang), f"{second}{unit}"


def _millions(value: str, lang: str) -> str:
    rounded = (Decimal(value) / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _decimal(str(rounded), lang)


def decimal(value: str, lang: str) -> str:
    """A measured number as it stands: 12 345, 2.5 or 2,5."""
    number, _point, rest = value.partition(".")
    digits = whole(abs(int(number)), lang) + (f".{rest}" if rest else "")
    return (MINUS if value.startswith("-") else "") + _decimal(digits, lang)


def percent(value: str, lang: str) -> str:
    """88 %, 84.3 %: one decimal, which is left out when it is zero."""
    return f"{_decimal(value.removesuffix('.0'), lang)}\u00a0%"
