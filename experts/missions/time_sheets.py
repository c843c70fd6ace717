"""The time sheet of a mission: for each expert the days that were worked and travelled."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused, as_seen
from experts.missions.models import ExpertDay, Mission
from experts.missions.models.day import SHEET_IS_CLOSED, DayKind
from experts.missions.status import TIMED, State
from experts.people.models import Expert

Days = dict[tuple[int, dt.date], str]  # (expert, day) -> kind of day


class SheetForm(forms.Form):
    """Two rows of ticks for each expert: days in the country, and days of travel."""

    def __init__(self, mission: Mission, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.mission = mission
        length = (mission.to_on - mission.from_on).days + 1
        days = [mission.from_on + dt.timedelta(n) for n in range(length)]
        known: dict[tuple[int, str], list[str]] = {}
        for row in mission.days.all():
            known.setdefault((row.expert_id, row.kind), []).append(row.on.isoformat())
        choices = [(day.isoformat(), f"{date_format(day, 'D')} {day}") for day in days]
        self.people = [row.expert for row in mission.experts.select_related("expert")]
        for expert in self.people:
            for kind in DayKind:
                self.fields[self._name(expert, kind)] = forms.MultipleChoiceField(
                    label=f"{expert.code}: {kind.label}",
                    choices=choices,
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                    initial=known.get((expert.pk, kind), []),
                )

    @staticmethod
    def _name(expert: Expert, kind: str) -> str:
        return f"{kind}-{expert.pk}"

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for expert in self.people:
            worked, travelled = (set(cleaned.get(self._name(expert, k), [])) for k in DayKind)
            for day in sorted(worked & travelled):
                self.add_error(
                    self._name(expert, DayKind.TRAVEL),
                    _("%(day)s is ticked twice. A day counts once: as work or as travel.")
                    % {"day": day},
                )
        return cleaned

    def days(self) -> Days:
        return {
            (expert.pk, dt.date.fromisoformat(day)): str(kind)
            for expert in self.people
            for kind in DayKind
            for day in self.cleaned_data[self._name(expert, kind)]
        }


def fill_in(mission: Mission, days: Days, *, by: User, seen: int | str) -> int:
    """Make the time sheet say exactly these days; how many it has. Raises Refused."""
    with acting(by.code, Through.ACTION, "time sheet"):
        row = as_seen(
            Mission.objects.all(),
            mission,
            seen,
            _("Somebody changed the mission after you opened this page. Read it again."),
        )
        if State(row.state) not in TIMED:
            raise Refused(str(SHEET_IS_CLOSED))
        there = {(day.expert_id, day.on): day for day in row.days.all()}
        for key in there.keys() - days.keys():
            there[key].delete()
        for key, kind in days.items():
            day = there.get(key) or ExpertDay(
                project=row.project, mission=row, expert_id=key[0], on=key[1]
            )
            day.kind = kind
            try:
                day.full_clean()
            except ValidationError as error:
                raise Refused(f"{day.expert.code}, {day.on}: {' '.join(error.messages)}") from None
            day.save()
    return len(days)
