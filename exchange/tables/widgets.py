"""Cells: how each kind of value is read from a file and written to one.

A cell that cannot be read raises ValueError with a sentence that names the value and what would
work. Numbers and dates that a spreadsheet typed itself arrive as `Number` and as dates.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Mapping

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from audit.rows.characters import UNSEEN, fit
from audit.rows.checked import has_lines
from exchange.tables.cell_text import (
    as_text,
    checked_text,
    counted,
    cut,
    digits,
    plain_number,
)
from exchange.tables.number_formats import Cell, Day, Number

_MONEY = re.compile(r"^[0-9]{1,9}([.,][0-9]{1,2})?$")
_DECIMAL = re.compile(r"^[-\u2212]?[0-9]{1,11}([.,][0-9]{1,3})?$")
_NEGATIVE = re.compile(r"^([-\u2212].*[0-9].*|\(.*[0-9].*\))$")
_YES, _NO = {"yes", "jā", "true", "1"}, {"no", "nē", "false", "0"}
_MIDNIGHT = re.compile(r"^(\d{4}-\d\d-\d\d)[T ]00:00(:00(\.0+)?)?Z?$", re.ASCII)
_TIMED = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
_SLASHED = re.compile(r"^\d{1,2}/\d{1,2}/\d{2,4}$", re.ASCII)


NUMBER = 60  # characters of a number or a day, with its spaces and its currency


class TextWidget(Widget):
    """Text as it stands; a spreadsheet's number in a code column is refused, not guessed."""

    def __init__(self, *, is_code: bool = False, lines: bool = True) -> None:
        super().__init__()
        self.is_code, self.lines = is_code, lines

    def clean(self, value: Cell, row: object = None, **kwargs: object) -> str:
        if value is None:
            return ""
        if self.is_code and (isinstance(value, Number | Day) or not isinstance(value, str)):
            raise ValueError(
                _(
                    "“%(value)s” is a number or a date, not a code: a spreadsheet changed it. "
                    "Format the column as text, and type the code again, as D1.2."
                )
                % {"value": cut(value.shown() if isinstance(value, Number) else value)}
            )
        text = as_text(value)
        if self.is_code and UNSEEN.search(text):
            raise ValueError(
                _("“%(value)s” holds characters that cannot be seen. Did you mean %(meant)s?")
                % {"value": cut(text), "meant": UNSEEN.sub("", text)[:50]}
            )
        return fit(text, lines=self.lines)

    def render(self, value: object, obj: object = None, **kwargs: object) -> str:
        return "" if value is None else str(value)


class IntegerWidget(Widget):
    """A whole number within the limits of its column, both included."""

    longest = NUMBER

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.low, self.high = low, high

    def clean(self, value: Cell, row: object = None, **kwargs: object) -> int | None:
        text = digits(value)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not self.low <= int(text) <= self.high:
            low, high = (f"{limit:,}".replace(",", " ") for limit in (self.low, self.high))
            raise ValueError(
                _("“%(value)s” is not a whole number from %(low)s to %(high)s.")
                % {"value": cut(value), "low": low, "high": high}
            )
        return int(text)

    def render(self, value: object, obj: object = None, **kwargs: object) -> object:
        return value


class MoneyWidget(Widget):
    """EUR; `signed` where an amount may also be taken away."""

    longest = NUMBER

    def __init__(self, signed: bool = False) -> None:
        self.signed = signed
        super().__init__()

    def clean(self, value: Cell, row: object = None, **kwargs: object) -> decimal.Decimal | None:
        text = digits(value, money=True)
        if not text:
            return None
        sign = text[:1] if self.signed and text.startswith(("-", "\u2212")) else ""
        text = digits(re.sub(r"^(€|EUR)\s*|\s*(€|EUR)$", "", text.removeprefix(sign)))
        if _NEGATIVE.match(text):
            raise ValueError(
                _("“%(value)s” is negative; an amount is zero or more. Correct the entry itself.")
                % {"value": cut(value)}
            )
        if not _MONEY.match(text):
            raise ValueError(
                _("“%(value)s” is not an amount. Write EUR with at most two decimals: 1234.50.")
                % {"value": cut(value)}
            )
        amount = decimal.Decimal(text.replace(",", ".")).quantize(decimal.Decimal("0.01"))
        return -amount if sign else amount

    def render(self, value: object, obj: object = None, **kwargs: object) -> object:
        return value


class DecimalWidget(Widget):
    """A measured number of any unit: 12.5, 12,5 or 20 %; at most three decimals."""

    longest = NUMBER

    def clean(self, value: Cell, row: object = None, **kwargs: object) -> decimal.Decimal | None:
        text = digits(value, percent=True)
        if not text:
            return None
        text = digits(text.removesuffix("%").strip())
        if not _DECIMAL.match(text):
            raise ValueError(
                _("“%(value)s” is not a number with at most three decimals, as 12.5.")
                % {"value": cut(value)}
            )
        number = text.replace(",", ".").replace("\u2212", "-")
        return decimal.Decimal(number).quantize(decimal.Decimal("0.001"))

    def render(self, value: object, obj: object = None, **kwargs: object) -> str | None:
        return plain_number(value) if isinstance(value, decimal.Decimal) else None


class DateWidget(Widget):
    """A day, month or year; the column's own field reads the text and checks it."""

    longest = NUMBER

    def clean(self, value: Cell | dt.date, row: object = None, **kwargs: object) -> str:
        if value is None:
            return ""
        text = counted(value) if isinstance(value, Number) else checked_text(str(value))
        if midnight := _MIDNIGHT.match(text):
            return midnight[1]
        if _TIMED.match(text):
            raise ValueError(
                _("“%(value)s” has a time of day; a day is meant: %(day)s.")
                % {"value": cut(text), "day": text[:10]}
            )
        if _SLASHED.match(text):
            raise ValueError(
                _("“%(value)s” can be read in two ways. Write the day as 31.12.2026 or 2026-12-31.")
                % {"value": cut(text)}
            )
        if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
            raise ValueError(
                _(
                    "“%(value)s” is how a spreadsheet counts days inside. Format the cell as a "
                    "date, or write 31.12.2026."
                )
                % {"value": cut(text)}
            )
        return text

    def render(self, value: object, obj: object = None, **kwargs: object) -> str:
        return "" if value is None else str(value)


class BooleanWidget(Widget):
    def clean(self, value: Cell, row: object = None, **kwargs: object) -> bool:
        if isinstance(value, bool):
            return value
        text = (
            counted(value)
            if isinstance(value, Number)
            else checked_text(str(value or "")).casefold()
        )
        if text not in _YES | _NO:
            raise ValueError(
                _("“%(value)s” is neither yes nor no. Write yes or no (jā, nē).")
                % {"value": cut(text)}
            )
        return text in _YES

    def render(self, value: object, obj: object = None, **kwargs: object) -> str:
        return "yes" if value else "no"


def _meant(known: Mapping[str, str | Promise]) -> dict[str, str]:
    """Each code by its own name and by its labels in every language, unless two share a label."""
    by_name: dict[str, str] = {}
    doubled: set[str] = set()
    for language in ("en", "lv"):
        with translation.override(language):
            for code, label in known.items():
                said = str(label).casefold()
                for name in (said, said.removesuffix(f" ({code.casefold()})")):
                    if by_name.setdefault(name, code) != code:
                        doubled.add(name)
    kept = {name: code for name, code in by_name.items() if name not in doubled}
    return kept | {code.casefold(): code for code in known}


class ChoiceWidget(Widget):
    """A coded value, or its label in any language; several, comma-separated, when `many`."""

    def __init__(self, known: Mapping[str, str | Promise], *, many: bool = False) -> None:
        super().__init__()
        self.known, self.many = known, many
        self._by_name: dict[str, str] | None = None

    def clean(self, value: Cell, row: object = None, **kwargs: object) -> str | list[str]:
        text = as_text(value)
        parts = [part.strip() for part in text.split(",") if part.strip()] if self.many else [text]
        if self._by_name is None:
            self._by_name = _meant(self.known)
        codes = []
        for part in parts:
            code = part if part in self.known else self._by_name.get(part.casefold())
            if code is None:
                raise ValueError(
                    _("“%(value)s” is not known. Known: %(known)s.")
                    % {"value": cut(part), "known": ", ".join(self.known)}
                )
            codes.append(code)
        return list(dict.fromkeys(codes)) if self.many else codes[0]

    def render(self, value: object, obj: object = None, **kwargs: object) -> str:
        return ",".join(value) if isinstance(value, list) else str(value or "")


def one_line(field: models.Field[object, object]) -> bool:
    """Whether a text column holds one line: titles and names do, notes do not."""
    return not has_lines(field)
