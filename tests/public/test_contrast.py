"""What can be told from what: contrast by WCAG 2.2 (1.4.3, 1.4.11), in the light and in the dark.

Colours are read from the style sheet and from how charts are painted.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

from public.charts import geometry as charts
from public.charts import paint

CSS = Path(settings.BASE_DIR, "static/public/public.css").read_text(encoding="utf-8")
DARK = CSS.split("(prefers-color-scheme: dark) {")[1].split("\n}\n")[0]
TEXT, GRAPHIC = 4.5, 3.0
Colours = dict[str, str]
PAINTS = dict[str, Colours]

READ = [
    *(("ink", on) for on in ("paper", "wash", "preview", "invented", "at", "marked")),
    *(("soft", on) for on in ("paper", "wash")),
    *(("blue", on) for on in ("paper", "wash", "preview", "at")),
    *(("on-blue", on) for on in ("blue", "deep")),
]
SEEN = [
    *("grey", "dim", "amber", "red", "green", "blue", "deep"),
    *("in-progress", "delivered", "documented"),
]
# What is only there to lead the eye.
DECORATION = {"rule", "half", "halo", "paper"}


def tokens(sheet: str) -> Colours:
    root = sheet.split(":root {")[1].split("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", root))


def painted_in_the_dark() -> PAINTS:
    """The marks as they are painted on paper, with what the style sheet says otherwise."""
    paints = {key: dict(attributes) for key, attributes in paint.PAINT.items()}
    for selectors, rules in re.findall(r"(svg [^{}]*)\{([^{}]*)\}", DARK):
        for key in re.findall(r"\.s-([\w-]+)", selectors):
            paints[key] |= dict(re.findall(r"(fill|stroke): (#[0-9a-f]{3,6})", rules))
    return paints


SCHEMES: dict[str, tuple[Colours, PAINTS]] = {
    "light": (tokens(CSS), {key: dict(value) for key, value in paint.PAINT.items()}),
    "dark": (tokens(CSS) | tokens(DARK), painted_in_the_dark()),
}
schemes = pytest.mark.parametrize("scheme", SCHEMES)


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_that_of_the_recommendation() -> None:
    assert round(contrast("#000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#fff"), 2) == 4.48


@schemes
def test_every_text_can_be_read_and_every_shape_be_seen(scheme: str) -> None:
    colours, _paints = SCHEMES[scheme]
    pairs = [(one, on, TEXT) for one, on in READ] + [(one, "paper", GRAPHIC) for one in SEEN]
    faint = {
        (one, on): round(ratio, 2)
        for one, on, least in pairs
        if (ratio := contrast(colours[one], colours[on])) < least
    }
    assert faint == {}


@schemes
def test_every_mark_of_a_chart_stands_out_by_its_colour_or_its_edge(scheme: str) -> None:
    colours, paints = SCHEMES[scheme]
    paper = colours["paper"]
    faint = {}
    for key, attributes in paints.items():
        least = TEXT if key in ("ink", "soft", "label", "heading") else GRAPHIC
        of = [attributes[name] for name in ("fill", "stroke") if name in attributes]
        best = max((contrast(colour, paper) for colour in of), default=least)
        if key not in DECORATION | {"words", "heading"} and best < least:
            faint[key] = round(best, 2)
    assert faint == {}


@schemes
def test_a_bar_stands_out_from_what_is_planned_and_the_time_from_its_halo(scheme: str) -> None:
    _colours, paints = SCHEMES[scheme]
    planned = paints["plan"]["fill"]
    for key in ("clock-time", "clock-results", "clock-days", "clock-money", "spent", "time"):
        assert contrast(paints[key]["fill"], planned) >= GRAPHIC, key
    assert contrast(paints["mark"]["stroke"], paints["halo"]["stroke"]) >= GRAPHIC


@schemes
def test_each_rung_has_a_shape_of_its_own_that_is_seen_on_its_colour(scheme: str) -> None:
    _colours, paints = SCHEMES[scheme]
    shapes = {key: paint.on(key) for key in paints}
    if scheme == "dark":
        (other,) = re.findall(r'svg \[class\^="on-"\] \{ fill: (#\w+)', DARK)
        some, colour = re.findall(r"svg :is\((\.on-[^)]*)\) \{ fill: (#\w+)", DARK)[0]
        own = dict.fromkeys(re.findall(r"\.on-(\w+)", some), colour)
        shapes = {key: own.get(key, other) for key in paints}
    for rung in charts.ORDER:
        assert contrast(shapes[rung], paints[rung]["fill"]) >= GRAPHIC, rung
    for first, second in combinations(charts.ORDER, 2):
        fills = paints[first]["fill"], paints[second]["fill"]
        assert contrast(*fills) >= GRAPHIC or charts.SHAPES[first] != charts.SHAPES[second]
