"""Geometry of the charts: places and widths as per cent, no colours, no words. Pure.

Values are text with a decimal point, ready for an SVG attribute in any language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from releases.published import BEGUN, Rung, at_least

# Up to this many units on the common scale, each result is a cell of its own.
CELLS = 30
# Up to this many quarters each is named; of more, the years.
NAMED = 10
# Between the parts of a bar, and from where on one has room for its shape; of a hundred.
GAP, SIGNED = 0.5, 4.0

# Outlines in a field of 16 × 16: the shape tells what the colour tells.
_DISC = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z"
_RING = _DISC + "m0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z"
_CROSS = "M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z"
SHAPES = {
    "planned": _RING,
    "in_progress": _RING + "M8 4a4 4 0 0 1 0 8z",
    "delivered": _DISC,
    "documented": "M3 1h7l4 4v10H3zm6 1.5V6h3.5zM5 8v1.5h7V8zm0 3v1.5h7V11z",
    "accepted": "M1.5 8.6 3 7.1l3.3 3.3L13 3l1.6 1.4-8.2 9.2z",
    "confirmed": "M8 .8l2.2 4.7 5 .6-3.7 3.5 1 5.1L8 12.2l-4.5 2.5 1-5.1L.8 6.1l5-.6z",
    "partially_delivered": _RING + "M4 8h8a4 4 0 0 1-8 0z",
    "not_delivered": _CROSS,
    "dropped": "M2 6.8h12v2.4H2z",
    "running": "M3.5 2 14 8 3.5 14z",
    "concluded": "M2.5 2.5h11v11h-11z",
    "suspended": "M3 2h4v12H3zm6 0h4v12H9z",
    "cancelled": _CROSS,
    "late": "M8 1 15.5 14.5H.5zM7.2 6v4h1.6V6zm0 5.2v1.6h1.6v-1.6z",
    "soon": "M8 1.5 14.5 8 8 14.5 1.5 8z",
}

# From the left of a bar: what is surest first.
ORDER = (
    *reversed(at_least(Rung.DELIVERED)), Rung.PARTIALLY_DELIVERED, *reversed(BEGUN),
    Rung.NOT_DELIVERED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle on a bar: the class that paints it, where it begins, how wide it is."""

    key: str
    x: str
    width: str
    middle: str = ""  # where its shape is drawn; "" where it has none, or no room for it


@dataclass(frozen=True, slots=True)
class Upright:
    """A rectangle that stands on the foot of the field, from the top left."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Money:
    """Spent on a scale that ends at the plan, or beyond it where more was spent."""

    spent: Mark
    spread: Mark | None
    plan: str
    over: bool = False  # more was spent than planned


@dataclass(frozen=True, slots=True)
class Months:
    """How far time has come: month `now` of `whole`; beyond the end `now` is larger."""

    now: int
    whole: int
    width: str


def _per_cent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "0%"


def share(percent: str) -> str:
    """The width of a share on a scale that ends at 100 per cent."""
    return f"{min(max(float(percent), 0.0), 100.0):.2f}%"


def place(number: float | None, low: float, high: float) -> str:
    """Where a number lies on a scale; "" where there is none, or no scale."""
    return "" if number is None or high <= low else _per_cent(number - low, high - low)


def span(first: dt.date, last: dt.date, start: dt.date, end: dt.date) -> Mark:
    """Where the days from `start` to `end` lie on a line from `first` to `last`, all included."""
    whole = (last - first).days + 1
    return Mark(
        "span", _per_cent((start - first).days, whole), _per_cent((end - start).days + 1, whole)
    )


def steps(
    first: dt.date, last: dt.date, growth: Iterable[tuple[dt.date, int]], whole: int, until: dt.date
) -> str:
    """The path of a number that grows on days, in a field of 1000 by 100 that ends at `whole`.

    It begins at zero and ends with `until`; a day before the field is its left edge.
    """

    def across(day: dt.date) -> str:
        part = ((day - first).days + 1) / ((last - first).days + 1)
        return f"{1000 * min(max(part, 0.0), 1.0):.1f}"

    path = "M0 100"
    for day, number in growth:
        if day <= until:
            path += f"H{across(day)}V{100 - 100 * number / (whole or 1):.2f}"
    return f"{path}H{across(until)}"


def upright(middle: float, width: float, part: float) -> Upright:
    """Around its middle; `part` of the field is its height, nothing where it is below zero."""
    height = 100 * max(part, 0.0)
    places = (middle - width / 2, 100 - height, width, height)
    return Upright(*(f"{place:.2f}%" for place in places))


def rules(top: float) -> list[tuple[int, str]]:
    """Round numbers from zero to `top`, five at most above it, each with its place below the top
    of the field as per cent."""
    step = next(
        nice * 10**power for power in range(16) for nice in (1, 2, 5) if nice * 10**power * 5 >= top
    )
    return [(n, _per_cent(top - n, top)) for n in range(0, int(top) + 1, step)]


def scaled(path: str, across: int, down: int) -> str:
    """A path of `steps` in a field of other size than 1000 by 100."""
    sides = {"H": across / 1000, "V": down / 100}
    return re.sub(
        r"([HV])([\d.]+)",
        lambda part: f"{part[1]}{float(part[2]) * sides[part[1]]:.1f}",
        path.replace("M0 100", f"M0 {down}"),
    )


def thinned(names: list[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most so many of the names below an axis, as far from each other."""
    return names[:: -(-len(names) // most)] if names else names


def named(quarters: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The names below an axis, each with its place: of many quarters the years, at their first."""
    each = list(quarters)
    if len(each) <= NAMED:
        return each
    return [(name[:4], x) for name, x in each if name.endswith("Q1")]


def apart(places: Iterable[float], gap: float) -> list[float]:
    """Places of labels from 0 to 100 that are `gap` apart, as near to `places` as they can be; in
    their order, the later of two that are alike below."""
    ordered = sorted(enumerate(places), key=lambda pair: pair[1])
    moved: dict[int, float] = {}
    below = -gap
    for at, place in ordered:
        below = moved[at] = max(place, below + gap)
    above = 100 + gap
    for at, _place in reversed(ordered):
        above = moved[at] = min(moved[at], above - gap)
    return [moved[at] for at in sorted(moved)]


def bar(parts: Iterable[tuple[str, int]], scale: int) -> list[Mark]:
    """Parts one after another on a scale shared by all bars of a chart."""
    marks, at = [], 0
    for key, count in parts:
        step = 1 if scale <= CELLS else count
        share = 100 * step / (scale or 1)
        width = max(share - GAP, share / 2)
        signed = key in SHAPES and share >= SIGNED
        for begin in range(at, at + count, step or 1):
            start = 100 * begin / scale
            middle = f"{start + width / 2:.2f}%" if signed else ""
            marks.append(Mark(key, f"{start:.2f}%", f"{width:.2f}%", middle))
        at += count
    return marks


def rungs(by_rung: dict[str, int], scale: int) -> list[Mark]:
    """Results by rung, the highest first; dropped ones are not in the plan and not drawn."""
    return bar(((rung, by_rung.get(rung, 0)) for rung in ORDER), scale)


def money(percent: str, low: str | None, high: str | None, *, over: bool = False) -> Money:
    """A bar of absorption; `low` and `high` bound it where the amounts are rounded."""
    value, bottom, top = (float(part or percent) for part in (percent, low, high))
    scale = max(100.0, value, top)
    spread = Mark("spread", _per_cent(bottom, scale), _per_cent(top - bottom, scale))
    return Money(
        Mark("spent", "0%", _per_cent(value, scale)),
        spread if top > bottom else None,
        _per_cent(100, scale),
        over,
    )


def months(start: dt.date, end: dt.date, on: dt.date) -> Months:
    """Months begun from the start to a day, and to the end. Expects start <= end."""

    def begun(day: dt.date) -> int:
        whole = (day.year - start.year) * 12 + day.month - start.month
        return max(0, whole + (day.day >= start.day))

    now, whole = begun(on), max(1, begun(end))
    return Months(now, whole, _per_cent(min(now, whole), whole))
