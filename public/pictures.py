"""A chart as a file of its own, for slides: title, drawing, source, date and licence in one SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from textwrap import wrap
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from public import sentences
from public.charts import findings
from public.charts import geometry as charts
from public.charts.curve import Curve
from public.http.refusals import NotThere, quoted
from public.pages import budget, overview
from public.rows import name_of, printed, text_of
from releases.published import Reading, dates, numbers, words

# In pixels: lines of the heading and of other text, the field of a drawing, a row of bars, a key.
HEADING, LINE, FIELD, ROW, KEY = 28, 18, 260, 38, 28
TOP, AXIS, IN_A_ROW = 48, 40, 3
ACROSS, CURVE, QUARTERS = 830, 620, 7
# How wide pictures without lines of their own are, in pixels: one for a slide, one for a link.
SLIDE, SHARED = 1920, 1200
WIDEST = 80  # letters of a heading in a line
Lines = list[tuple[str, int]]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: rows of bars, or a drawing in a field, with what its marks mean."""

    finding: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    drawing: Mapping[str, object] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    unit: str = ""


def picture(reading: Reading, name: str, framed: Mapping[str, Any]) -> dict[str, Any]:
    """What the picture of a chart shows, and where; refuses a chart that the project has not."""
    drawn = _charts(reading)
    if name not in drawn:
        raise NotThere(
            _("%(project)s has no chart “%(asked)s”. Its charts are: %(known)s.")
            % {
                "project": name_of(reading.document["project"]),
                "asked": quoted(name),
                "known": ", ".join(f"{known}.svg" for known in drawn) or "–",
            }
        )
    chart = drawn[name]
    heading = _set(_balanced(chart.finding), TOP, HEADING)
    below = heading[-1][1] + LINE + 6
    topic = _set([" · ".join(filter(None, (_topic(name), chart.unit)))], below, LINE)
    top = below + 34
    depth = sum(row["height"] for row in chart.rows) or FIELD + AXIS
    keys = _keys(chart.keys, top + depth + 10)
    foot = _set(_foot(reading, framed), (keys[-1][3] if keys else top + depth) + 50, LINE)
    return {
        "finding": chart.finding,
        "heading": heading,
        "topic": topic,
        "top": top,
        "depth": depth if chart.rows else FIELD,
        "across": CURVE if name == "results" else ACROSS,
        "rows": chart.rows,
        "drawing": f"public/charts/_{name}.svg",
        **chart.drawing,
        "keys": keys,
        "shapes": charts.SHAPES,
        "foot": foot,
        "height": foot[-1][1] + 24,
    }


def headline(reading: Reading, framed: Mapping[str, Any]) -> dict[str, Any]:
    """What a shared link shows of a project: its verdict and the figures that are known."""
    project, page = reading.document["project"], overview.dashboard(reading)
    title = _set(wrap(text_of(project, "title"), 40)[:3], 130, 54)
    verdict = _set(wrap(page["verdict"], 54)[:2], title[-1][1] + 64, 42)
    top = verdict[-1][1] + 34
    return {
        "finding": f"{name_of(project)}: {page['verdict']}",
        "eyebrow": " · ".join(filter(None, (_("Register of EU Twinning projects"), *_is(reading)))),
        "title": title,
        "verdict": verdict,
        "rows": [{**row, "y": top + 48 * at} for at, row in enumerate(_measured(page))],
        "foot": f"{_edition(reading)} · {framed['canonical'].removesuffix('headline.png')}".strip(
            " ·"
        ),
    }


def _is(reading: Reading) -> list[str]:
    project = reading.document["project"]
    invented = _("Fictitious project.").rstrip(".") if project["fictitious"] else ""
    return [project["reference"], invented]


def _charts(reading: Reading) -> dict[str, Chart]:
    """Those that the project has, by the name in their address."""
    page, spent = overview.dashboard(reading), budget.by_quarter(reading.document)
    drawn = {}
    if len(page["clocks"]) > 1:
        drawn["clocks"] = _clocks(page)
    if page["findings"]["components"]:
        drawn["components"] = _components(page)
    if page["curve"]:
        drawn["results"] = Chart(page["findings"]["results"], drawing=_curve(page["curve"]))
    if spent:
        drawn["spending"] = Chart(
            findings.spending(spent),
            drawing={
                "spending": replace(spent, names=charts.thinned(spent.names, QUARTERS)),
            },
            keys=[("plan", _("Planned")), ("spent", _("Spent"))],
            unit=sentences.unit(spent.unit),
        )
    return drawn


def _topic(name: str) -> str:
    return str(sentences.NAMES["chart"][name])


def _clocks(page: Mapping[str, Any]) -> Chart:
    return Chart(page["finding"], _stacked(_measured(page)))


def _measured(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures that are known, each with its name and its share in words."""
    return [
        {
            "label": str(sentences.NAMES["clock"][clock.key]),
            "clock": clock,
            "value": numbers.percent(clock.percent, get_language() or "en"),
        }
        for clock in page["clocks"]
    ]


def _curve(drawn: Curve) -> dict[str, object]:
    """Its lines in pixels: not every program that shows pictures keeps their width in a field that
    is stretched."""
    paths = [(name, charts.scaled(path, CURVE, FIELD)) for name, path in drawn.paths]
    starts = charts.thinned(drawn.starts, QUARTERS)
    return {"curve": replace(drawn, paths=paths, starts=starts), "box": f"0 0 {CURVE} {FIELD}"}


def _components(page: Mapping[str, Any]) -> Chart:
    rows = [
        {
            "label": f"{printed(part['row'])} {text_of(part['row'], 'title')}".strip(),
            "marks": part["bar"],
            "value": sentences.delivered(part["count"]["delivered"], part["count"]["whole"]),
        }
        for part in page["components"]
    ]
    keys = [
        (rung, f"{words.label('deliverables', 'rung', rung)} {count}")
        for rung, count in page["legend"]
    ]
    return Chart(page["findings"]["components"], _stacked(rows), keys=keys)


def _stacked(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows one below another, each as high as its label has lines."""
    stacked, y = [], 0
    for row in rows:
        lines = _set(wrap(row["label"], 36), 15, LINE)
        height = ROW + (len(lines) - 1) * LINE
        stacked.append({**row, "lines": lines, "y": y, "height": height})
        y += height
    return stacked


def _keys(keys: list[Key], y: int) -> list[tuple[str, str, int, int]]:
    return [
        (key, text, 40 + 300 * (at % IN_A_ROW), y + KEY * (at // IN_A_ROW))
        for at, (key, text) in enumerate(keys)
    ]


def _foot(reading: Reading, framed: Mapping[str, Any]) -> list[str]:
    """Of which project, release and day it is, whence and on which terms."""
    project, lang = reading.document["project"], get_language() or "en"
    read_on = _("as of %(day)s") % {"day": dates.shown(reading.on.isoformat(), lang)}
    register, licence = _("Register of EU Twinning projects"), framed["terms"].licence
    lines = [
        _("Fictitious project.") if project["fictitious"] else "",
        reading.withdrawn,
        " · ".join(dict.fromkeys([project["reference"], text_of(project, "title")])).strip(" ·"),
        f"{_edition(reading)} · {read_on}",
        _("Source: %(source)s")
        % {"source": " · ".join(filter(None, (register, framed["canonical"])))},
        f"{_('Licence of the data:')} {licence.title}" if licence else "",
        f"* {text_of(project, 'footnote')}" if text_of(project, "footnote") else "",
    ]
    return [part for line in lines for part in wrap(line, 125)]


def _edition(reading: Reading) -> str:
    if not reading.made_at:
        return _("Live preview")
    made_on = timezone.localdate(reading.made_at).isoformat()
    return _("Release %(number)s of %(on)s") % {
        "number": reading.number,
        "on": dates.shown(made_on, get_language() or "en"),
    }


def _balanced(text: str) -> list[str]:
    """The heading on as few lines as it needs, all about as long."""
    fewest = len(wrap(text, WIDEST))
    return next(
        lines for width in range(20, WIDEST + 1) if len(lines := wrap(text, width)) == fewest
    )


def _set(lines: list[str], y: int, step: int) -> Lines:
    return [(line, y + at * step) for at, line in enumerate(lines)]
