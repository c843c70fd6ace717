"""What a spreadsheet shows of a number, told from the format of its cell. Pure.

The codes of formats are those of ECMA-376 part 1, 18.8.30 and 18.8.31. A cell is judged by what
the person who filled it in sees: `mmm-yy` shows a month, `0%` a per cent, `000000` zeros.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

LONGEST = 255  # characters of a code that a spreadsheet takes
EXACT = 15  # digits of a number that a spreadsheet keeps
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<scientific>E[+-])|(?P<half>AM/PM|A/P)|(?P<date>y+|m+|d+|h+|s+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_EURO = {"€", "eur", "euro", "eiro"}
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "d/m/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "d/m/yyyy h:mm",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 43: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys((5, 6, 42), '"$"#,##0'), **dict.fromkeys((7, 8, 44), '"$"#,##0.00'),
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "d/m/yyyy"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`parts` of a date that are shown ("ymdt"), or how a number is; `words` stand around it."""

    parts: str = ""
    is_general: bool = False
    percent: bool = False
    scaled: bool = False
    grouped: bool = False
    hidden: bool = False
    hides_minus: bool = False
    hides_zero: bool = False
    zeros: int = 1
    decimals: int = 0
    words: str = ""

    def hides(self, number: float) -> bool:
        """Whether a cell of this format shows nothing of the number, and yet shows others."""
        return self.hides_minus if number < 0 else self.hides_zero and not number

    @property
    def has_sign(self) -> bool:
        """Whether a sign of money stands beside it that is not the euro's, or a code of money."""
        signs = any(unicodedata.category(letter) == "Sc" for letter in self.words)
        return self.is_foreign and (signs or re.fullmatch("[A-Z]{3}", self.words) is not None)

    @property
    def is_foreign(self) -> bool:
        """Whether words stand around it that are not the euro."""
        return bool(self.words) and self.words.casefold() not in _EURO


GENERAL = NumberFormat(is_general=True)


@lru_cache(maxsize=512)
def parsed(code: str) -> NumberFormat:
    """The format of a code of at most LONGEST characters: of its first part, that for positive
    numbers, and whether the others show anything."""
    tokens, *others = _sections(code)
    if not code.strip() or any(kind == "general" for kind, _text in tokens):
        return GENERAL
    parts = _parts(tokens)
    if parts:
        return NumberFormat(parts=parts)
    shape = "".join(text for kind, text in tokens if kind in ("other", "scientific"))
    if shape.strip() == "@":
        return GENERAL
    digits = re.sub(r"[^0#?.,]", "", shape)
    whole, _point, rest = digits.partition(".")
    words = "".join(_word(kind, text) for kind, text in tokens).strip(" \u00a0().,:/+-–—")
    return NumberFormat(
        percent="%" in shape,
        scaled=whole.endswith(",") or rest.endswith(",") or "scientific" in dict(tokens),
        grouped="," in whole.rstrip(","),
        hidden=not digits and not words and "%" not in shape,
        hides_minus=others[:1] == [[]],
        hides_zero=others[1:2] == [[]],
        zeros=whole.replace(",", "").count("0"),
        decimals=len(rest.rstrip(",")),
        words=words,
    )


def _sections(code: str) -> list[list[tuple[str, str]]]:
    """Its parts, for positive and negative numbers, zero and text: their words with their kinds."""
    sections: list[list[tuple[str, str]]] = [[]]
    for token in _TOKEN.finditer(code):
        kind = token.lastgroup or ""
        text = token[kind] if kind else ""
        if text == ";" and kind == "other":
            sections.append([])
        else:
            sections[-1].append((kind, text))
    return sections


def _word(kind: str, text: str) -> str:
    """What stands around a number as it is: [$kr-414] is kr."""
    if kind == "bracket":
        return text[1:].partition("-")[0] if text.startswith("$") else ""
    if kind == "other":
        return "" if text in "0#?.,@%" else text
    return text if kind in ("quoted", "escaped") else ""


def _parts(tokens: list[tuple[str, str]]) -> str:
    """Which of year, month, day and time are shown; m beside h or s is a minute."""
    parts, last = "", ""
    dates = [text.lower() for kind, text in tokens if kind == "date"]
    if any(kind == "half" or (kind == "bracket" and _ELAPSED.fullmatch(text))
           for kind, text in tokens):  # fmt: skip
        return "t" + ("ymd" if "y" in "".join(dates) else "")
    for text, after in zip(dates, [*dates[1:], ""], strict=False):
        is_minute = text in ("m", "mm") and (last == "h" or after[:1] == "s")
        if text[0] in "hs" or is_minute:
            parts += "t"
        elif text[0] == "d" and len(text) > 2:
            parts += "w"
        else:
            parts += text[0]
        last = text[0]
    return parts


class Number(str):
    """A number that a spreadsheet typed as one, as it stands in the file, with its format."""

    form = GENERAL

    @classmethod
    def of(cls, text: str, form: NumberFormat) -> Number:
        number = cls(text)
        number.form = form
        return number

    def plain(self) -> str:
        """Without the noise of binary fractions: 1234.4999999999998 is 1234.5."""
        return f"{Decimal(f'{float(self):.{EXACT}g}'):f}"

    @property
    def is_exact(self) -> bool:
        """Whether a spreadsheet keeps all its digits."""
        return abs(float(self)) < 1e15

    @property
    def is_plain(self) -> bool:
        """Whether the number means what it looks like, but for zeros and groups."""
        form = self.form
        other = form.percent or form.scaled or form.hidden or form.has_sign
        return not (other or form.parts)

    def shown(self) -> str:
        """What the cell shows, near enough to be recognised."""
        form, number = self.form, Decimal(self.plain())
        if form.is_general or form.parts or form.scaled:
            return self.plain()
        if form.hidden:
            return ""
        number *= 100 if form.percent else 1
        text = f"{abs(number):{',' if form.grouped else ''}.{form.decimals}f}"
        whole, point, rest = text.partition(".")
        text = ("-" if number < 0 else "") + whole.rjust(form.zeros, "0") + point + rest
        return text + ("%" if form.percent else "") + (f" {form.words}" if form.words else "")


class Day(str):
    """A day, month, year or moment that a spreadsheet typed as one: as much of it as is shown."""

    @classmethod
    def of(cls, moment: dt.datetime, form: NumberFormat) -> Day:
        day, parts = moment.date(), set(form.parts)
        if not parts or {"y", "m", "d"} <= parts:
            has_time = "t" in parts and moment.time() != dt.time()
            return cls(moment.isoformat(sep=" ") if has_time else day.isoformat())
        if {"y", "m"} <= parts:
            return cls(f"{day:%Y-%m}")
        if parts & {"y", "m", "d"}:
            return cls(f"{day:%Y}" if "y" in parts else f"{day.day}.{day.month}.")
        return cls(f"{moment:%H:%M}")


Cell: TypeAlias = str | bool | None  # of a file; a Number and a Day are texts, too
