"""Numbers as people read them: narrow no-break spaces, a decimal comma in Latvian."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NARROW = "\u202f"
MINUS = "\u2212"


def _decimal(text: str, lang: str) -> str:
    return (text.replace(".", ",") if lang == "lv" else text).replace("-", MINUS)


def whole(value: int, lang: str) -> str:
    """12 345, in either language."""
    return f"{value:,}".replace(",", NARROW).replace("-", MINUS)


def money(value: str, lang: str) -> str:
    """EUR without decimals, half up: 2 200 000 EUR."""
    rounded = Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{whole(int(rounded), lang)}\u00a0EUR"


def millions(value: str, lang: str) -> str:
    """EUR in millions with one decimal: 2.2 m EUR, 2,2 milj. EUR."""
    rounded = (Decimal(value) / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    unit = "milj." if lang == "lv" else "m"
    return f"{_decimal(str(rounded), lang)}\u00a0{unit}\u00a0EUR"


def decimal(value: str, lang: str) -> str:
    """A measured number as it stands: 12 345, 2.5 or 2,5."""
    number, _point, rest = value.partition(".")
    digits = whole(abs(int(number)), lang) + (f".{rest}" if rest else "")
    return (MINUS if value.startswith("-") else "") + _decimal(digits, lang)


def percent(value: str, lang: str) -> str:
    """88 %, 84.3 %: one decimal, which is left out when it is zero."""
    return f"{_decimal(value.removesuffix('.0'), lang)}\u00a0%"
