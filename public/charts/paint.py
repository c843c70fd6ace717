"""How marks of charts are painted on paper, as attributes of SVG that need no style sheet. Pure.

Pages in the dark and in forced colours say otherwise (`static/public/public.css`).
Neighbouring marks differ in more than their colour: each has an edge, and a rung its shape.
"""

from __future__ import annotations

PAPER, INK, SOFT, RULE = "#ffffff", "#18202f", "#4b5669", "#d3d9e4"
BLUE, DEEP, PALE, GREY = "#003399", "#001d5c", "#dbe3f1", "#66738a"
AMBER, RED = "#a86100", "#b3261e"

Attributes = dict[str, str]


def _area(fill: str, edge: str = "") -> Attributes:
    return {"fill": fill} | ({"stroke": edge} if edge else {})


def _line(colour: str, width: int, dashes: str = "") -> Attributes:
    line = {"stroke": colour} | ({"stroke-width": str(width)} if width > 1 else {})
    return line | ({"stroke-dasharray": dashes} if dashes else {})


def _text(colour: str) -> Attributes:
    return {"fill": colour}


# Around letters that stand across lines.
_HALO = {
    "stroke": PAPER, "stroke-width": "4", "stroke-linejoin": "round", "paint-order": "stroke",
}  # fmt: skip
SANS = "system-ui, Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif"
SERIF = "Charter, Cambria, Noto Serif, Liberation Serif, serif"
PAINT: dict[str, Attributes] = {
    "planned": _area("#f2f5fb", GREY),
    "in_progress": _area("#c3d3f0", "#4a6aa8"),
    "delivered": _area("#5a83cf"),
    "documented": _area("#2b59b0"),
    "accepted": _area(BLUE),
    "confirmed": _area(DEEP),
    "partially_delivered": _area(AMBER),
    "not_delivered": _area(RED),
    "plan": _area(PALE, GREY),
    "time": _area(GREY),
    "spent": _area(BLUE),
    "spread": _area("#9db6e6", BLUE),
    "stated": _area(BLUE),
    "unstated": _area("#bac3d2", GREY),
    "first": _area(GREY),
    "clock-time": _area(GREY),
    "clock-results": _area(BLUE),
    "clock-days": _area("#2b59b0"),
    "clock-money": _area(DEEP),
    "line-original": _line(GREY, 2, "6 4"),
    "line-current": _line(GREY, 2),
    "line-delivered": _line("#5a83cf", 3),
    "line-accepted": _line(DEEP, 4),
    "end": _area(INK),
    "tick": _line(INK, 2),
    "goal": _line(INK, 3),
    "halo": _line(PAPER, 7),
    "mark": _line(AMBER, 3),
    "half": _line("#9aa6ba", 1),
    "rule": _line(RULE, 1),
    "axis": _line(INK, 1),
    "ink": _text(INK),
    "soft": _text(SOFT),
    "label": _text(INK) | _HALO,
    "paper": {"fill": PAPER},
    "heading": {"fill": INK, "font-size": "22", "font-weight": "600", "font-family": SERIF},
    "words": {"font-size": "13", "font-family": SANS},
}
# The shape of a rung on its own colour; white on all that are not here.
ON = {"planned": GREY, "in_progress": DEEP}


def on(key: str) -> str:
    """The colour of a shape on a mark."""
    return ON.get(key, PAPER)
