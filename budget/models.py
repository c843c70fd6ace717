"""What a project costs. Amounts are EUR with two decimals; a rounded one says so."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.triggers import Audited
from audit.versions import Counted, version
from budget.querysets import LineQuerySet
from deliverables import fields
from deliverables.changes import IN_PROJECT, OWN, notes_change
from deliverables.language import said
from deliverables.models.project import SAME_PROJECT


class Line(models.Model):
    """A line of the contract's budget."""

    project = fields.project("budget_lines")
    code = fields.code(help_text=_("As in the contract's budget, beginning with a letter: B1.2."))
    title_lv = fields.title(_("title in Latvian"))
    title_en = fields.title(_("title in English"))
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    code_order = fields.code_order()

    version = version()

    # Present only on rows from with_sums(); EUR.
    planned: Decimal
    spent: Decimal

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="line_code_is_unique_in_its_project",
                violation_error_message=_("This project already has a budget line with this code."),
            ),
            fields.code_is_well_formed("line"),
            fields.in_both_languages("line", "title"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {said(self, 'title')[:80]}"


class EntryKind(models.TextChoices):
    PLANNED = "planned", _("Planned")
    SPENT = "spent", _("Spent")


class Entry(models.Model):
    """An amount planned or spent on a budget line."""

    line = models.ForeignKey(
        Line, verbose_name=_("budget line"), on_delete=models.PROTECT, related_name="entries"
    )
    code = fields.code()
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    amount = models.DecimalField(
        _("amount, EUR"),
        max_digits=11,
        decimal_places=2,
        help_text=_("0.00 to 999 999 999.99"),
    )
    rounded_to = models.DecimalField(
        _("rounded to, EUR"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("100000 where the source says “2.5 million”; empty where it is exact."),
    )
    on = fields.PartialDateField(_("date"))
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    evidence = fields.evidence()
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("budget entry")
        verbose_name_plural = _("budget entries")
        ordering: ClassVar = ["line", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change("(SELECT project_id FROM budget_line WHERE id = {row}.line_id)"),
            Audited(
                {
                    "budget_line": "{row}.line_id",
                    "deliverables_project": (
                        "SELECT project_id FROM budget_line WHERE id = {row}.line_id"
                    ),
                }
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "code"],
                name="entry_code_is_unique_in_its_line",
                violation_error_message=_("This budget line already has an entry with this code."),
            ),
            fields.code_is_well_formed("entry"),
            fields.one_of("kind", EntryKind, table="entry"),
            *fields.date_is_one("entry", "on"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="entry_amount_is_not_negative",
                violation_error_message=_("An amount is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(rounded_to__isnull=True) | Q(rounded_to__gt=0),
                name="entry_rounding_is_positive",
                violation_error_message=_("Rounding is more than zero; leave it empty if exact."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()} {self.amount} EUR"

    def clean(self) -> None:
        if self.evidence and self.line_id and self.evidence.project_id != self.line.project_id:
            raise ValidationError({"evidence": SAME_PROJECT})
