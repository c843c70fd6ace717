"""The versions of the work plan."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.versions import Counted, Whole, version
from deliverables.fields import columns as fields
from deliverables.plan.querysets import WorkPlanQuerySet
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change, refused

APPROVED_IS_FINAL = _(
    "This version of the work plan is approved and never changes. A side letter or the next "
    "rolling work plan makes a new version."
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
    state = fields.state(
        _("state"),
        PlanState.DRAFT,
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
