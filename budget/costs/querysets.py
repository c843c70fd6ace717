"""Questions to the days of experts: what they cost by the rate card."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Round

from budget.money.querysets import MONEY, NOTHING
from deliverables.projects.models import Project
from deliverables.projects.querysets import rows_behind
from experts.missions.models import MissionExpert


def with_cost(days: QuerySet[Any]) -> QuerySet[Any]:
    """Expert-days in the country with `fee`, `support`, `per_diem` and `cost`, EUR.

    Each by the rate in force on the day, the expert's class before the rate for all classes.
    Null where the card has no daily fee for the day; support and per diem that the card does not
    have are not added.
    """
    goer = MissionExpert.objects.filter(mission=OuterRef("mission"), expert=OuterRef("expert"))
    ruleset = rows_behind(Project, "rulesets").filter(project=OuterRef("project"))
    graded = days.annotate(
        grade=Coalesce(Subquery(goer.values("grade")[:1]), Value(""), output_field=CharField())
    )
    costed: QuerySet[Any] = by_the_card(graded, "on").annotate(
        cost=F("fee") + Coalesce(F("support"), NOTHING) + Coalesce(F("per_diem"), NOTHING),
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
    card = rows_behind(Project, "rates")

    def rate(kind: str) -> Subquery:
        rates = card.filter(
            Q(grade="") | Q(grade=OuterRef("grade")),
            project=OuterRef("project"),
            kind=kind,
            from_on__lte=OuterRef(on),
        )
        newest = rates.order_by("-grade", "-from_on").values("amount")[:1]
        return Subquery(newest, output_field=MONEY)

    priced: QuerySet[Any] = rows.annotate(
        fee=rate("fee"), support_rate=rate("support"), per_diem_rate=rate("per_diem")
    ).annotate(
        support=Round(F("fee") * F("support_rate") / 100, 2, output_field=MONEY),
        per_diem=Case(When(fee__isnull=False, then=F("per_diem_rate")), output_field=MONEY),
    )
    return priced
