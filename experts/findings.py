"""What `manage.py check_data` looks for in missions and expert-days (errors that auditors find)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from deliverables.plan.models import Activity, ActivityStatus
from deliverables.projects.checking import ERROR, WARNING, Case, Checks, Rows, within
from deliverables.projects.models import Project
from experts.missions import papers
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.missions.models.day import DayKind
from experts.missions.models.mission import PAPERS
from experts.missions.querysets import with_ledger
from experts.missions.status import COMMITTED, DELIVERED, TIMED, State
from experts.people.models import Assignment

LATE_REPORT = 30  # days after the mission; a reminder, not a rule of the Manual
GOER = {"about": "mission", "expert": "expert.code", "mission": "mission.code"}
DAY = {"about": "mission", "expert": "expert.code", "day": "on", "mission": "mission.code"}
CHECKS = Checks()


def _of_experts(rows: Rows, only: Project | None) -> Rows:
    return within(rows, only).select_related("mission", "expert")


@CHECKS.finds(
    ERROR, _("%(expert)s has %(day)s on mission %(mission)s, outside the project's time."), **DAY
)
def outside_the_project(only: Project | None) -> Iterable[ExpertDay]:
    """Days before the project began or after it ended: not eligible."""
    days = _of_experts(ExpertDay.objects.all(), only)
    return (day for day in days if not day.project.covers(day.on, day.on))


@CHECKS.finds(
    ERROR,
    _("Mission %(mission)s lasts %(first)s to %(last)s, outside the project's time."),
    mission="code", first="from_on", last="to_on",
)  # fmt: skip
def missions_outside(only: Project | None) -> Iterable[Mission]:
    """Approved missions that lie before or beyond the project, as after a moved end."""
    rows = within(Mission.objects.filter(state__in=COMMITTED), only)
    return (row for row in rows if not row.project.covers(row.from_on, row.to_on))


@CHECKS.finds(
    ERROR,
    _("%(expert)s has %(day)s on mission %(mission)s, which lasts %(first)s to %(last)s."),
    **DAY, first="mission.from_on", last="mission.to_on",
)  # fmt: skip
def outside_the_mission(only: Project | None) -> Iterable[ExpertDay]:
    """A time sheet that clashes with the dates of its mission."""
    wrong = Q(on__lt=F("mission__from_on")) | Q(on__gt=F("mission__to_on"))
    return _of_experts(ExpertDay.objects.filter(wrong), only)


@CHECKS.finds(
    ERROR,
    _("%(expert)s has %(day)s on the time sheet of mission %(mission)s, and is not on it."),
    **DAY,
)
def not_on_the_mission(only: Project | None) -> Iterable[ExpertDay]:
    """A time sheet with days of somebody whom the terms do not send."""
    sent = MissionExpert.objects.filter(mission=OuterRef("mission"), expert=OuterRef("expert"))
    return _of_experts(ExpertDay.objects.filter(~Exists(sent)), only)


@CHECKS.finds(
    WARNING, _("%(expert)s worked on mission %(mission)s on %(day)s, a weekend."), **GOER, day="on"
)
def weekends(only: Project | None) -> Iterable[ExpertDay]:
    """Working days on a Saturday or Sunday: possible, and to be explained."""
    days = ExpertDay.objects.filter(kind=DayKind.COUNTRY, on__iso_week_day__gte=6)
    return _of_experts(days, only)


@CHECKS.finds(
    ERROR,
    ngettext_lazy(
        "Mission %(mission)s used %(used)s day, and its terms give %(planned)s.",
        "Mission %(mission)s used %(used)s days, and its terms give %(planned)s.",
        "used",
    ),
    mission="code", used="days_used", planned="days_planned",
)  # fmt: skip
def more_days_than_planned(only: Project | None) -> Iterable[Mission]:
    """The time sheet has more days than the approved terms."""
    counted = Mission.objects.with_days()
    return within(counted.filter(Q(days_used__gt=F("days_planned")), state__in=COMMITTED), only)


@CHECKS.finds(
    WARNING,
    _(
        "%(expert)s travelled for mission %(mission)s on more days (%(used)s) than its "
        "terms give (%(planned)s)."
    ),
    **GOER, used="travelled", planned="travel_days",
)  # fmt: skip
def more_travel_than_planned(only: Project | None) -> Iterable[MissionExpert]:
    """An expert travelled on more days than the approved terms give: possible, and explained."""
    on_sheet = ExpertDay.objects.filter(
        mission=OuterRef("mission"), expert=OuterRef("expert"), kind=DayKind.TRAVEL
    )
    counted = on_sheet.order_by().values("mission").annotate(n=Count("pk")).values("n")
    rows = MissionExpert.objects.annotate(travelled=Subquery(counted))
    rows = rows.filter(travelled__gt=F("travel_days"), mission__state__in=COMMITTED)
    return _of_experts(rows, only)


@CHECKS.finds(
    ERROR,
    ngettext_lazy(
        "Activity %(activity)s takes %(taken)s day of %(envelope)s in the plan in force.",
        "Activity %(activity)s takes %(taken)s days of %(envelope)s in the plan in force.",
        "taken",
    ),
    activity="code", taken="planned_days", envelope="envelope",
)  # fmt: skip
def over_the_envelope(only: Project | None) -> Iterable[Activity]:
    """Activities whose missions take more days than the plan in force gives."""
    return within(with_ledger(Activity.objects.all()).filter(days_left__lt=0), only)


@CHECKS.finds(
    ERROR, _("Mission %(mission)s ended on %(day)s and has no report."), mission="code", day="to_on"
)
def without_report(only: Project | None) -> Iterable[Mission]:
    """Missions that ended a month ago and have no report."""
    before = timezone.localdate() - dt.timedelta(LATE_REPORT)
    rows = Mission.objects.filter(state__in=(State.APPROVED, *TIMED), to_on__lt=before)
    return within(rows, only)


@CHECKS.finds(
    ERROR,
    _("Mission %(mission)s begins on %(day)s, and its activity %(activity)s is over."),
    mission="code", day="from_on", activity="activity.code",
)  # fmt: skip
def after_the_activity(only: Project | None) -> Iterable[Mission]:
    """Missions of an activity that had ended before, or that was cancelled."""
    over = ~Q(activity__ended_on="") | Q(activity__status=ActivityStatus.CANCELLED)
    rows = within(Mission.objects.filter(over, state__in=COMMITTED), only)
    return (row for row in rows.select_related("activity") if row.activity.is_over(row.from_on))


@CHECKS.finds(
    ERROR,
    _("Mission %(mission)s lacks: %(papers)s. Attach them, or say why there are none."),
    mission="code",
)
def without_papers(only: Project | None) -> Iterator[Case]:
    """Reported missions that lack a paper and do not say why."""
    missing = Q()
    for name in PAPERS:
        missing |= Q(**{f"{name}__isnull": True})
    rows = Mission.objects.filter(missing, state__in=DELIVERED, papers_note="")
    for row in within(rows, only):
        lacking = papers.lacking(row)
        yield Case(row, papers=(", ".join(lacking), ", ".join(lacking.values())))


@CHECKS.finds(
    ERROR,
    _("%(expert)s is on missions %(one)s and %(other)s on the same days."),
    about="mission", expert="expert.code", one="mission.code",
)  # fmt: skip
def overlapping(only: Project | None) -> Iterator[Case]:
    """One expert on two approved missions at once; one of another project is not named."""
    goers = MissionExpert.objects.filter(mission__state__in=COMMITTED)
    at_once = goers.filter(
        expert=OuterRef("expert"),
        mission__from_on__lte=OuterRef("mission__to_on"),
        mission__to_on__gte=OuterRef("mission__from_on"),
    ).order_by("mission")
    here = at_once.filter(project=OuterRef("project"), mission__pk__gt=OuterRef("mission"))
    twice = goers.annotate(
        others=ArraySubquery(here.values("mission__code")),
        elsewhere=Exists(at_once.exclude(project=OuterRef("project"))),
    ).exclude(others=[], elsewhere=False)
    one_elsewhere = _(
        "%(expert)s is on mission %(one)s and on one of another project on the same days."
    )
    for row in _of_experts(twice, only):
        yield from (Case(row, other=other) for other in row.others)
        if row.elsewhere:
            yield Case(row, one_elsewhere, other="")


@CHECKS.finds(
    ERROR,
    _("%(expert)s is on mission %(mission)s and has no function on the project."),
    **GOER, first="mission.from_on", last="mission.to_on",
)  # fmt: skip
def strangers_to_the_project(only: Project | None) -> Iterator[Case]:
    """Travel by people who have no function on the project, or none on these days."""
    known = Assignment.objects.filter(project=OuterRef("project"), expert=OuterRef("expert"))
    first, last = (known.on(OuterRef(f"mission__{name}")) for name in ("from_on", "to_on"))
    goers = MissionExpert.objects.filter(mission__state__in=COMMITTED)
    rows = goers.filter(~Exists(first) | ~Exists(last)).annotate(ever=Exists(known))
    then_not = _(
        "%(expert)s is on mission %(mission)s from %(first)s to %(last)s, outside the time "
        "of the expert's function on the project."
    )
    for row in _of_experts(rows, only):
        yield Case(row, then_not if row.ever else "")
