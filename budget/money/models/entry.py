"""Amounts of the budget. EUR with two decimals; a rounded one says so; none is ever changed."""

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
from budget.money.models.change import ContractChange
from budget.money.models.line import Line
from budget.money.querysets import EntryQuerySet
from deliverables.fields import columns as fields
from deliverables.fields import dates
from deliverables.projects.changes import marked, notes_change
from deliverables.projects.models.belonging import SAME_PROJECT

FACTS = ("line_id", "code", "kind", "amount", "rounded_to", "on", "units", "unit_rate",
         "corrects_id", "change_id")  # fmt: skip
TYPED_DAYS = _(
    "A rate pays this line, so its spending follows from the accepted days. Enter it with the "
    "button “Enter what is missing” on the page of the line."
)
CORRECTED_DAYS = _(
    "A rate pays this line, so a correction does not raise its spending. Correct the entry by the "
    "same amount or a lower one; what the days come to beyond it is entered with the button “Enter "
    "what is missing” on the page of the line."
)
CORRECT_INSTEAD = _(
    "An entry is never changed or removed. Add an entry that corrects it and says why; the sums "
    "then count the new one."
)
MOVED_BY_CHANGES = _(
    "The contract was changed already, and the limits of side letters rest on what it planned: "
    "that moves by the next side letter or addendum. Where the contract was recorded wrongly, an "
    "addendum says so in its reason."
)


def refuse_typed_days(
    line: Line, *, kind: str | None, amount: Decimal | None, corrects: Entry | None
) -> None:
    """Raises ValidationError where a new entry spends what follows from days, typed or imported."""
    if not line.priced_by or kind != EntryKind.SPENT:
        return
    if not corrects:
        raise ValidationError({"kind": TYPED_DAYS})
    if (amount or 0) > corrects.amount:
        raise ValidationError({"amount": CORRECTED_DAYS})


_PROJECT = "(SELECT project_id FROM budget_line WHERE id = {row}.line_id)"


_WITH_ITS_PROJECT = (  # which goes first: deliverables.projects.changes
    "IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM budget_line l WHERE l.id = OLD.line_id AND NOT "
    "EXISTS (SELECT FROM deliverables_project WHERE id = l.project_id) AND NOT EXISTS (SELECT "
    "FROM releases_release WHERE project_id = l.project_id)) THEN RETURN OLD; END IF; "
)
_BEFORE_A_RELEASE = (  # deliverables.projects.mistakes.deleting
    "IF TG_OP = 'DELETE' AND OLD.change_id IS NULL AND NOT EXISTS (SELECT FROM releases_release r "
    "JOIN budget_line l ON l.project_id = r.project_id WHERE l.id = OLD.line_id AND r.made_at >= "
    "COALESCE((SELECT min(at) FROM audit_event WHERE \"table\" = 'budget_entry' AND row = OLD.id), "
    "'-infinity')) THEN RETURN OLD; END IF; "
)


_MARKED = (
    "IF TG_OP = 'DELETE' AND OLD.change_id IS NULL AND "
    + marked("budget_entry", "OLD.id")
    + " THEN RETURN OLD; END IF; "
)


def _facts(row: str) -> str:
    return "(" + ", ".join(f'{row}."{name}"' for name in FACTS) + ")"


class EntryKind(models.TextChoices):
    PLANNED = "planned", _("Planned")
    COMMITTED = "committed", _("Committed")
    SPENT = "spent", _("Spent")
    FORECAST = "forecast", _("Forecast")


class Entry(Checked):
    """An amount planned, committed, spent or forecast on a budget line.

    Append-only: what was wrong is replaced by an entry that names it in `corrects`. A contract
    change plans a difference, which may be less than zero.
    """

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
    units = fields.NumberField(
        _("units"), help_text=_("Days, journeys or months of a unit cost; else empty.")
    )
    unit_rate = models.DecimalField(
        _("rate of a unit, EUR"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    on = fields.PartialDateField(
        _("date"), help_text=_("A day or a month: the quarter of the amount follows from it.")
    )
    corrects: models.ForeignKey[Entry | None, Entry | None] = fields.optional(
        "self",
        _("corrects"),
        related_name="corrected_by",
        help_text=_("The entry of this line and kind that this one replaces; the note says why."),
    )
    change = fields.optional(
        ContractChange, _("contract change"), related_name="entries", editable=False
    )
    ledger_ref = models.CharField(
        _("number in the ledger"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Where the accounting system has it, so that an auditor finds the voucher."),
    )
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    evidence = fields.evidence()
    code_order = fields.code_order()

    version = version()

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget entry")
        verbose_name_plural = _("budget entries")
        ordering: ClassVar = ["line", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(_PROJECT),
            Audited(
                {
                    "budget_line": "{row}.line_id",
                    "deliverables_project": _PROJECT[1:-1],
                }
            ),
            pgtrigger.Trigger(
                name="entry_of_a_contract_change_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF (SELECT change_id FROM budget_entry WHERE id = NEW.corrects_id) IS NOT "
                    "NULL THEN RAISE EXCEPTION 'entry_of_a_contract_change_is_final' USING "
                    "ERRCODE = 'check_violation', "
                    "CONSTRAINT = 'entry_of_a_contract_change_is_final'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="entry_is_corrected_not_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    f"IF TG_OP = 'UPDATE' AND {_facts('OLD')} IS NOT DISTINCT FROM "
                    f"{_facts('NEW')} THEN RETURN NEW; END IF; "
                    + _WITH_ITS_PROJECT
                    + _BEFORE_A_RELEASE
                    + _MARKED
                    + "RAISE EXCEPTION 'entry_is_corrected_not_changed' USING "
                    "ERRCODE = 'check_violation', CONSTRAINT = 'entry_is_corrected_not_changed';"
                ),
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "entry", _("This budget line already has an entry with this code."), owner="line"
            ),
            fields.one_of("kind", EntryKind, table="entry"),
            *fields.date_is_one("entry", "on"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | Q(change__isnull=False),
                name="entry_amount_is_not_negative",
                violation_error_message=_("An amount is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(change__isnull=True) | Q(kind=EntryKind.PLANNED),
                name="entry_of_a_contract_change_is_planned",
                violation_error_message=_("A contract change moves what is planned, not spending."),
            ),
            models.CheckConstraint(
                condition=Q(rounded_to__isnull=True) | Q(rounded_to__gt=0),
                name="entry_rounding_is_positive",
                violation_error_message=_("Rounding is more than zero; leave it empty if exact."),
            ),
            models.CheckConstraint(
                condition=(Q(units__isnull=True) & Q(unit_rate__isnull=True))
                | Q(units__isnull=False, unit_rate__isnull=False, units__gte=0, unit_rate__gte=0),
                name="entry_has_units_with_a_rate",
                violation_error_message=_("Give both the units and their rate, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | (~Q(note_lv="") & ~Q(note_en="")),
                name="entry_that_corrects_says_why",
                violation_error_message=_(
                    "A correction says why in its note, in Latvian and in English."
                ),
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="entry_is_corrected_once",
                violation_error_message=_(
                    "That entry is corrected already. Correct the newer one instead."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()} {self.amount} EUR"

    def clean(self) -> None:
        if self.evidence and self.line_id and self.evidence.project_id != self.line.project_id:
            raise ValidationError({"evidence": SAME_PROJECT})
        other = self.corrects
        if other and (other.line_id, other.kind) != (self.line_id, self.kind):
            raise ValidationError(
                {
                    "corrects": _(
                        "A correction stays on the line and in the kind of what it corrects."
                    )
                }
            )
        if other and other.change_id:
            raise ValidationError(
                {"corrects": _("A signed contract change planned it; the next change moves it.")}
            )
        if not self.pk and self._replans():
            raise ValidationError({"kind": MOVED_BY_CHANGES})
        ahead = dates.is_to_come(self.on, timezone.localdate())
        if not self.pk and self.kind == EntryKind.SPENT and ahead:
            raise ValidationError({"on": _("Nothing is spent on a day that has not come yet.")})
        was = self.stored()
        if was and any(getattr(was, name) != getattr(self, name) for name in FACTS):
            raise ValidationError(CORRECT_INSTEAD)

    def _replans(self) -> bool:
        """Whether it would plan money beside the contract changes that moved some.

        Their limits are shares of what was planned; a correction of a date or a note moves none.
        """
        if self.kind != EntryKind.PLANNED or self.change_id or not self.line_id:
            return False
        if self.corrects and self.corrects.amount == self.amount:
            return False
        return self.among("has moved money", self.line.project_id)

    @classmethod
    def facts(cls, rows: Sequence[Entry]) -> dict[str, Callable[[], Iterable[object]]]:
        projects = {row.line.project_id for row in rows if row.line_id}
        moved = Entry.objects.filter(line__project__in=projects, change__isnull=False)
        return {"has moved money": lambda: moved.values_list("line__project", flat=True).distinct()}
