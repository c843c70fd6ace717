"""What has to hold of a mission before each of its steps: free days and experts, a time sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Right
from audit.rows.refused import Refused
from deliverables.plan.models import Activity, ActivityStatus
from deliverables.projects.access import access_of
from experts.missions.envelope import days_left
from experts.missions.models import Mission
from experts.missions.models.day import DayKind
from experts.missions.status import MissionVerb, State
from experts.people.models import Expert
from steps.taking import Given

Columns = dict[str, object]  # what a step sets besides the state


def nothing(row: Mission, given: Given) -> Columns:
    return {}


def _over(activity: Activity, row: Mission) -> str | None:
    """Why nobody goes on a mission of the activity any more; None where it still goes on."""
    if not activity.is_over(row.from_on):
        return None
    if activity.status == ActivityStatus.CANCELLED:
        return _("Activity %(activity)s is cancelled. Choose another one.") % {
            "activity": activity.code
        }
    return _(
        "Activity %(activity)s ended on %(day)s, before the mission begins. Choose another one, "
        "or correct when it ended."
    ) % {"activity": activity.code, "day": activity.ended_on}


def _approve(row: Mission, given: Given) -> Columns:
    wanted = list(row.experts.select_related("expert"))
    if not wanted:
        raise Refused(_("Nobody is on the mission yet. Say who goes, and for how many days."))
    for goer in wanted:
        if problem := goer.does_not_fit():
            raise Refused(f"{goer.expert.code}: {problem}")
    if not row.project.covers(row.from_on, row.to_on):
        raise Refused(
            _(
                "The mission lasts %(first)s to %(last)s, and the project from %(start)s to "
                "%(end)s. Days outside it are not eligible: move the mission, or have a contract "
                "change move the end."
            )
            % {
                "first": row.from_on,
                "last": row.to_on,
                "start": row.project.start or "…",
                "end": row.project.end or "…",
            }
        )
    if over := _over(row.activity, row):
        raise Refused(over)
    left, asked = days_left(row.activity), sum(goer.days for goer in wanted)
    if asked > left:
        raise Refused(
            ngettext(
                "The mission asks for %(asked)s day, and activity %(activity)s has %(left)s left. "
                "Shorten the mission, or have a side letter or a new work plan give more days.",
                "The mission asks for %(asked)s days, and activity %(activity)s has %(left)s left. "
                "Shorten the mission, or have a side letter or a new work plan give more days.",
                asked,
            )
            % {"asked": asked, "activity": row.activity.code, "left": max(left, 0)}
        )
    return {}


def require_free_experts(row: Mission, by: User) -> None:
    """Nobody on two missions at once; one that the person may not see is not named."""
    people = sorted(row.experts.values_list("expert", flat=True))
    list(Expert.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    clash = Mission.objects.overlapping(row, people).select_related("project", "activity").first()
    if clash:
        who = clash.experts.filter(expert__in=people).select_related("expert").first()
        code = who.expert.code if who else ""
        if not access_of(by).may(Right.SEE, clash.project_id, clash.activity.component_id):
            raise Refused(
                _(
                    "%(expert)s is on a mission of another project on some of these days. Choose "
                    "other days, or send somebody else."
                )
                % {"expert": code}
            )
        raise Refused(
            _(
                "%(expert)s is already on mission %(mission)s of %(project)s from %(first)s to "
                "%(last)s. Move one of the two, or send somebody else."
            )
            % {
                "expert": code,
                "mission": clash.code,
                "project": str(clash.project),
                "first": clash.from_on,
                "last": clash.to_on,
            }
        )


def _finish(row: Mission, given: Given) -> Columns:
    if row.to_on > timezone.localdate():
        raise Refused(_("The mission lasts until %(day)s.") % {"day": row.to_on})
    return {}


def _report(row: Mission, given: Given) -> Columns:
    _finish(row, given)
    if not given.on:
        raise Refused(_("Say on which day the report was received."))
    if not row.to_on <= given.on <= timezone.localdate():
        raise Refused(
            _("A report comes from the last day of the mission, %(day)s, until today.")
            % {"day": row.to_on}
        )
    used = row.days.filter(kind=DayKind.COUNTRY).count()
    if not used:
        raise Refused(
            _("The time sheet is empty. Enter the days on which each expert worked, then report.")
        )
    planned = sum(row.experts.values_list("days", flat=True))
    if used > planned:
        raise Refused(
            ngettext(
                "The time sheet has %(used)s day, and the approved terms give %(planned)s. Take "
                "out what goes beyond, and plan it as a mission of its own.",
                "The time sheet has %(used)s days, and the approved terms give %(planned)s. Take "
                "out what goes beyond, and plan it as a mission of its own.",
                used,
            )
            % {"used": used, "planned": planned}
        )
    _within_the_terms(row)
    return {"report_on": given.on}


def _within_the_terms(row: Mission) -> None:
    """Each expert's days: those of somebody else may have another fee."""
    used = Counter(row.days.filter(kind=DayKind.COUNTRY).values_list("expert__code", flat=True))
    planned = dict(row.experts.values_list("expert__code", "days"))
    for code, days in sorted(used.items()):
        if days > planned.get(code, 0):
            raise Refused(
                ngettext(
                    "%(expert)s has %(used)s day on the time sheet, and the approved terms give "
                    "%(planned)s. Take out what goes beyond, and plan it as a mission of its own.",
                    "%(expert)s has %(used)s days on the time sheet, and the approved terms give "
                    "%(planned)s. Take out what goes beyond, and plan it as a mission of its own.",
                    days,
                )
                % {"expert": code, "used": days, "planned": planned.get(code, 0)}
            )


def _send_back(row: Mission, given: Given) -> Columns:
    if row.state == State.REPORTED:
        _takes_again(row)
        return {"report_on": None}
    return _no_days(row, given)


def _takes_again(row: Mission) -> None:
    """Without its report a mission takes the days of its terms; they may be given away by now."""
    planned = sum(row.experts.values_list("days", flat=True))
    more = planned - row.days.filter(kind=DayKind.COUNTRY).count()
    left = days_left(row.activity)
    if more > left:
        raise Refused(
            ngettext(
                "Sent back, the mission takes the %(planned)s day of its terms again, %(more)s "
                "more than now, and activity %(activity)s has %(left)s left. Accept the report, or "
                "free days first: shorten another mission, or have a side letter give more.",
                "Sent back, the mission takes all %(planned)s days of its terms again, %(more)s "
                "more than now, and activity %(activity)s has %(left)s left. Accept the report, or "
                "free days first: shorten another mission, or have a side letter give more.",
                planned,
            )
            % {
                "planned": planned,
                "more": more,
                "activity": row.activity.code,
                "left": max(left, 0),
            }
        )


def _no_days(row: Mission, given: Given) -> Columns:
    """What was worked stays counted, so a mission with days is no draft and not cancelled."""
    if row.days.exists():
        raise Refused(
            _("The time sheet has days already. Remove them first, if the mission is not to be.")
        )
    return {}


CONDITIONS: dict[MissionVerb, Callable[[Mission, Given], Columns]] = {
    MissionVerb.APPROVE: _approve,
    MissionVerb.FINISH: _finish,
    MissionVerb.REPORT: _report,
    MissionVerb.SEND_BACK: _send_back,
    MissionVerb.CANCEL: _no_days,
}
