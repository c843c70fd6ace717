"""The work plan: activities, and what each version of the plan says about them.

An activity is one thing through the whole project; a version of the plan (the contract, what a
side letter makes of it, an initial or rolling work plan) says when it is to happen and how many
expert-days it may take. An approved version never changes, so the original stays beside the
current one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.checked import Checked
from audit.triggers import Audited
from audit.versions import Counted, Whole, version
from deliverables import dates, fields
from deliverables.changes import IN_COMPONENT, IN_PROJECT, OWN, WITH_ITS_PROJECT, notes_change
from deliverables.language import brief
from deliverables.models.component import Component
from deliverables.models.deliverable import Deliverable
from deliverables.models.project import of_one_project
from deliverables.querysets import WorkPlanQuerySet
from exchange.folding import folded_column

APPROVED_IS_FINAL = _(
    "This version of the work plan is approved and never changes. A side letter or the next "
    "rolling work plan makes a new version."
)
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


def refused(name: str, condition: str, operation: Any) -> pgtrigger.Trigger:
    """Refuses writes of rows for which `condition` holds (SQL; {row}), whoever asks; they only go
    with their whole project."""
    rows = (("OLD", "INSERT"), ("NEW", "DELETE"))
    tests = " OR ".join(
        f"(TG_OP <> '{without}' AND ({condition.format(row=row)}))" for row, without in rows
    )
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=(
            (WITH_ITS_PROJECT if "DELETE" in str(operation) else "")
            + f"IF {tests} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', "
            f"CONSTRAINT = '{name}'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            "RETURN NEW;"
        ),
    )


class PlanKind(models.TextChoices):
    CONTRACT = "contract", _("Work plan of the contract")
    AMENDED = "amended", _("As amended by a side letter or addendum")
    INITIAL = "initial", _("Initial work plan")
    ROLLING = "rolling", _("Rolling work plan")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")


class WorkPlan(Whole):
    """One version of the work plan. The last approved one is in force."""

    parts = ("lines",)

    project = fields.project("work_plans")
    code = fields.code(help_text=_("As P1."))
    kind = models.CharField(_("kind"), max_length=10, choices=PlanKind.choices)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=PlanState.choices,
        default=PlanState.DRAFT,
        help_text=_("It is approved on its page; then nothing in it changes any more."),
    )
    approved_on = fields.DayField(
        _("approved on"), null=True, blank=True, help_text=_("The day of the signature or meeting.")
    )
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    # How often its lines were moved together: a page opened before that is out of date.
    touched = models.PositiveIntegerField(_("moved"), default=0, editable=False)
    code_order = fields.code_order()

    version = version()

    objects = WorkPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the work plan")
        verbose_name_plural = _("versions of the work plan")
        ordering: ClassVar = ["project", "code_order"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_PROJECT),
            refused(
                "approved_plan_is_final",
                "OLD.state = 'approved'",
                pgtrigger.Update | pgtrigger.Delete,
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "workplan", _("This project already has a version with this code.")
            ),
            fields.one_of("kind", PlanKind, table="workplan"),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, approved_on=None)
                | Q(state=PlanState.APPROVED, approved_on__isnull=False),
                name="workplan_is_approved_on_a_day",
                violation_error_message=_(
                    "An approved version says on which day it was approved; a draft has no such "
                    "day."
                ),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(kind=PlanKind.CONTRACT),
                name="workplan_has_one_contract",
                violation_error_message=_(
                    "This project already has the work plan of its contract. What changes it is a "
                    "version amended by a side letter or addendum."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"


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
    title_lv = fields.title(_("title in Latvian"))
    title_en = fields.title(_("title in English"))
    status = models.CharField(
        _("status"), max_length=10, choices=ActivityStatus.choices, default=ActivityStatus.PLANNED
    )
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
            fields.in_both_languages("activity", "title"),
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
    def facts(cls, rows: Sequence[Activity]) -> dict[str, Callable[[], Iterable[Any]]]:
        approved = PlannedActivity.objects.filter(plan__state=PlanState.APPROVED)
        return {
            "is in force": lambda: approved.filter(
                activity__in=[row.pk for row in rows]
            ).values_list("activity", flat=True)
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


class PlannedActivity(Checked):
    """What one version of the plan says about an activity."""

    project = fields.project("+")
    plan = models.ForeignKey(
        WorkPlan,
        verbose_name=_("version of the work plan"),
        on_delete=models.CASCADE,
        related_name="lines",
    )
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="planned"
    )
    from_on = fields.DayField(_("from"))
    to_on = fields.DayField(_("to"))
    days = models.PositiveIntegerField(
        _("expert-days"),
        default=0,
        help_text=_("Days of experts in the beneficiary country that it may take."),
    )
    participants = models.PositiveIntegerField(
        _("participants, planned"), null=True, blank=True, help_text=_("Empty: not stated.")
    )

    version = version()

    class Meta:
        verbose_name = _("activity in a version of the work plan")
        verbose_name_plural = _("activities in versions of the work plan")
        ordering: ClassVar = ["project", "plan__code_order", "activity__code_order"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited({**IN_ACTIVITY, "deliverables_workplan": "{row}.plan_id"}),
            refused(
                "approved_plan_keeps_its_lines",
                "(SELECT state FROM deliverables_workplan WHERE id = {row}.plan_id FOR SHARE) "
                "= 'approved'",
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "activity"],
                name="plannedactivity_is_planned_once",
                violation_error_message=_("This version already plans the activity."),
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="plannedactivity_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(days__lte=100_000),
                name="plannedactivity_days_are_plausible",
                violation_error_message=_("An activity takes at most 100,000 expert-days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.code} · {self.activity.code}"

    def clean(self) -> None:
        if self.plan_id and self.plan.state == PlanState.APPROVED:
            raise ValidationError(APPROVED_IS_FINAL)
        of_one_project(self, "plan", "activity")
