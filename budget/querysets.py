"""Questions to the tables of what a project costs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Round

from experts.models import MissionExpert

if TYPE_CHECKING:
    from budget.models import Entry, Line  # noqa: F401 - in the strings below


class LineQuerySet(QuerySet["Line"]):
    def with_sums(self) -> Self:
        """Adds `planned`, `committed` and `spent`, EUR, of the entries that count.

        `original` is what was planned before any contract change.
        """
        money: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)

        def total(kind: str, **also: Any) -> Coalesce:
            counts = Q(entries__kind=kind, entries__corrected_by=None, **also)
            sums = Sum("entries__amount", filter=counts)
            return Coalesce(sums, Decimal(0), output_field=money)

        kinds = ("planned", "committed", "spent")
        annotated = self.annotate(
            **{kind: total(kind) for kind in kinds},
            original=total("planned", entries__change=None),
        )
        return annotated.order_by("project", "code_order", "code")  # aggregates drop the default


class EntryQuerySet(QuerySet["Entry"]):
    def counting(self) -> Self:
        """Those that no other entry corrects."""
        return self.filter(corrected_by=None)


MONEY: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)


def with_cost(days: QuerySet[Any]) -> QuerySet[Any]:
    """Expert-days in the country with `fee`, `support`, `per_diem` and `cost`, EUR.

    Each by the rate in force on the day, the expert's class before the rate for all classes.
    Null where the card has no daily fee for the day; support and per diem that the card does not
    have are not added.
    """
    from budget.models import Ruleset

    goer = MissionExpert.objects.filter(mission=OuterRef("mission"), expert=OuterRef("expert"))
    ruleset = Ruleset.objects.filter(project=OuterRef("project"))
    graded = days.annotate(
        grade=Coalesce(Subquery(goer.values("grade")[:1]), Value(""), output_field=CharField())
    )
    nothing = Value(Decimal(0), output_field=MONEY)
    costed: QuerySet[Any] = by_the_card(graded, "on").annotate(
        cost=F("fee") + Coalesce(F("support"), nothing) + Coalesce(F("per_diem"), nothing),
        ruleset=Coalesce(
            Subquery(ruleset.values("edition")[:1]), Value(""), output_field=CharField()
        ),
    )
    return costed


def by_the_card(rows: QuerySet[Any], on: str) -> QuerySet[Any]:
    """Rows of a project and a class (`grade`) with `fee`, `support` and `per_diem` of one day, EUR.

    `on` names the column of the day whose rates count. Null where the card has none;
    without a fee there is no per diem.
    """
    from budget.models import Rate

    def rate(kind: str) -> Subquery:
        found = Rate.objects.filter(
            Q(grade="") | Q(grade=OuterRef("grade")),
            project=OuterRef("project"),
            kind=kind,
            from_on__lte=OuterRef(on),
        )
        newest = found.order_by("-grade", "-from_on").values("amount")[:1]
        return Subquery(newest, output_field=MONEY)

    priced: QuerySet[Any] = rows.annotate(
        fee=rate("fee"), support_rate=rate("support"), per_diem_rate=rate("per_diem")
    ).annotate(
        support=Round(F("fee") * F("support_rate") / 100, 2, output_field=MONEY),
        per_diem=Case(When(fee__isnull=False, then=F("per_diem_rate")), output_field=MONEY),
    )
    return priced
