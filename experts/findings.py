"""What `manage.py check_data` looks for in missions and expert-days (errors that auditors find)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliverables.findings import Check, Finding, found, within
from deliverables.models import Activity, ActivityStatus, Project
from experts import papers
from experts.journey import COMMITTED, DELIVERED, TIMED, State
from experts.models import Assignment, ExpertDay, Mission, MissionExpert
from experts.models.mission import PAPERS
from experts.querysets import with_ledger

LATE_REPORT = 30  # days after the mission; a reminder, not a rule of the Manual


def outside_the_project(only: Project | None = None) -> Iterator[Finding]:
    """Days before the project began or after it ended: not eligible."""
    rows = within(ExpertDay.objects.all(), only)
    for day in rows.select_related("mission__project", "expert"):
        project = day.mission.project
        if not project.covers(day.on, day.on):
            yield found(
                "error",
                "outside_the_project",
                day.mission,
                project.slug,
                _("%(expert)s has %(day)s on mission %(mission)s, outside the project's time."),
                expert=day.expert.code,
                day=day.on,
                mission=day.mission.code,
            )


def missions_outside(only: Project | None = None) -> Iterator[Finding]:
    """Approved missions that lie before or beyond the project, as after a moved end."""
    rows = within(Mission.objects.filter(state__in=COMMITTED), only)
    for row in rows.select_related("project"):
        if not row.project.covers(row.from_on, row.to_on):
            yield found(
                "error",
                "missions_outside",
                row,
                row.project.slug,
                _("Mission %(mission)s lasts %(first)s to %(last)s, outside the project's time."),
                mission=row.code,
                first=row.from_on,
                last=row.to_on,
            )


def outside_the_mission(only: Project | None = None) -> Iterator[Finding]:
    """A time sheet that clashes with the dates of its mission."""
    wrong = ExpertDay.objects.filter(
        Q(on__lt=F("mission__from_on")) | Q(on__gt=F("mission__to_on"))
    )
    for day in within(wrong, only).select_related("mission__project", "expert"):
        yield found(
            "error",
            "outside_the_mission",
            day.mission,
            day.mission.project.slug,
            _("%(expert)s has %(day)s on mission %(mission)s, which lasts %(first)s to %(last)s."),
            expert=day.expert.code,
            day=day.on,
            mission=day.mission.code,
            first=day.mission.from_on,
            last=day.mission.to_on,
        )


def not_on_the_mission(only: Project | None = None) -> Iterator[Finding]:
    """A time sheet with days of somebody whom the terms do not send."""
    sent = MissionExpert.objects.filter(mission=OuterRef("mission"), expert=OuterRef("expert"))
    rows = ExpertDay.objects.filter(~Exists(sent))
    for day in within(rows, only).select_related("mission__project", "expert"):
        yield found(
            "error",
            "not_on_the_mission",
            day.mission,
            day.mission.project.slug,
            _("%(expert)s has %(day)s on the time sheet of mission %(mission)s, and is not on it."),
            expert=day.expert.code,
            day=day.on,
            mission=day.mission.code,
        )


def weekends(only: Project | None = None) -> Iterator[Finding]:
    """Working days on a Saturday or Sunday: possible, and to be explained."""
    days = ExpertDay.objects.filter(kind="country", on__iso_week_day__gte=6)
    for day in within(days, only).select_related("mission__project", "expert"):
        yield found(
            "warning",
            "weekends",
            day.mission,
            day.mission.project.slug,
            _("%(expert)s worked on mission %(mission)s on %(day)s, a weekend."),
            expert=day.expert.code,
            mission=day.mission.code,
            day=day.on,
        )


def more_days_than_planned(only: Project | None = None) -> Iterator[Finding]:
    """The time sheet has more days than the approved terms."""
    counted: Any = Mission.objects.with_days()
    rows = counted.filter(state__in=COMMITTED, days_used__gt=F("days_planned"))
    for row in within(rows, only).select_related("project"):
        yield found(
            "error",
            "more_days_than_planned",
            row,
            row.project.slug,
            ngettext(
                "Mission %(mission)s used %(used)s day, and its terms give %(planned)s.",
                "Mission %(mission)s used %(used)s days, and its terms give %(planned)s.",
                row.days_used,
            ),
            mission=row.code,
            used=row.days_used,
            planned=row.days_planned,
        )


def more_travel_than_planned(only: Project | None = None) -> Iterator[Finding]:
    """An expert travelled on more days than the approved terms give: possible, and explained."""
    on_sheet = ExpertDay.objects.filter(
        mission=OuterRef("mission"), expert=OuterRef("expert"), kind="travel"
    )
    counted = on_sheet.order_by().values("mission").annotate(n=Count("pk")).values("n")
    rows = MissionExpert.objects.annotate(travelled=Subquery(counted))
    rows = rows.filter(travelled__gt=F("travel_days"), mission__state__in=COMMITTED)
    for row in within(rows, only).select_related("mission__project", "expert"):
        yield found(
            "warning",
            "more_travel_than_planned",
            row.mission,
            row.mission.project.slug,
            _(
                "%(expert)s travelled for mission %(mission)s on more days (%(used)s) than its "
                "terms give (%(planned)s)."
            ),
            expert=row.expert.code,
            mission=row.mission.code,
            used=row.travelled,
            planned=row.travel_days,
        )


def over_the_envelope(only: Project | None = None) -> Iterator[Finding]:
    """Activities whose missions take more days than the plan in force gives."""
    rows = with_ledger(Activity.objects.all()).filter(days_left__lt=0)
    for row in within(rows, only).select_related("project"):
        yield found(
            "error",
            "over_the_envelope",
            row,
            row.project.slug,
            ngettext(
                "Activity %(activity)s takes %(taken)s day of %(envelope)s in the plan in force.",
                "Activity %(activity)s takes %(taken)s days of %(envelope)s in the plan in force.",
                row.planned_days,
            ),
            activity=row.code,
            taken=row.planned_days,
            envelope=row.envelope,
        )


def without_report(only: Project | None = None) -> Iterator[Finding]:
    """Missions that ended a month ago and have no report."""
    before = timezone.localdate() - dt.timedelta(LATE_REPORT)
    rows = Mission.objects.filter(state__in=(State.APPROVED, *TIMED), to_on__lt=before)
    for row in within(rows, only).select_related("project"):
        yield found(
            "error",
            "without_report",
            row,
            row.project.slug,
            _("Mission %(mission)s ended on %(day)s and has no report."),
            mission=row.code,
            day=row.to_on,
        )


def after_the_activity(only: Project | None = None) -> Iterator[Finding]:
    """Missions of an activity that had ended before, or that was cancelled."""
    over = ~Q(activity__ended_on="") | Q(activity__status=ActivityStatus.CANCELLED)
    rows = within(Mission.objects.filter(over, state__in=COMMITTED), only)
    for row in rows.select_related("project", "activity"):
        if row.activity.is_over(row.from_on):
            yield found(
                "error",
                "after_the_activity",
                row,
                row.project.slug,
                _("Mission %(mission)s begins on %(day)s, and its activity %(activity)s is over."),
                mission=row.code,
                day=row.from_on,
                activity=row.activity.code,
            )


def without_papers(only: Project | None = None) -> Iterator[Finding]:
    """Reported missions that lack a paper and do not say why."""
    missing = Q()
    for name in PAPERS:
        missing |= Q(**{f"{name}__isnull": True})
    rows = Mission.objects.filter(missing, state__in=DELIVERED, papers_note="")
    for row in within(rows, only).select_related("project"):
        lacking = papers.lacking(row)
        yield found(
            "error",
            "without_papers",
            row,
            row.project.slug,
            _("Mission %(mission)s lacks: %(papers)s. Attach them, or say why there are none."),
            mission=row.code,
            papers=(", ".join(lacking), ", ".join(lacking.values())),
        )


def overlapping(only: Project | None = None) -> Iterator[Finding]:
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
    for row in within(twice, only).select_related("mission__project", "expert"):
        named = {"expert": row.expert.code, "one": row.mission.code}
        about: tuple[str, str, Any, str] = (
            "error", "overlapping", row.mission, row.mission.project.slug
        )  # fmt: skip
        for other in row.others:
            sentence = _("%(expert)s is on missions %(one)s and %(other)s on the same days.")
            yield found(*about, sentence, **named, other=other)
        if row.elsewhere:
            sentence = _(
                "%(expert)s is on mission %(one)s and on one of another project on the same days."
            )
            yield found(*about, sentence, **named, other="")


def strangers_to_the_project(only: Project | None = None) -> Iterator[Finding]:
    """Travel by people who have no function on the project, or none on these days."""
    known = Assignment.objects.filter(project=OuterRef("project"), expert=OuterRef("expert"))
    first, last = (known.on(OuterRef(f"mission__{name}")) for name in ("from_on", "to_on"))
    goers = MissionExpert.objects.filter(mission__state__in=COMMITTED)
    rows = goers.filter(~Exists(first) | ~Exists(last)).annotate(ever=Exists(known))
    for row in within(rows, only).select_related("mission__project", "expert"):
        sentence = _("%(expert)s is on mission %(mission)s and has no function on the project.")
        if row.ever:
            sentence = _(
                "%(expert)s is on mission %(mission)s from %(first)s to %(last)s, outside the time "
                "of the expert's function on the project."
            )
        yield found(
            "error",
            "strangers_to_the_project",
            row.mission,
            row.mission.project.slug,
            sentence,
            expert=row.expert.code,
            mission=row.mission.code,
            first=row.mission.from_on,
            last=row.mission.to_on,
        )


CHECKS: tuple[Check, ...] = (
    outside_the_project,
    missions_outside,
    outside_the_mission,
    not_on_the_mission,
    weekends,
    more_days_than_planned,
    more_travel_than_planned,
    over_the_envelope,
    without_report,
    after_the_activity,
    without_papers,
    overlapping,
    strangers_to_the_project,
)
