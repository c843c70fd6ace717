"""Activities, and the deliverables that they serve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields import dates
from deliverables.fields.language import brief
from deliverables.ladder.models import Deliverable
from deliverables.plan.models.plan import PlanState
from deliverables.projects.changes import IN_COMPONENT, IN_PROJECT, OWN, notes_change, refused
from deliverables.projects.models import Component
from deliverables.projects.models.belonging import of_one_project
from exchange.tables import limits
from exchange.tables.folding import folded_column

COMPONENT_STAYS = _(
    "An approved version of the work plan gives this activity days of its component, so it stays "
    "there. Plan another activity in the other component."
)
IN_ACTIVITY = {
    **IN_PROJECT,
    "deliverables_activity": "{row}.activity_id",
    "deliverables_component": (
        "SELECT component_id FROM deliverables_activity WHERE id = {row}.activity_id"
    ),
}


class ActivityKind(models.TextChoices):
    MISSION = "mission", _("Missions of experts")
    TRAINING = "training", _("Training")
    STUDY_VISIT = "study_visit", _("Study visit")
    DRAFTING = "drafting", _("Drafting")
    EVENT = "event", _("Event")
    MEETING = "meeting", _("Steering committee meeting")


class ActivityStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ONGOING = "ongoing", _("Ongoing")
    COMPLETED = "completed", _("Completed")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class Activity(Checked):
    """What is done to reach results: a series of missions, a training, a study visit."""

    project = fields.project("activities")
    component = models.ForeignKey(
        Component,
        verbose_name=_("component"),
        on_delete=models.PROTECT,
        related_name="activities",
    )
    code = fields.code(help_text=_("As A1.2."))
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind.choices)
    title_lv = fields.text(_("title in Latvian"), limits.TITLE)
    title_en = fields.text(_("title in English"), limits.TITLE)
    status = fields.state(_("status"), ActivityStatus.PLANNED)
    started_on = fields.PartialDateField(_("began on"))
    ended_on = fields.PartialDateField(_("ended on"))
    participants = models.PositiveIntegerField(
        _("participants"), null=True, blank=True, help_text=_("How many came; empty: not stated.")
    )
    reason_lv = fields.text(_("reason in Latvian"))
    reason_en = fields.text(
        _("reason in English"), help_text=_("Why it is late, postponed or cancelled.")
    )
    code_order = fields.code_order()
    search_text = folded_column("code", "title_lv", "title_en")

    version = version()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_COMPONENT),
            refused(
                "activity_keeps_its_component",
                "OLD.component_id <> NEW.component_id AND EXISTS (SELECT FROM "
                "deliverables_plannedactivity line JOIN deliverables_workplan plan ON plan.id = "
                "line.plan_id WHERE line.activity_id = OLD.id AND plan.state = 'approved')",
                pgtrigger.Update,
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "activity", _("This project already has an activity with this code.")
            ),
            fields.one_of("kind", ActivityKind, table="activity"),
            fields.one_of("status", ActivityStatus, table="activity"),
            fields.in_a_language("activity", "title"),
            *fields.date_is_one("activity", "started_on", "ended_on"),
            fields.not_before(
                "activity", "started_on", "ended_on", message=_("It ends before it begins.")
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ActivityStatus.POSTPONED, ActivityStatus.CANCELLED])
                | (~Q(reason_lv="") & ~Q(reason_en="")),
                name="activity_put_off_says_why",
                violation_error_message=_(
                    "What is postponed or cancelled says why, in Latvian and in English."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status=ActivityStatus.COMPLETED) | ~Q(ended_on=""),
                name="activity_completed_ended_on_a_day",
                violation_error_message=_("Say when it ended, or choose another status."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"

    def is_over(self, on: dt.date) -> bool:
        """Whether nothing of it happens on the day any more; a month of ending counts whole."""
        if self.status == ActivityStatus.CANCELLED:
            return True
        return bool(self.ended_on) and on > dates.last(self.ended_on)

    def clean(self) -> None:
        of_one_project(self, "component")
        was = self.stored()
        moved = was and was.component_id != self.component_id
        if moved and self.among("is in force", self.pk):
            raise ValidationError({"component": COMPONENT_STAYS})

    @classmethod
    def facts(cls, rows: Sequence[Activity]) -> dict[str, Callable[[], Iterable[object]]]:
        approved = cls.objects.filter(planned__plan__state=PlanState.APPROVED)
        return {
            "is in force": lambda: approved.filter(pk__in=[row.pk for row in rows]).values_list(
                "pk", flat=True
            )
        }


class ActivityDeliverable(Checked):
    """A deliverable that an activity serves."""

    project = fields.project("+")
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.CASCADE, related_name="serves"
    )
    deliverable = models.ForeignKey(
        Deliverable,
        verbose_name=_("deliverable"),
        on_delete=models.PROTECT,
        related_name="served_by",
    )

    version = version()

    class Meta:
        verbose_name = _("deliverable that an activity serves")
        verbose_name_plural = _("deliverables that activities serve")
        ordering: ClassVar = ["project", "activity__code_order", "deliverable__code_order"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_ACTIVITY)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity", "deliverable"],
                name="activitydeliverable_is_named_once",
                violation_error_message=_("The activity already serves this deliverable."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity.code} · {self.deliverable.code}"

    def clean(self) -> None:
        of_one_project(self, "activity", "deliverable")
