"""When a project was suspended, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change
from deliverables.projects.models.belonging import of_one_project


class Suspension(Checked):
    """A time in which the implementation was interrupted. It moves no date and takes no day out of
    the time that has passed: dates in force move by a signed change of the contract alone."""

    project = fields.project("suspensions")
    from_on = fields.DayField(_("suspended from"))
    to_on = fields.DayField(
        _("suspended until"), null=True, blank=True, help_text=_("Empty while it lasts.")
    )
    reason_lv = fields.text(_("reason in Latvian"))
    reason_en = fields.text(_("reason in English"))
    evidence = fields.evidence()

    version = version()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering: ClassVar = ["project", "from_on"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "from_on"],
                name="suspension_begins_once_a_day",
                violation_error_message=_("The project has a suspension from this day already."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(to_on=None),
                name="suspension_lasts_one_at_a_time",
                violation_error_message=_(
                    "Another suspension of the project has no end yet. Say when it ended."
                ),
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="suspension_is_not_over_before_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
            fields.in_a_language("suspension", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} – {self.to_on or '…'}"

    def clean(self) -> None:
        of_one_project(self, "evidence")
