"""The page that shifts a chain of activities, or repeats one yearly."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.rows.unsaved import typed
from deliverables.fields.forms import choose_among
from deliverables.plan import chains
from deliverables.plan.models import Activity, PlannedActivity, WorkPlan
from exchange.forms import TypedWhole
from steps.pages import Page

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

    def __init__(self, plan: WorkPlan, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"unit": "7"})
        planned = Activity.objects.filter(planned__plan=plan).order_by("code_order")
        choose_among(self.fields["activity"], planned)


class ChainPage(Page):
    """POST with do=look shows, do=shift moves, do=repeat repeats."""

    name = "deliverables_workplan_shift"
    address = "<int:pk>/shift/"
    template = "admin/deliverables/shift.html"
    verb = gettext_lazy("Shift a chain, repeat yearly")

    def is_open(self) -> bool:
        return bool(self.owner.has_change_permission(self.request, self.row))

    def get_form(self) -> ChainForm:
        return ChainForm(self.row, typed(self.request))

    def get_title(self) -> str:
        return str(self.verb)

    def take(self) -> str:
        what, given = self.request.POST.get("do"), self.form.cleaned_data
        first, days, alone = given["activity"], _days(given), given["alone"]
        if what == "shift":
            moved = chains.shift(self.row, first, days, by=self.by, seen=self.seen, alone=alone)
            sentence = ngettext(
                "Moved: %(number)s activity.", "Moved: %(number)s activities.", moved
            )
            return sentence % {"number": moved}
        if what == "repeat":
            added = chains.repeat(self.row, first, by=self.by, seen=self.seen)
            return _("Added: %(codes)s.") % {"codes": ", ".join(row.code for row in added)}
        return ""

    def more(self) -> dict[str, object]:
        chosen = self.request.method == "POST" and self.form.is_valid()
        return {"moving": _moving(self.row, self.form.cleaned_data) if chosen else []}


class ChainAsked(TypedDict):
    """What the form asks for."""

    activity: Activity
    number: int | None
    unit: str
    alone: bool


def _days(given: ChainAsked) -> int:
    return int(given["number"] or 0) * int(given["unit"])


def _moving(plan: WorkPlan, given: ChainAsked) -> list[tuple[PlannedActivity, dt.date, dt.date]]:
    step = dt.timedelta(_days(given))
    if not step:
        return []
    lines = chains.chain(plan, given["activity"], alone=given["alone"])
    return [(line, line.from_on + step, line.to_on + step) for line in lines]
