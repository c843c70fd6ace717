"""The title of each chart: what it shows, as a sentence in the active language. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from public import sentences
from public.charts.clocks import Clock
from public.charts.curve import Curve
from public.charts.spending import Spending
from public.rows import in_short
from releases.published import dates, numbers


def _lang() -> str:
    return get_language() or "en"


def clocks(drawn: Iterable[Clock]) -> str:
    """How results stand to time, where both are known; else each clock by itself."""
    by_key = {clock.key: clock.percent for clock in drawn}
    return schedule(by_key) or sentences.compared(
        (key, numbers.percent(share, _lang())) for key, share in by_key.items()
    )


def schedule(by_key: Mapping[str, str]) -> str:
    """How results stand to time; "" where one of both is not known."""
    if "time" not in by_key or "results" not in by_key:
        return ""
    points = round(float(by_key["results"]) - float(by_key["time"]), 1)
    shown = {"points": numbers.decimal(f"{abs(points):g}", _lang())}
    if points == 0:
        return _("Results are level with the schedule.")
    if points > 0:
        return _("Results are %(points)s percentage points ahead of schedule.") % shown
    return _("Results are %(points)s percentage points behind schedule.") % shown


def components(parts: Iterable[Mapping[str, Any]]) -> str:
    """How many results are left, and the component with most of them, where one has; "" where
    nothing is planned."""
    left = [(part["count"]["whole"] - part["count"]["delivered"], part["row"]) for part in parts]
    whole = sum(part["count"]["whole"] for part in parts)
    total = sum(number for number, _row in left)
    if not whole:
        return ""
    if not total:
        return _("Every result is reported delivered.")
    first, *others = sorted(left, key=lambda pair: -pair[0])
    told = ngettext(
        "%(left)s of %(whole)s results is not reported delivered.",
        "%(left)s of %(whole)s results are not reported delivered.",
        total,
    ) % {"left": numbers.whole(total, _lang()), "whole": numbers.whole(whole, _lang())}
    if not others or not 0 < others[0][0] < first[0]:
        return told
    most = _("%(component)s has the most of them: %(n)s.") % {
        "n": numbers.whole(first[0], _lang()),
        "component": in_short(first[1]),
    }
    return f"{told} {most}"


def results(curve: Curve, on: dt.date) -> str:
    """How many were delivered by the day of reading, beside how many were due."""
    if curve.first_plan:
        text = ngettext(
            "By %(day)s, %(done)s of %(whole)s result was delivered; %(due)s was due by the first "
            "plan.",
            "By %(day)s, %(done)s of %(whole)s results were delivered; %(due)s were due by the "
            "first plan.",
            curve.whole,
        )
    else:
        text = ngettext(
            "By %(day)s, %(done)s of %(whole)s result was delivered; %(due)s was due by the plan "
            "now.",
            "By %(day)s, %(done)s of %(whole)s results were delivered; %(due)s were due by the "
            "plan now.",
            curve.whole,
        )
    counts = {"done": curve.done, "whole": curve.whole, "due": curve.due}
    shown = {name: numbers.whole(count, _lang()) for name, count in counts.items()}
    return text % {"day": dates.shown(on.isoformat(), _lang()), **shown}


def spending(drawn: Spending) -> str:
    """The quarter with the most spent, and how many went beyond what was planned for them."""
    if not drawn.most:
        return _("Nothing is spent yet.")
    told = _("Most was spent in %(quarter)s: %(amount)s.") % {
        "quarter": dates.quarter(drawn.most, _lang()),
        "amount": numbers.money(drawn.spent, _lang()),
    }
    if not drawn.over:
        return told
    over = ngettext(
        "In %(n)s quarter more was spent than was planned for it.",
        "In %(n)s quarters more was spent than was planned for them.",
        drawn.over,
    ) % {"n": numbers.whole(drawn.over, _lang())}
    return f"{told} {over}"
