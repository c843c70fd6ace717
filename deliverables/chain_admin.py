"""The page that shifts a chain of activities, or repeats one yearly."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit.refused import Refused
from deliverables import chains
from deliverables.models import Activity, WorkPlan
from exchange.forms import TypedWhole

UNITS = (("7", gettext_lazy("weeks")), ("1", gettext_lazy("days")))


class ChainForm(forms.Form):
    """Which activity, and by how much; only `activity` matters for a yearly repetition."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label=gettext_lazy("Activity"))
    number = TypedWhole(
        label=gettext_lazy("How many"), min_value=-3000, max_value=3000, required=False,
        help_text=gettext_lazy("-2 moves it two weeks earlier."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=gettext_lazy("Weeks or days"), choices=UNITS)
    alone = forms.BooleanField(label=gettext_lazy("Only its component"), required=False)

    def __init__(self, plan: WorkPlan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = Activity.objects.filter(planned__plan=plan).order_by("code_order")
        cast(forms.ModelChoiceField, self.fields["activity"]).queryset = planned  # type: ignore[type-arg]


def chain_page(request: HttpRequest, plan: WorkPlan, each_context: dict[str, Any]) -> HttpResponse:
    """POST with do=look shows, do=shift moves, do=repeat repeats."""
    form, told, moving = ChainForm(plan, request.POST or None, initial={"unit": "7"}), "", []
    if request.method == "POST" and form.is_valid():
        try:
            if done := _done(request, plan, form.cleaned_data):
                messages.success(request, done)
                return redirect("admin:deliverables_workplan_change", plan.pk)
        except Refused as refused:
            told = str(refused)
        moving = _moving(plan, form.cleaned_data)
    context = each_context | {
        "title": _("Shift a chain, repeat yearly"),
        "row": plan,
        "form": form,
        "told": told,
        "moving": moving,
        "back": reverse("admin:deliverables_workplan_change", args=[plan.pk]),
    }
    return TemplateResponse(request, "admin/deliverables/shift.html", context)


def _days(given: dict[str, Any]) -> int:
    return int(given["number"] or 0) * int(given["unit"])


def _done(request: HttpRequest, plan: WorkPlan, given: dict[str, Any]) -> str:
    """What was done, as a sentence; "" where it was only looked at."""
    by, seen = cast(User, request.user), request.POST.get("seen", "")
    what, first = request.POST.get("do"), given["activity"]
    if what == "shift":
        moved = chains.shift(plan, first, _days(given), by=by, seen=seen, alone=given["alone"])
        told = ngettext("Moved: %(number)s activity.", "Moved: %(number)s activities.", moved)
        return told % {"number": moved}
    if what == "repeat":
        made = chains.repeat(plan, first, by=by, seen=seen)
        return _("Added: %(codes)s.") % {"codes": ", ".join(row.code for row in made)}
    return ""


def _moving(plan: WorkPlan, given: dict[str, Any]) -> list[tuple[Any, dt.date, dt.date]]:
    step = dt.timedelta(_days(given))
    if not step:
        return []
    lines = chains.chain(plan, given["activity"], alone=given["alone"])
    return [(line, line.from_on + step, line.to_on + step) for line in lines]
