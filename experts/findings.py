"""What `manage.py check_data` looks for in missions and expert-days (errors that auditors find)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from deliverables import dates
from deliverables.findings import Finding, found
from deliverables.models import Activity
from experts.journey import COMMITTED, DELIVERED
from experts.models import ExpertDay, Mission
from experts.models.mission import PAPERS
from experts.querysets import with_ledger

LATE_REPORT = 30  # days after the mission; a reminder, not a rule of the Manual


def outside_the_project() -> Iterator[Finding]:
    """Days before the project began or after it ended: not eligible."""
    for day in ExpertDay.objects.select_related("mission__project", "expert"):
        project = day.mission.project
        start, end = project.start, project.end
        early = start and day.on < dates.first(start)
        late = end and day.on > dates.last(end)
        if early or late:
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


def outside_the_mission() -> Iterator[Finding]:
    """A time sheet that clashes with the dates of its mission."""
    wrong = ExpertDay.objects.filter(
        Q(on__lt=F("mission__from_on")) | Q(on__gt=F("mission__to_on"))
    )
    for day in wrong.select_related("mission__project", "expert"):
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


def weekends() -> Iterator[Finding]:
    """Working days on a Saturday or Sunday: possible, and to be explained."""
    days = ExpertDay.objects.filter(kind="country", on__iso_week_day__gte=6)
    for day in days.select_related("mission__project", "expert"):
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


def more_days_than_planned() -> Iterator[Finding]:
    """The time sheet has more days than the approved terms."""
    counted: Any = Mission.objects.with_days()
    rows = counted.filter(state__in=COMMITTED, days_used__gt=F("days_planned"))
    for row in rows.select_related("project"):
        yield found(
            "error",
            "more_days_than_planned",
            row,
            row.project.slug,
            _("Mission %(mission)s used %(used)s days, and its terms give %(planned)s."),
            mission=row.code,
            used=row.days_used,
            planned=row.days_planned,
        )


def over_the_envelope() -> Iterator[Finding]:
    """Activities whose missions take more days than the plan in force gives."""
    rows = with_ledger(Activity.objects.all()).filter(days_left__lt=0)
    for row in rows.select_related("project"):
        yield found(
            "error",
            "over_the_envelope",
            row,
            row.project.slug,
            _("Activity %(activity)s takes %(taken)s days of %(envelope)s in the plan in force."),
            activity=row.code,
            taken=row.planned_days,
            envelope=row.envelope,
        )


def without_report() -> Iterator[Finding]:
    """Missions that ended a month ago and have no report."""
    before = timezone.localdate() - dt.timedelta(LATE_REPORT)
    rows = Mission.objects.awaiting_report().filter(to_on__lt=before)
    for row in rows.select_related("project"):
        yield found(
            "error",
            "without_report",
            row,
            row.project.slug,
            _("Mission %(mission)s ended on %(day)s and has no report."),
            mission=row.code,
            day=row.to_on,
        )


def without_papers() -> Iterator[Finding]:
    """Reported missions that lack a paper and do not say why."""
    of: Any = Mission._meta
    names = {name: of.get_field(name).verbose_name for name in PAPERS}
    missing = Q()
    for name in PAPERS:
        missing |= Q(**{f"{name}__isnull": True})
    rows = Mission.objects.filter(missing, state__in=DELIVERED, papers_note="")
    for row in rows.select_related("project"):
        lacking = [name for name in PAPERS if getattr(row, f"{name}_id") is None]
        yield found(
            "error",
            "without_papers",
            row,
            row.project.slug,
            _("Mission %(mission)s lacks: %(papers)s. Attach them, or say why there are none."),
            mission=row.code,
            papers=(", ".join(lacking), ", ".join(str(names[name]) for name in lacking)),
        )


def overlapping() -> Iterator[Finding]:
    """One expert on two approved missions at once."""
    pairs = Mission.objects.filter(state__in=COMMITTED).select_related("project").order_by("pk")
    for row in pairs:
        experts = list(row.experts.values_list("expert", flat=True))
        for other in Mission.objects.overlapping(row, experts).filter(pk__gt=row.pk):
            yield found(
                "error",
                "overlapping",
                row,
                row.project.slug,
                _("Missions %(one)s and %(other)s have an expert in common on the same days."),
                one=row.code,
                other=other.code,
            )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    outside_the_project,
    outside_the_mission,
    weekends,
    more_days_than_planned,
    over_the_envelope,
    without_report,
    without_papers,
    overlapping,
)
