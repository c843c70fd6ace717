"""What happened on a mission: the days of its experts, and its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.projects.changes import OWN, final_record, marked, notes_change, refused
from deliverables.projects.models.belonging import of_one_project
from experts.missions.models.mission import IN_MISSION, Mission, MissionExpert
from experts.missions.status import TIMED, MissionVerb, State
from experts.people.models import Expert


class DayKind(models.TextChoices):
    COUNTRY = "country", _("In the beneficiary country")
    TRAVEL = "travel", _("Travel")


SHEET_IS_CLOSED = _(
    "The time sheet is filled in from the day the host confirms until the report is handed in. "
    "Send the mission back first."
)


class ExpertDay(Checked):
    """One day of one expert on a mission, as the time sheet has it."""

    project = fields.project("+")
    mission = models.ForeignKey(
        Mission, verbose_name=_("mission"), on_delete=models.CASCADE, related_name="days"
    )
    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="days"
    )
    on = fields.DayField(_("day"))
    kind = models.CharField(
        _("kind of day"), max_length=10, choices=DayKind.choices, default=DayKind.COUNTRY
    )

    version = version()

    class Meta:
        verbose_name = _("expert-day")
        verbose_name_plural = _("expert-days")
        ordering: ClassVar = ["project", "mission__code_order", "expert__code_order", "on"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited({**IN_MISSION, "experts_expert": "{row}.expert_id"}),
            refused(
                "time_sheet_is_filled_in_before_the_report",
                "(SELECT state FROM experts_mission WHERE id = {row}.mission_id FOR SHARE) "
                "NOT IN ('confirmed', 'done')",
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                unless=marked("experts_mission", "{row}.mission_id"),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["expert", "on"],
                name="expertday_counts_an_expert_once_a_day",
                violation_error_message=_(
                    "This expert already has this day on a mission. A day counts once."
                ),
            ),
            fields.one_of("kind", DayKind, table="expertday"),
        ]

    def __str__(self) -> str:
        return f"{self.mission.code} · {self.expert.code} · {self.on}"

    def clean(self) -> None:
        if not self.mission_id:
            return
        if self.mission.state not in TIMED:
            raise ValidationError(SHEET_IS_CLOSED)
        of_one_project(self, "mission")
        if self.on and not self.mission.from_on <= self.on <= self.mission.to_on:
            raise ValidationError(
                {
                    "on": _(
                        "%(day)s is not a day of the mission, which lasts %(first)s to %(last)s."
                    )
                    % {"day": self.on, "first": self.mission.from_on, "last": self.mission.to_on}
                }
            )
        if self.on and self.on > timezone.localdate():
            problem = _("The date %(on)s has not come yet.") % {"on": self.on}
            raise ValidationError({"on": problem})
        if self.expert_id and not self.among("goes", (self.mission_id, self.expert_id)):
            raise ValidationError({"expert": _("This expert is not on the mission.")})

    @classmethod
    def facts(cls, rows: Sequence[ExpertDay]) -> dict[str, Callable[[], Iterable[object]]]:
        goers = MissionExpert.objects.filter(mission__in={row.mission_id for row in rows})
        return {"goes": lambda: goers.values_list("mission", "expert")}


class MissionStep(Checked):
    """One step of a mission: who moved it, from which state to which, when, and why."""

    project = fields.project("+")
    mission = models.ForeignKey(
        Mission, verbose_name=_("mission"), on_delete=models.PROTECT, related_name="steps"
    )
    verb = models.CharField(_("step"), max_length=10, choices=MissionVerb.choices)
    ends = models.CharField(_("to"), max_length=10, choices=State.choices)
    reason = fields.text(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of a mission")
        verbose_name_plural = _("steps of missions")
        ordering: ClassVar = ["mission", "pk"]
        triggers: ClassVar = [
            final_record("missionstep_is_final", of=marked("experts_mission", "OLD.mission_id")),
            Audited(IN_MISSION),
        ]
        constraints: ClassVar = [
            fields.one_of("verb", MissionVerb, table="missionstep"),
            fields.one_of("ends", State, table="missionstep"),
        ]

    def __str__(self) -> str:
        return f"{self.mission.code} {self.get_verb_display()}"
