"""What the plan in force gives to missions, and what they hold of it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.rows.refused import Refused
from deliverables.plan.models import Activity, WorkPlan
from experts.missions.querysets import with_ledger


def days_left(activity: Activity) -> int:
    """Days of the plan in force that no approved mission of the activity takes.

    Raises Refused where there is no plan that could say so.
    """
    in_force = WorkPlan.objects.in_force(activity.project_id).values("pk")
    if not activity.planned.filter(plan__in=in_force).exists():
        raise Refused(
            _(
                "The approved work plan does not plan activity %(activity)s, so it has no days to "
                "give. Approve a version of the work plan that does."
            )
            % {"activity": activity.code}
        )
    left: int = with_ledger(Activity.objects.filter(pk=activity.pk)).get().days_left
    return left


def takes_more(plan: WorkPlan) -> str | None:
    """Why a version may not become final: it would take days away that missions hold already."""
    given: dict[int, int] = dict(plan.lines.values_list("activity", "days"))
    for activity in with_ledger(Activity.objects.filter(project=plan.project_id)):
        days = given.get(activity.pk, 0)
        if days < min(activity.planned_days, activity.envelope):
            return ngettext(
                "Missions take %(taken)s day of activity %(activity)s already, and %(plan)s would "
                "give it %(days)s. Give it as many, or send missions back first.",
                "Missions take %(taken)s days of activity %(activity)s already, and %(plan)s would "
                "give it %(days)s. Give it as many, or send missions back first.",
                activity.planned_days,
            ) % {
                "taken": activity.planned_days,
                "activity": activity.code,
                "plan": plan.code,
                "days": days,
            }
    return None
