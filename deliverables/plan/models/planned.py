"""What a version of the work plan says of an activity."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.plan.models.activity import IN_ACTIVITY, Activity
from deliverables.plan.models.plan import APPROVED_IS_FINAL, PlanState, WorkPlan
from deliverables.projects.changes import OWN, notes_change, refused
from deliverables.projects.models.belonging import of_one_project


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
