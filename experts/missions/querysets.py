"""Questions to missions and to the days of experts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Right
from deliverables.plan.models import PlannedActivity, WorkPlan
from deliverables.projects.access import Access
from deliverables.projects.querysets import rows_behind
from experts.missions.status import AGREED, COMMITTED, DELIVERED, TIMED, MissionVerb

if TYPE_CHECKING:
    from experts.missions.models import Mission  # noqa: F401 - in the strings below


class MissionQuerySet(QuerySet["Mission"]):
    def with_days(self) -> Self:
        """Adds `days_planned` and `days_used`: sums over two relations, so one sub-query each.

        Days count in the beneficiary country; travel is not paid by the day.
        """
        mine: dict[str, object] = {"mission": OuterRef("pk")}
        planned = rows_behind(self.model, "experts").filter(**mine).order_by().values("mission")
        used = rows_behind(self.model, "days").filter(**mine, kind="country")
        used = used.order_by().values("mission")
        return self.annotate(
            days_planned=_whole(planned.annotate(n=Sum("days"))),
            days_used=_whole(used.annotate(n=Count("pk"))),
        )

    def with_taken(self) -> Self:
        """Adds `taken`: the days that the mission takes from its activity, none as a draft.

        What was planned until the report is in; from then on what the time sheet counts.
        """
        rows = self.with_days()
        return rows.annotate(
            taken=Case(
                When(state__in=DELIVERED, then=F("days_used")),
                When(state__in=COMMITTED, then=F("days_planned")),
                default=0,
                output_field=IntegerField(),
            )
        )

    def overlapping(self, mission: Mission, experts: Iterable[int]) -> Self:
        """Other missions that hold one of these experts on one of the mission's days."""
        others = self.exclude(pk=mission.pk).filter(
            state__in=COMMITTED, from_on__lte=mission.to_on, to_on__gte=mission.from_on
        )
        return others.filter(experts__expert__in=list(experts)).distinct()

    def awaiting_report(self) -> Self:
        return self.filter(state__in=TIMED)

    def within(self, access: Access, right: Right) -> Self:
        """Those that the right covers."""
        if access.everywhere(right):
            return self
        return self.filter(
            Q(project__in=access.projects(right))
            | Q(activity__component__in=access.components(right))
        )

    def reported_by_others(self, user: User) -> Self:
        """Those whose last report somebody else handed in."""
        last = rows_behind(self.model, "steps").filter(
            mission=OuterRef("pk"), verb=MissionVerb.REPORT
        )
        author = Subquery(last.order_by("-pk").values("by")[:1])
        return self.alias(author=author).exclude(author=user.pk)


def _whole(rows: QuerySet[Model]) -> Coalesce:
    return Coalesce(Subquery(rows.values("n")), 0, output_field=IntegerField())


def with_ledger(activities: QuerySet[Any]) -> QuerySet[Any]:
    """Activities with their person-day ledger, in whole days.

    `contract` and `envelope` are the days of the contract's plan and of the plan in force;
    `planned` what approved missions take, of which `delivered` have a report and `accepted` an
    accepted one; `left` is what the envelope still has. A contract without a plan gives 0.
    """
    mine: dict[str, object] = {"activity": OuterRef("pk")}
    lines, project = PlannedActivity.objects.filter(**mine), OuterRef("project")

    def days(plan: QuerySet[WorkPlan]) -> Coalesce:
        planned = lines.filter(plan=Subquery(plan.values("pk"))).values("days")
        return Coalesce(Subquery(planned), 0, output_field=IntegerField())

    missions = rows_behind(activities.model, "missions")

    def taken(states: Iterable[str]) -> Coalesce:
        rows = missions.filter(**mine, state__in=states).with_taken().order_by()
        return _whole(rows.values("activity").annotate(n=Sum("taken")))

    summed = activities.annotate(
        contract=days(WorkPlan.objects.original(project)),
        envelope=days(WorkPlan.objects.in_force(project)),
        planned_days=taken(COMMITTED),
        delivered=taken(DELIVERED),
        accepted=taken(AGREED),
    )
    counted: QuerySet[Any] = summed.annotate(days_left=F("envelope") - F("planned_days"))
    return counted
