"""What coordinators do with a draft of the work plan all day: shift a chain, repeat yearly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused, as_seen, refusing
from deliverables.fields import dates
from deliverables.plan.models import (
    Activity,
    ActivityDeliverable,
    PlannedActivity,
    PlanState,
    WorkPlan,
)
from deliverables.plan.models.plan import APPROVED_IS_FINAL
from deliverables.projects import codes
from deliverables.projects.access import access_of
from steps.table import NOT_YOURS

FIRST, LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


def chain(plan: WorkPlan, first: Activity, *, alone: bool) -> list[PlannedActivity]:
    """The activity and all that begin with it or later and have not ended; `alone`: of its
    component only."""
    rows = list(plan.lines.select_related("activity__component").order_by("from_on", "pk"))
    starts = [row for row in rows if row.activity_id == first.pk]
    if not starts:
        return []
    begin = starts[0].from_on
    return [
        row
        for row in rows
        if row.from_on >= begin
        and not row.activity.is_over(LAST)
        and (not alone or row.activity.component_id == first.component_id)
    ]


def shift(
    plan: WorkPlan, first: Activity, days: int, *, by: User, seen: str, alone: bool = False
) -> int:
    """Move a chain of a draft by whole days, back with less than zero; how many moved.

    What has begun keeps its start and ends later or earlier. Raises Refused, with nothing written.
    """
    with _draft(plan, by, seen, f"shift {first.code} by {days}") as row:
        lines = chain(row, first, alone=alone)
        if first.is_over(LAST):
            raise Refused(
                _("Activity %(activity)s is over, so its plan does not move any more.")
                % {"activity": first.code}
            )
        if not lines or not days:
            raise Refused(_("Choose an activity of this version, and by how many days it moves."))
        step = dt.timedelta(days)
        if min(line.from_on for line in lines) + step < FIRST or (
            max(line.to_on for line in lines) + step > LAST
        ):
            raise Refused(_("The dates would leave the years 2000 to 2100."))
        for line in lines:
            line.to_on += step
            if not line.activity.started_on:
                line.from_on += step
            line.full_clean()
            line.save(update_fields=["from_on", "to_on"])
    return len(lines)


def repeat(plan: WorkPlan, activity: Activity, *, by: User, seen: str) -> list[Activity]:
    """The activity again each year until the project ends, as activities of their own.

    Each under the next code of the series, with the same length, days and participants. Raises
    Refused, with nothing written.
    """
    with _draft(plan, by, seen, f"repeat {activity.code}") as row:
        line = row.lines.filter(activity=activity).first()
        if line is None:
            raise Refused(_("Choose an activity of this version."))
        end = row.project.end_current or row.project.end_planned
        if not end:
            raise Refused(_("The project has no planned end, so it is not known how often."))
        added = []
        for years in range(1, 30):
            begin = _later(line.from_on, years)
            if begin + (line.to_on - line.from_on) > dates.last(end):
                break
            if not _is_there(row, activity, begin):
                added.append(_again(row, line, begin))
        if not added:
            raise Refused(
                _("No year is left for it before the end of the project, or it is there already.")
            )
    return added


@contextmanager
def _draft(plan: WorkPlan, by: User, seen: str, why: str) -> Iterator[WorkPlan]:
    """The draft, locked and as the person saw it; its version counts on, so nothing runs twice."""
    with acting(by.code, Through.ACTION, why), refusing():
        row = as_seen(
            WorkPlan.objects.select_related("project"),
            plan,
            seen,
            _("Somebody changed the plan after you opened this page, so nothing was moved."),
        )
        if row.state == PlanState.APPROVED:
            raise Refused(str(APPROVED_IS_FINAL))
        if not access_of(by).may(Right.EDIT, row.project_id):
            raise Refused(str(NOT_YOURS))
        yield row
        WorkPlan.objects.filter(pk=row.pk).update(touched=row.touched + 1)


def _later(day: dt.date, years: int) -> dt.date:
    """The same day of a later year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _is_there(plan: WorkPlan, activity: Activity, begin: dt.date) -> bool:
    same = {"title_en": activity.title_en, "kind": activity.kind}
    rows = plan.lines.filter(from_on=begin, activity__component=activity.component_id)
    return rows.filter(**{f"activity__{name}": value for name, value in same.items()}).exists()


def _again(plan: WorkPlan, line: PlannedActivity, begin: dt.date) -> Activity:
    old = line.activity
    twin = Activity(
        project=old.project, component=old.component, code=_next_code(old), kind=old.kind,
        title_lv=old.title_lv, title_en=old.title_en,
    )  # fmt: skip
    twin.full_clean()
    twin.save()
    for serves in old.serves.all():
        ActivityDeliverable.objects.create(
            project=old.project, activity=twin, deliverable=serves.deliverable
        )
    again = PlannedActivity(
        project=old.project, plan=plan, activity=twin, from_on=begin,
        to_on=begin + (line.to_on - line.from_on), days=line.days, participants=line.participants,
    )  # fmt: skip
    again.full_clean()
    again.save()
    return twin


def _next_code(activity: Activity) -> str:
    """A0.2 is followed by the one after the last A0.n."""
    series = re.sub(r"[0-9]+$", "", activity.code)
    return codes.following(Activity, activity.project_id, series)
