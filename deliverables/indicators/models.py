"""Indicators and what was measured of them.

A value counts once somebody else than who entered it has approved it; then it never changes, and
a correction is a value of another day. Not measured, not applicable and zero are three things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields import dates
from deliverables.fields.language import brief
from deliverables.ladder.models import Deliverable
from deliverables.projects.changes import (
    IN_COMPONENT,
    IN_PROJECT,
    OWN,
    final_record,
    notes_change,
    refused,
)
from deliverables.projects.models import Component
from deliverables.projects.models.belonging import of_one_project
from exchange.tables import limits
from exchange.tables.folding import folded_column

IN_INDICATOR = {
    **IN_PROJECT,
    "deliverables_indicator": "{row}.indicator_id",
    "deliverables_component": (
        "SELECT component_id FROM deliverables_indicator WHERE id = {row}.indicator_id"
    ),
}


class Unit(models.TextChoices):
    NUMBER = "number", _("Number")
    PERCENT = "percent", _("Per cent")
    YES_NO = "yes_no", _("Yes or no")
    TEXT = "text", _("Text")


def fits(unit: str, value: Decimal | None) -> str | None:
    """Why a number cannot stand for this unit, as a sentence; None where it can."""
    if value is None:
        return None
    if unit == Unit.TEXT:
        return str(_("This indicator is a text: write it in words, and leave the number empty."))
    if unit == Unit.YES_NO and value not in (0, 1):
        return str(_("This indicator is yes or no: write 1 for yes and 0 for no."))
    if unit == Unit.PERCENT and not 0 <= value <= 100:
        return str(_("A percentage is between 0 and 100."))
    return None


class Indicator(Checked):
    """What a result is measured by: where it began, where it is to come."""

    project = fields.project("indicators")
    component = models.ForeignKey(
        Component,
        verbose_name=_("component"),
        on_delete=models.PROTECT,
        related_name="indicators",
    )
    deliverable = fields.optional(
        Deliverable,
        _("deliverable"),
        related_name="indicators",
        help_text=_("Empty where it measures the component as a whole."),
    )
    code = fields.code(help_text=_("As I1.2; the OPSYS sheet follows this order."))
    title_lv = fields.text(_("title in Latvian"), limits.TITLE)
    title_en = fields.text(_("title in English"), limits.TITLE)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices)
    baseline = fields.NumberField(_("baseline"), help_text=_("Empty: not stated."))
    baseline_on = fields.PartialDateField(_("date of the baseline"))
    baseline_lv = fields.title(_("baseline in words, Latvian"), blank=True, default="")
    baseline_en = fields.title(_("baseline in words, English"), blank=True, default="")
    target = fields.NumberField(_("target"), help_text=_("Empty: not stated."))
    target_on = fields.PartialDateField(_("date of the target"))
    target_lv = fields.title(_("target in words, Latvian"), blank=True, default="")
    target_en = fields.title(_("target in words, English"), blank=True, default="")
    source_lv = fields.title(_("source of verification, Latvian"), blank=True, default="")
    source_en = fields.title(_("source of verification, English"), blank=True, default="")
    code_order = fields.code_order()
    search_text = folded_column("code", "title_lv", "title_en")

    version = version()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_COMPONENT)]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "indicator", _("This project already has an indicator with this code.")
            ),
            fields.one_of("unit", Unit, table="indicator"),
            fields.in_a_language("indicator", "title"),
            *fields.date_is_one("indicator", "baseline_on", "target_on"),
            models.CheckConstraint(
                condition=~Q(unit=Unit.TEXT) | Q(baseline=None, target=None),
                name="indicator_in_words_has_no_numbers",
                violation_error_message=_(
                    "This indicator is a text: write it in words, and leave the number empty."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(unit=Unit.PERCENT)
                | (
                    (Q(baseline=None) | Q(baseline__range=(0, 100)))
                    & (Q(target=None) | Q(target__range=(0, 100)))
                ),
                name="indicator_in_per_cent_is_0_to_100",
                violation_error_message=_("A percentage is between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"

    def clean(self) -> None:
        of_one_project(self, "component", "deliverable")
        wrong = {name: fits(self.unit, getattr(self, name)) for name in ("baseline", "target")}
        problems: dict[str, object] = {name: why for name, why in wrong.items() if why}
        was = self.stored()
        if was and was.unit != self.unit and self.among("is approved", self.pk):
            problems["unit"] = _(
                "Values of this indicator are approved in its unit. Begin another indicator for "
                "another unit."
            )
        if problems:
            raise ValidationError(problems)

    @classmethod
    def facts(cls, rows: Sequence[Indicator]) -> dict[str, Callable[[], Iterable[object]]]:
        values = Measurement.objects.filter(indicator__in=[row.pk for row in rows])
        return {
            "is approved": lambda: values.exclude(approved_by="").values_list(
                "indicator", flat=True
            )
        }


VALUE_IS_FINAL = _(
    "The value is approved and never changes. A correction is a value of another day."
)


class Measurement(Checked):
    """The value of an indicator on a day, and where it comes from."""

    project = fields.project("+")
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="values"
    )
    on = fields.DayField(_("day"))
    applies = models.BooleanField(
        _("applies"),
        default=True,
        help_text=_("Switched off: the indicator did not apply on that day, and has no value."),
    )
    value = fields.NumberField(_("value"))
    words_lv = fields.title(_("value in words, Latvian"), blank=True, default="")
    words_en = fields.title(_("value in words, English"), blank=True, default="")
    source_lv = fields.text(_("source, in Latvian"), limits.TITLE)
    source_en = fields.text(_("source, in English"), limits.TITLE)
    evidence = fields.evidence()
    approved_by = models.CharField(
        _("approved by"),
        max_length=20,
        blank=True,
        default="",
        help_text=_("The code of the person; somebody else than who entered the value."),
    )

    version = version()

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        ordering: ClassVar = ["project", "indicator__code_order", "on"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_INDICATOR),
            refused(
                "approved_value_never_changes",
                "OLD.approved_by <> '' AND (TG_OP = 'DELETE' OR NEW.approved_by <> '')",
                pgtrigger.Update | pgtrigger.Delete,
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "on"],
                name="measurement_is_one_a_day",
                violation_error_message=_("The indicator already has a value of this day."),
            ),
            fields.in_a_language("measurement", "source"),
            models.CheckConstraint(
                condition=Q(applies=True) | Q(value=None, words_lv="", words_en=""),
                name="measurement_that_does_not_apply_is_empty",
                violation_error_message=_("What does not apply has no value. Leave it empty."),
            ),
            models.CheckConstraint(
                condition=Q(applies=False)
                | Q(value__isnull=False)
                | ~Q(words_lv="")
                | ~Q(words_en=""),
                name="measurement_says_something",
                violation_error_message=_(
                    "Give the value, or say it in words in Latvian or in English, or switch off "
                    "“applies”."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.on}"

    def clean(self) -> None:
        of_one_project(self, "indicator", "evidence")
        if self.indicator_id and (problem := fits(self.indicator.unit, self.value)):
            raise ValidationError({"value": problem})
        if self.on and (problem := self._not_then()):
            raise ValidationError({"on": problem})

    def _not_then(self) -> str:
        """Why nobody measured it on that day, as a sentence."""
        if self.on > timezone.localdate():
            return str(_("A value is of a day that has come."))
        start = self.project.start if self.project_id else ""
        if start and self.on < dates.first(start):
            return _(
                "The project began %(start)s. What was before is the baseline of the indicator."
            ) % {"start": start}
        return ""


class Submission(Checked):
    """What somebody typed into OPSYS, the Commission's system, on a day; it never changes."""

    project = fields.project("submissions")
    on = fields.DayField(_("submitted on"))
    by = models.CharField(_("by"), max_length=20)
    at = models.DateTimeField(_("at"))
    content = models.JSONField(_("what was submitted"), default=list)
    note = models.CharField(_("note"), max_length=limits.NAME, blank=True, default="")

    class Meta:
        verbose_name = _("submission to OPSYS")
        verbose_name_plural = _("submissions to OPSYS")
        ordering: ClassVar = ["project", "pk"]
        triggers: ClassVar = [
            Audited(IN_PROJECT),
            final_record("submission_is_final"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(by=""),
                name="submission_names_who_submitted",
                violation_error_message=_("Say who submitted it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.on}"
