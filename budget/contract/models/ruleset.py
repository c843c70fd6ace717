"""The rules of one contract: edition of the Manual, its words, dated rates, limits, deadlines.

Every figure is data of the project. A preset fills them in; what was not verified against the
Manual says so until somebody has checked it with the contract (docs/adr/0010).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change
from exchange.tables import limits
from experts.people.models import Function, PartnerRole

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Edition(models.TextChoices):
    MANUAL_2012 = "2012", _("Common Twinning Manual 2012, update 2013–2014")
    MANUAL_2017 = "2017", _("Twinning Manual 2017, update 2022")
    OTHER = "other", _("Another edition")


class FeeScheme(models.TextChoices):
    BY_CLASS = "by_class", _("Daily fee by the class of the expert")
    FLAT = "flat", _("One daily fee for all experts")


class DayRate(models.TextChoices):
    """What one expert-day in the beneficiary country is paid by."""

    FEE = "fee", _("Daily fee")
    SUPPORT = "support", _("Support or management costs, per cent of the fee")
    PER_DIEM = "per_diem", _("Per diem")


class ContractRule(models.TextChoices):
    """What a preset fills in, to say of each whether it was compared with the contract."""

    SCHEME = "fee_scheme", _("fee scheme")
    REPORTING = "reporting_months", _("months between reports")
    INTERIM = "interim_due_days", _("days for an interim report")
    FINAL = "final_due_months", _("months for the final report")
    LIMIT = "reallocation_limit", _("limit of reallocation, per cent of a heading")
    WARNING = "reallocation_warning", _("warn at, per cent of the limit")
    RETENTION = "retention_years", _("years of keeping records")


def _figure(
    rule: ContractRule, *, help_text: _StrOrPromise = ""
) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(rule.label, null=True, blank=True, help_text=help_text)


class Ruleset(Checked):
    """What the contract of a project goes by. Empty: not stated."""

    project = fields.project("rulesets")
    edition = models.CharField(_("edition of the Manual"), max_length=10, choices=Edition.choices)
    fee_scheme = models.CharField(
        ContractRule.SCHEME.label, max_length=10, choices=FeeScheme.choices, blank=True, default=""
    )
    reporting_months = _figure(ContractRule.REPORTING)
    interim_due_days = _figure(ContractRule.INTERIM, help_text=_("After the end of the period."))
    final_due_months = _figure(ContractRule.FINAL, help_text=_("After the implementation period."))
    reallocation_limit = _figure(
        ContractRule.LIMIT,
        help_text=_("What side letters may move of a main heading, added up; beyond: an addendum."),
    )
    reallocation_warning = models.PositiveSmallIntegerField(ContractRule.WARNING.label, default=80)
    retention_years = _figure(
        ContractRule.RETENTION, help_text=_("After the payment of the balance.")
    )
    unverified = ArrayField(
        models.CharField(max_length=20, choices=ContractRule.choices),
        verbose_name=_("check with your contract"),
        default=list,
        blank=True,
        help_text=_("Figures of the preset that nobody has compared with the contract yet."),
    )
    holidays = fields.text(
        _("holidays"),
        help_text=_(
            "Days on which nobody works in the beneficiary's country, as 2026-11-28, comma "
            "between them."
        ),
    )
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))

    version = version()

    class Meta:
        verbose_name = _("ruleset")
        verbose_name_plural = _("rulesets")
        ordering: ClassVar = ["project"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"],
                name="ruleset_is_one_in_a_project",
                violation_error_message=_("This project already has its ruleset. Change that one."),
            ),
            fields.one_of("edition", Edition, table="ruleset"),
            fields.one_of("fee_scheme", FeeScheme, table="ruleset", blank=True),
            models.CheckConstraint(
                condition=Q(unverified__contained_by=ContractRule.values),
                name="ruleset_unverified_are_known",
                violation_error_message=_("Choose the figures from the list."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(reallocation_limit__isnull=True) | Q(reallocation_limit__range=(1, 100))
                )
                & Q(reallocation_warning__range=(1, 100)),
                name="ruleset_limits_are_percentages",
                violation_error_message=_("A limit and its warning are 1 to 100 per cent."),
            ),
            models.CheckConstraint(
                condition=(Q(reporting_months__isnull=True) | Q(reporting_months__range=(1, 24)))
                & (Q(interim_due_days__isnull=True) | Q(interim_due_days__lte=366))
                & (Q(final_due_months__isnull=True) | Q(final_due_months__lte=36))
                & (Q(retention_years__isnull=True) | Q(retention_years__lte=50)),
                name="ruleset_periods_are_plausible",
                violation_error_message=_(
                    "Reports come every 1 to 24 months, an interim one within 366 days, the final "
                    "one within 36 months; records are kept for at most 50 years."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.get_edition_display()}"

    @property
    def days_off(self) -> list[dt.date]:
        """The holidays as days. Raises ValueError where one is none."""
        texts = [text.strip() for text in self.holidays.split(",")]
        return [dt.date.fromisoformat(text) for text in texts if text]

    def clean(self) -> None:
        try:
            self.days_off  # noqa: B018 - it is read to be checked
        except ValueError:
            raise ValidationError(
                {"holidays": _("Write each holiday as a day, 2026-11-28, with commas between.")}
            ) from None


class Term(Checked):
    """How the edition of the contract calls a function or a partner: labels are the ruleset's."""

    project = fields.project("terms")
    function = models.CharField(
        _("function or part"), max_length=30, choices=[*Function.choices, *PartnerRole.choices]
    )
    label_lv = fields.text(_("in Latvian"), limits.TITLE)
    label_en = fields.text(_("in English"), limits.TITLE)

    version = version()

    class Meta:
        verbose_name = _("term of the edition")
        verbose_name_plural = _("terms of the edition")
        ordering: ClassVar = ["project", "function"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "function"],
                name="term_is_said_once",
                violation_error_message=_("This project already has a term for the function."),
            ),
            fields.one_of("function", Function, PartnerRole, table="term"),
            fields.in_a_language("term", "label"),
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()} → {self.label_en}"
