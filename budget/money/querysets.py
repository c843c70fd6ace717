"""Questions to the tables of what a project costs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db.models import (
    Case,
    DecimalField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Abs, Coalesce, NullIf, Round
from django.db.models.lookups import GreaterThan

from deliverables.projects.models import Project
from deliverables.projects.querysets import rows_behind

if TYPE_CHECKING:
    from budget.money.models import Entry, Line  # noqa: F401 - in the strings below


MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)


class LineQuerySet(QuerySet["Line"]):
    def with_sums(self) -> Self:
        """Adds `planned`, `committed` and `spent`, EUR, of the entries that count.

        `original` is what was planned before any contract change.
        """

        def total(kind: str, **also: object) -> Coalesce:
            counts = Q(entries__kind=kind, entries__corrected_by=None, **also)
            sums = Sum("entries__amount", filter=counts)
            return Coalesce(sums, Decimal(0), output_field=MONEY)

        kinds = ("planned", "committed", "spent")
        annotated = self.annotate(
            **{kind: total(kind) for kind in kinds},
            original=total("planned", entries__change=None),
        )
        return annotated.order_by("project", "code_order", "code")  # aggregates drop the default

    def with_rates(self) -> Self:
        """Adds to the sums what units and rates stand behind them.

        `units_planned` and `units_spent` of the entries that count, their lowest and highest
        `unit_rate`, and the lowest and highest rate of the card that prices the line.
        """
        counts = Q(entries__corrected_by=None)
        card = rows_behind(Project, "rates").filter(
            project=OuterRef("project"), kind=OuterRef("priced_by")
        )
        rates = card.order_by().values("kind")
        return self.annotate(
            units_planned=Sum("entries__units", filter=counts & Q(entries__kind="planned")),
            units_spent=Sum("entries__units", filter=counts & Q(entries__kind="spent")),
            unit_rate_lowest=Min("entries__unit_rate", filter=counts),
            unit_rate_highest=Max("entries__unit_rate", filter=counts),
            card_lowest=Subquery(rates.values_list(Min("amount"))),
            card_highest=Subquery(rates.values_list(Max("amount"))),
        )

    def with_drift(self) -> Self:
        """Adds to the sums what was planned when last `signed` in full, EUR, and how far side
        letters moved the heading since: `heading_drift`, per cent, and whether it is beyond the
        `reallocation_limit`. As budget.money.reallocation defines it (docs/arithmetic.md)."""
        addenda = rows_behind(Project, "contract_changes").filter(
            project=OuterRef("project"), kind="addendum", state="signed"
        )
        last = Subquery(addenda.order_by("-number").values("number")[:1])
        rules = rows_behind(Project, "rulesets").filter(project=OuterRef("project"))
        entries = rows_behind(self.model, "entries")
        own = Q(entries__kind="planned", entries__corrected_by=None)
        own &= Q(entries__change=None) | Q(entries__change__number__lte=F("last_addendum"))
        with_last = self.annotate(last_addendum=Coalesce(last, 0))
        summed = with_last.annotate(
            signed=Coalesce(Sum("entries__amount", filter=own), NOTHING),
            heading_amended=_of_heading(entries, Q()),
            heading_signed=_of_heading(
                entries, Q(change=None) | Q(change__number__lte=OuterRef("last_addendum"))
            ),
            reallocation_limit=Subquery(rules.values("reallocation_limit")),
        )
        moved = Abs(F("heading_amended") - F("heading_signed"), output_field=MONEY) * 100
        allowed = F("heading_signed") * F("reallocation_limit")
        beyond = When(GreaterThan(moved, allowed), then=Value(True))
        return summed.annotate(
            heading_drift=Round(moved / NullIf(F("heading_signed"), NOTHING), 1),
            beyond_limit=Case(beyond, default=Value(False)),
        )


def _of_heading(entries: EntryQuerySet, which: Q) -> Subquery:
    """What is planned on all lines of a line's heading; null where nothing is."""
    planned = entries.counting().filter(kind="planned", line__heading=OuterRef("heading"))
    sums = planned.order_by().values("line__heading")
    total = Coalesce(Sum("amount", filter=which), NOTHING)
    return Subquery(sums.values_list(total), output_field=MONEY)


class EntryQuerySet(QuerySet["Entry"]):
    def counting(self) -> Self:
        """Those that no other entry corrects."""
        return self.filter(corrected_by=None)

    def planned_on(self, line: int | None) -> Decimal:
        """What is planned on a line, EUR."""
        entries = self.counting().filter(line=line, kind="planned")
        return entries.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")
