"""Missions: terms of reference, who goes when, the time sheet, and the papers that prove it.

An expert-day is an event with evidence, never a typed number: one row for one expert and one day,
so nobody is counted twice on a day, in whatever project.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, Whole, version
from deliverables.fields import columns as fields
from deliverables.plan.models import Activity
from deliverables.plan.models.activity import IN_ACTIVITY
from deliverables.projects.changes import IN_PROJECT, OWN, marked, notes_change, refused
from deliverables.projects.models.belonging import of_one_project
from exchange.tables import limits
from exchange.tables.folding import folded_column
from experts.missions.querysets import MissionQuerySet
from experts.missions.status import DELIVERED, State
from experts.people.models import Expert

PAPERS = ("report", "time_sheet", "boarding_passes", "attendance_list")
LONGEST = 92  # days: a mission of more than a quarter is an adviser's stay, not a mission
IN_MISSION = {
    **IN_PROJECT,
    "experts_mission": "{row}.mission_id",
    "deliverables_component": (
        "SELECT a.component_id FROM deliverables_activity a JOIN experts_mission m "
        "ON m.activity_id = a.id WHERE m.id = {row}.mission_id"
    ),
}


class Mission(Whole):
    """One journey of experts for an activity. Its state is moved by steps, never typed."""

    parts = ("experts", "days")

    project = fields.project("missions")
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="missions"
    )
    code = fields.code(help_text=_("As M14; the register numbers missions one after another."))
    state = fields.state(
        _("state"),
        State.DRAFT,
        help_text=_("It is moved by a step, not typed."),
    )
    terms_lv = fields.text(_("terms of reference in Latvian"))
    terms_en = fields.text(
        _("terms of reference in English"), help_text=_("What the experts are to do and to leave.")
    )
    place = models.CharField(_("place"), max_length=limits.NAME, blank=True, default="")
    from_on = fields.DayField(_("first day"))
    to_on = fields.DayField(_("last day"))
    report_on = fields.DayField(_("report received on"), null=True, blank=True)
    report = fields.evidence(_("report"))
    time_sheet = fields.evidence(_("time sheet"))
    boarding_passes = fields.evidence(_("boarding passes"))
    attendance_list = fields.evidence(_("attendance list"))
    papers_note = fields.text(
        _("why a paper is missing"),
        help_text=_("As “on-line, nobody travelled”. Else each paper that is missing is reported."),
    )
    code_order = fields.code_order()
    search_text = folded_column("code", "place", "terms_lv", "terms_en")

    version = version()

    # Present only on rows from with_days().
    days_planned: int
    days_used: int

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_ACTIVITY),
            refused(
                "mission_is_changed_as_a_draft",
                "OLD.state <> 'draft' AND NEW.state <> 'draft' AND (OLD.activity_id, OLD.from_on, "
                "OLD.to_on, OLD.terms_lv, OLD.terms_en) IS DISTINCT FROM (NEW.activity_id, "
                "NEW.from_on, NEW.to_on, NEW.terms_lv, NEW.terms_en)",
                pgtrigger.Update,
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "mission", _("This project already has a mission with this code.")
            ),
            fields.one_of("state", State, table="mission"),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="mission_ends_after_it_begins",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*DELIVERED]) | Q(report_on__isnull=False),
                name="mission_reported_has_the_day_of_its_report",
                violation_error_message=_("Say on which day the report was received."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.from_on}"

    def clean(self) -> None:
        of_one_project(self, "activity", *PAPERS)
        if self.from_on and self.to_on and (self.to_on - self.from_on).days >= LONGEST:
            raise ValidationError(
                {"to_on": _("A mission lasts at most 92 days. Split it, or correct the days.")}
            )


AS_A_DRAFT = _("The terms are approved. Send the mission back first, then change who goes.")


class MissionExpert(Checked):
    """An expert on a mission, and the days that are planned for it."""

    project = fields.project("+")
    mission = models.ForeignKey(
        Mission, verbose_name=_("mission"), on_delete=models.CASCADE, related_name="experts"
    )
    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="missions"
    )
    days = models.PositiveSmallIntegerField(
        _("days planned"), help_text=_("Working days in the beneficiary country, without travel.")
    )
    travel_days = models.PositiveSmallIntegerField(_("travel days planned"), default=0)
    grade = models.CharField(
        _("class"),
        max_length=10,
        blank=True,
        default="",
        help_text=_("Of the rate card, where fees depend on the class of the expert."),
    )

    version = version()

    class Meta:
        verbose_name = _("expert on a mission")
        verbose_name_plural = _("experts on missions")
        ordering: ClassVar = ["project", "mission__code_order", "expert__code_order"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited({**IN_MISSION, "experts_expert": "{row}.expert_id"}),
            refused(
                "mission_keeps_its_experts_once_approved",
                "(SELECT state FROM experts_mission WHERE id = {row}.mission_id FOR SHARE) "
                "<> 'draft'",
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                unless=marked("experts_mission", "{row}.mission_id"),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mission", "expert"],
                name="missionexpert_goes_once",
                violation_error_message=_("This expert is already on the mission."),
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1) & Q(days__lte=LONGEST) & Q(travel_days__lte=14),
                name="missionexpert_days_are_plausible",
                violation_error_message=_(
                    "An expert is planned for 1 to 92 days on a mission, and for 0 to 14 of travel."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mission.code} · {self.expert.code}"

    def clean(self) -> None:
        if self.mission_id and self.mission.state != State.DRAFT:
            raise ValidationError(AS_A_DRAFT)
        of_one_project(self, "mission")
        if problem := self.does_not_fit():
            raise ValidationError({"days": problem})

    def does_not_fit(self) -> str:
        """Why the days are more than the mission has, as a sentence; also of a new mission."""
        mission = self._state.fields_cache.get("mission") or (self.mission_id and self.mission)
        if not (mission and mission.from_on and mission.to_on and self.days):
            return ""
        length = (mission.to_on - mission.from_on).days + 1
        if length < 1 or self.days + (self.travel_days or 0) <= length:
            return ""  # a mission that ends before it begins says so itself
        sentence = ngettext(
            "Days and travel, %(days)s + %(travel)s, do not fit into a mission of %(length)s day.",
            "Days and travel, %(days)s + %(travel)s, do not fit into a mission of %(length)s days.",
            length,
        )
        return sentence % {"days": self.days, "travel": self.travel_days, "length": length}
