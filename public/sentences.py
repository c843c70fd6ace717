"""Words and sentences of the public pages that depend on several things. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from releases.published import ResultTotals, Rung, Timing

NAMES = {
    "clock": {
        "time": gettext_lazy("Time"),
        "results": gettext_lazy("Results"),
        "days": gettext_lazy("Expert-days"),
        "money": gettext_lazy("Money"),
    },
    "curve": {
        "original": gettext_lazy("Due by the original plan"),
        "current": gettext_lazy("Due by the current plan"),
        "delivered": gettext_lazy("Delivered"),
        "accepted": gettext_lazy("Accepted by the beneficiary"),
    },
    "breakdown": {
        "heading": gettext_lazy("Budget by heading"),
        "component": gettext_lazy("Budget by component"),
        "partner": gettext_lazy("Budget by partner"),
        "quarter": gettext_lazy("Budget by quarter"),
    },
    "chart": {
        "clocks": gettext_lazy("Progress"),
        "components": gettext_lazy("Results of each component by rung"),
        "results": gettext_lazy("Results over time"),
        "spending": gettext_lazy("Budget by quarter"),
    },
    "by": {
        "heading": gettext_lazy("By heading"),
        "component": gettext_lazy("By component"),
        "partner": gettext_lazy("By partner"),
        "quarter": gettext_lazy("By quarter"),
    },
    "side": {
        "heading": gettext_lazy("Heading"),
        "component": gettext_lazy("Component"),
        "partner": gettext_lazy("Partner"),
        "quarter": gettext_lazy("Quarter"),
    },
}


def verdict(status: str, results: ResultTotals, late: int | None) -> str:
    """A project in a sentence: “Behind plan: 6 of 13 results accepted, 1 overdue.”

    `late`: how many results are overdue; None where no due date is known. What only a publication
    tells is never accepted.
    """
    begins = {
        "planned": _("Not begun"),
        "running": _("Running") if late is None else _("Behind plan") if late else _("On plan"),
        "suspended": _("Suspended"),
        "concluded": _("Concluded"),
        "cancelled": _("Cancelled"),
    }
    parts = [_how_many(results)] if results["whole"] else []
    if late is not None and status in ("running", "suspended"):
        overdue = ngettext("%(n)s overdue", "%(n)s overdue", late) % {"n": late}
        parts.append(overdue if late else _("none overdue"))
    return f"{begins[status]}: {', '.join(parts)}." if parts else f"{begins[status]}."


def _how_many(results: ResultTotals) -> str:
    done, whole = results["accepted"], results["whole"]
    text = ngettext(
        "%(n)s of %(whole)s result accepted", "%(n)s of %(whole)s results accepted", whole
    )
    if results["basis"] == "published":
        done = results["delivered"]
        text = ngettext(
            "%(n)s of %(whole)s main result reported delivered",
            "%(n)s of %(whole)s main results reported delivered",
            whole,
        )
    return text % {"n": done, "whole": whole}


def in_time(timing: Timing, rung: str) -> str:
    """Whether a result is or was in time; "" where only a missing date can be told."""
    days = abs(timing.days_current or 0)
    match timing.state:
        case "late" if rung == Rung.PARTIALLY_DELIVERED:
            text = ngettext("the rest is %(days)s day late", "the rest is %(days)s days late", days)
        case "late":
            text = ngettext("%(days)s day late", "%(days)s days late", days)
        case "done_late":
            text = ngettext("delivered %(days)s day late", "delivered %(days)s days late", days)
        case "open" if days:
            text = ngettext("due in %(days)s day", "due in %(days)s days", days)
        case "open":
            return _("due today")
        case "on_time":
            return _("on time")
        case _state:
            return ""
    return text % {"days": days}


def after_the_first_plan(timing: Timing) -> str:
    """How late it is by the first plan, where that is not what `in_time` says."""
    days = timing.days_original
    if days is None or days <= 0 or days == timing.days_current:
        return ""
    text = ngettext(
        "%(days)s day after the original date", "%(days)s days after the original date", days
    )
    return text % {"days": days}


def compared(shares: Iterable[tuple[str, str]]) -> str:
    """Clocks of one day in a sentence, each a key and its share as it is written: “61.7 % of the
    time has passed, 46.2 % of the results are accepted.”"""
    texts = {
        "time": _("%(share)s of the time has passed"),
        "results": _("%(share)s of the results are accepted"),
        "days": _("%(share)s of the expert-days are delivered"),
        "money": _("%(share)s of the money is spent"),
    }
    sentence = ", ".join(texts[key] % {"share": share} for key, share in shares)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def unit(of: int) -> str:
    """What 1 on a scale of money is: 1 or 1000 EUR."""
    return _("Thousand EUR") if of == 1000 else "EUR"


def delivered(part: int, whole: int) -> str:
    return _("%(n)s of %(whole)s delivered") % {"n": part, "whole": whole}
