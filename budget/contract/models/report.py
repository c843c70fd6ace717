"""The reports on a project: which period each covers, when it was due and when it was handed in."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from budget.contract.deadlines import called
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change
from deliverables.projects.models.belonging import of_one_project


class Report(Checked):
    """An interim report (Annex C4 of the Manual), numbered from 1, or the final one (Annex C5)."""

    project = fields.project("reports")
    number = models.PositiveSmallIntegerField(
        gettext_lazy("number"),
        help_text=gettext_lazy("Interim reports are 1, 2, 3 …; the final report is 0."),
    )
    from_on = fields.DayField(gettext_lazy("from"))
    to_on = fields.DayField(gettext_lazy("to"))
    due_on = fields.DayField(gettext_lazy("due on"), null=True, blank=True)
    handed_in_on = fields.DayField(
        gettext_lazy("handed in on"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty while it is not handed in, or not known to be."),
    )
    evidence = fields.evidence()
    note_lv = fields.text(gettext_lazy("note in Latvian"))
    note_en = fields.text(gettext_lazy("note in English"))

    version = version()

    class Meta:
        verbose_name = gettext_lazy("report")
        verbose_name_plural = gettext_lazy("reports")
        ordering: ClassVar = ["project", "to_on", "-number"]  # the final one is the last
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="report_is_one_of_its_number",
                violation_error_message=gettext_lazy("The project already has this report."),
            ),
            models.CheckConstraint(
                condition=Q(number__lte=240),
                name="report_number_is_at_most_240",
                violation_error_message=gettext_lazy("A project has at most 240 interim reports."),
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="report_period_is_not_over_before_it_begins",
                violation_error_message=gettext_lazy("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("from_on")),
                name="report_is_not_due_before_its_period",
                violation_error_message=gettext_lazy("It is due before its period begins."),
            ),
            models.CheckConstraint(
                condition=Q(handed_in_on=None) | Q(handed_in_on__gte=F("from_on")),
                name="report_is_not_handed_in_before_its_period",
                violation_error_message=gettext_lazy("It is handed in before its period begins."),
            ),
        ]

    def __str__(self) -> str:
        return called(self.number)

    def clean(self) -> None:
        of_one_project(self, "evidence")
        if self.handed_in_on and self.handed_in_on > timezone.localdate():
            told = _("The date %(on)s has not come yet.") % {"on": self.handed_in_on}
            raise ValidationError({"handed_in_on": told})
