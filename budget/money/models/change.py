"""Changes of the contract: side letters and addenda, and what each of them moves."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, Whole, version
from budget.money.models.line import Line
from deliverables.fields import columns as fields
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import Activity, WorkPlan
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change, refused
from deliverables.projects.models.belonging import of_one_project

SIGNED_IS_FINAL = _(
    "This change is signed and never changes. What is wrong in it is moved by the next one."
)


class ChangeKind(models.TextChoices):
    SIDE_LETTER = "side_letter", _("Side letter")
    ADDENDUM = "addendum", _("Addendum")


class ChangeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


class ContractChange(Whole):
    """A numbered instrument that changes the contract. Signed, it moves all its rows at once."""

    parts = ("moves",)

    project = fields.project("contract_changes")
    code = fields.code(help_text=_("As SL1 for a side letter, AD1 for an addendum."))
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind.choices)
    state = fields.state(
        _("state"),
        ChangeState.DRAFT,
        help_text=_("It is signed on its page; then nothing in it changes any more."),
    )
    signed_on = fields.DayField(_("signed on"), null=True, blank=True)
    number = models.PositiveSmallIntegerField(
        _("order of signing"), null=True, blank=True, editable=False
    )
    reason_lv = fields.text(_("reason in Latvian"))
    reason_en = fields.text(_("reason in English"))
    plan = fields.optional(
        WorkPlan,
        _("version of the work plan"),
        editable=False,
        help_text=_("The version that its signature made."),
    )
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("contract change")
        verbose_name_plural = _("contract changes")
        ordering: ClassVar = ["project", "number", "code_order", "code"]  # drafts come last
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_PROJECT),
            refused(
                "signed_change_is_final",
                "OLD.state = 'signed'",
                pgtrigger.Update | pgtrigger.Delete,
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "contractchange", _("This project already has a contract change with this code.")
            ),
            fields.one_of("kind", ChangeKind, table="contractchange"),
            fields.in_a_language("contractchange", "reason"),
            models.CheckConstraint(
                condition=Q(state=ChangeState.DRAFT, signed_on=None)
                | Q(state=ChangeState.SIGNED, signed_on__isnull=False),
                name="contractchange_is_signed_on_a_day",
                violation_error_message=_("A signed change says on which day; a draft does not."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"


_ONE_THING = (
    Q(deliverable__isnull=False, activity=None, line=None, from_on=None, days=None, amount=None)
    & ~Q(to_on="")
) | (
    Q(activity__isnull=False, deliverable=None, line=None, amount=None)
    & Q(from_on__isnull=False, days__isnull=False, to_on__regex=r"^\d{4}-\d{2}-\d{2}$")
) | (
    Q(line__isnull=False, deliverable=None, activity=None, from_on=None, days=None)
    & Q(amount__isnull=False) & ~Q(amount=0)
) | (
    Q(deliverable=None, activity=None, line=None, from_on=None, days=None, amount=None)
    & ~Q(to_on="")
)  # fmt: skip


_END = Q(deliverable=None, activity=None, line=None)
MOVED_ONCE = _(
    "A change moves a deliverable, an activity or the end of the project once: of two rows nobody "
    "could tell which holds. Money of a line may stand in several rows, which add up."
)


class Move(Checked):
    """One thing that a contract change moves: a due date, an activity, money, or the end.

    A row names a deliverable, an activity or a budget line; one that names none moves the end of
    the project. What was there before is noted at the signature.
    """

    project = fields.project("+")
    change = models.ForeignKey(
        ContractChange,
        verbose_name=_("contract change"),
        on_delete=models.CASCADE,
        related_name="moves",
    )
    code = fields.code(help_text=_("As V1."))
    deliverable = fields.optional(Deliverable, _("deliverable"))
    activity = fields.optional(Activity, _("activity"))
    line = fields.optional(Line, _("budget line"))
    from_on = fields.DayField(_("new first day"), null=True, blank=True)
    to_on = fields.PartialDateField(
        _("new date"),
        help_text=_("When it is due or ends; for money, the month in which it is planned."),
    )
    days = models.PositiveIntegerField(_("new expert-days"), null=True, blank=True)
    amount = models.DecimalField(
        _("more or less, EUR"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("5000 adds, -5000 takes away."),
    )
    old_from_on = fields.DayField(_("old first day"), null=True, blank=True, editable=False)
    old_to_on = fields.PartialDateField(_("old date"), editable=False)
    old_days = models.PositiveIntegerField(
        _("old expert-days"), null=True, blank=True, editable=False
    )
    old_amount = models.DecimalField(
        _("planned before, EUR"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        editable=False,
    )
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("what a contract change moves")
        verbose_name_plural = _("what contract changes move")
        ordering: ClassVar = ["project", "change__code_order", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited({**IN_PROJECT, "budget_contractchange": "{row}.change_id"}),
            refused(
                "signed_change_keeps_its_moves",
                "(SELECT state FROM budget_contractchange WHERE id = {row}.change_id FOR SHARE) "
                "= 'signed'",
                pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "move", _("This change already has a row with this code."), owner="change"
            ),
            *fields.date_is_one("move", "to_on", "old_to_on"),
            *(
                models.UniqueConstraint(
                    fields=["change", name],
                    name=f"move_is_the_only_one_of_its_{name}_in_the_change",
                    violation_error_message=MOVED_ONCE,
                )
                for name in ("deliverable", "activity")
            ),
            models.UniqueConstraint(
                fields=["change"],
                condition=_END,
                name="move_of_the_end_is_one_in_the_change",
                violation_error_message=MOVED_ONCE,
            ),
            models.CheckConstraint(
                condition=_ONE_THING,
                name="move_moves_one_thing",
                violation_error_message=_(
                    "A row moves one thing: a deliverable to a new date; an activity to a new "
                    "first day, last day and number of expert-days; a budget line by an amount; "
                    "or, naming none of them, the end of the project to a new date."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change.code} · {self.code}"

    @property
    def new_amount(self) -> Decimal:
        """What a line has planned after a signed move, EUR."""
        return (self.old_amount or Decimal()) + (self.amount or Decimal())

    def clean(self) -> None:
        if self.change_id and self.change.state == ChangeState.SIGNED:
            raise ValidationError(SIGNED_IS_FINAL)
        of_one_project(self, "change", "deliverable", "activity", "line")
        first = self.from_on.isoformat() if self.from_on else ""
        if self.activity_id and len(self.to_on) == 10 and self.to_on < first:
            raise ValidationError({"to_on": _("It ends before it begins.")})
