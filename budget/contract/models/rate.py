"""What a day costs by the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from budget.contract.models.ruleset import DayRate
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT, OWN, WITH_ITS_PROJECT, notes_change


class RateKind(models.TextChoices):
    FEE = "fee", DayRate.FEE.label
    SUPPORT = "support", DayRate.SUPPORT.label
    PER_DIEM = "per_diem", DayRate.PER_DIEM.label
    INDIRECT = "indirect", _("Indirect costs, per cent")
    FLAT = "flat", _("Flat rate of a month or journey")


RATE_STAYS = _(
    "Claimed days keep their amount: this rate would change what some of them come to. Let it "
    "begin after the last claimed day."
)
PRICED = ("project_id", "kind", "grade", "from_on", "amount")


class Rate(Checked):
    """One rate of the card, in force from a day until the next of its kind and class."""

    project = fields.project("rates")
    kind = models.CharField(_("kind"), max_length=10, choices=RateKind.choices)
    grade = models.CharField(
        _("class"),
        max_length=10,
        blank=True,
        default="",
        help_text=_("Of the expert, where the fee depends on it; empty: for all."),
    )
    from_on = fields.DayField(_("in force from"))
    amount = models.DecimalField(
        _("rate"),
        max_digits=9,
        decimal_places=2,
        help_text=_("EUR; for support and indirect costs per cent."),
    )
    verified = models.BooleanField(
        _("checked with the contract"),
        default=False,
        help_text=_("Rates of a preset are to be checked with your contract."),
    )
    source_lv = fields.text(_("source in Latvian"))
    source_en = fields.text(_("source in English"))

    version = version()

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rate card")
        ordering: ClassVar = ["project", "kind", "grade", "from_on"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_PROJECT),
            pgtrigger.Trigger(
                name="rate_of_claimed_days_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'UPDATE' AND (OLD.project_id, OLD.kind, OLD.grade, OLD.from_on, "
                    "OLD.amount) IS NOT DISTINCT FROM (NEW.project_id, NEW.kind, NEW.grade, "
                    "NEW.from_on, NEW.amount) THEN RETURN NEW; END IF; "
                    + WITH_ITS_PROJECT
                    + "IF (TG_OP <> 'INSERT' AND budget_prices_claimed_days(OLD.project_id, "
                    "OLD.kind, OLD.grade, OLD.from_on)) OR (TG_OP <> 'DELETE' AND "
                    "budget_prices_claimed_days(NEW.project_id, NEW.kind, NEW.grade, "
                    "NEW.from_on)) THEN "
                    "RAISE EXCEPTION 'rate_of_claimed_days_is_kept' USING "
                    "ERRCODE = 'check_violation', CONSTRAINT = 'rate_of_claimed_days_is_kept'; "
                    "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "kind", "grade", "from_on"],
                name="rate_begins_once_a_day",
                violation_error_message=_(
                    "There is already a rate of this kind and class from this day."
                ),
            ),
            fields.one_of("kind", RateKind, table="rate"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="rate_is_not_negative",
                violation_error_message=_("A rate is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(kind=RateKind.FEE),
                name="rate_by_class_is_a_fee",
                violation_error_message=_("Only the daily fee depends on the class."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.grade} {self.amount}".replace("  ", " ")

    def clean(self) -> None:
        """As the trigger has it, which says it to those who come another way."""
        now, was = self._priced(), self.stored()
        before = was._priced() if was else None
        keys = {row[:4] for row in (before, now) if row}
        if now == before or None in now:
            return
        if any(self.among("has claimed days", key) for key in keys):
            raise ValidationError(RATE_STAYS)

    @property
    def prices_claimed_days(self) -> bool:
        return self.among("has claimed days", self._priced()[:4])

    def _priced(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in PRICED)

    @classmethod
    def facts(cls, rows: Sequence[Rate]) -> dict[str, Callable[[], Iterable[object]]]:
        return {"has claimed days": lambda: _with_claimed_days(rows)}


def _with_claimed_days(rows: Sequence[Rate]) -> set[tuple[object, ...]]:
    """Those rates, as they are and as they were, that claimed days with an amount have."""
    both = [*rows, *filter(None, (row.stored() for row in rows))]
    keys = list({row._priced()[:4] for row in both if None not in row._priced()})
    columns = [list(column) for column in zip(*keys, strict=True)] or [[], [], [], []]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[])"
            " AS r (project, kind, grade, from_on)"
            " WHERE budget_prices_claimed_days(project, kind, grade, from_on)",
            columns,
        )
        return set(cursor.fetchall())
