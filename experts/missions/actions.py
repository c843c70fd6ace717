"""What may be done with a mission: draft it, copy it, and take it from step to step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.events.acting import acting
from audit.models import Event, Operation, Through
from audit.rows.refused import Refused
from deliverables.projects import codes
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from experts.missions.conditions import CONDITIONS, nothing, require_free_experts
from experts.missions.models import ExpertDay, Mission, MissionExpert, MissionStep
from experts.missions.status import DRAFTED, SHEET, STEPS, MissionVerb, State, refusal
from steps.taking import Cycle, Given

STEPPED = {"state", "report_on", "version"}  # what a step writes, and no person types


def draft(mission: Mission, *, by: User, why: str = "") -> Mission:
    """Save a new mission under the next number of its project: no number twice, none left out
    but what an imported code has skipped. Raises Refused where no number is left.
    """
    with acting(by.code, Through.ACTION, why or "draft"):
        _alone(mission.project_id)
        mission.code = next_code(mission.project_id)
        mission.full_clean()
        mission.save()
    return mission


def next_code(project: int) -> str:
    """What the next mission of the project will be called."""
    return codes.following(Mission, project, "M")


def copy(mission: Mission, *, by: User, from_on: dt.date) -> Mission:
    """A new draft of the same activity, terms, length and experts, beginning on another day.

    Raises Refused where there is one on that day: a second click makes no second mission.
    """
    with acting(by.code, Through.ACTION, f"copy of {mission.code}"):
        _alone(mission.project_id)
        if there := _same_on(mission, from_on):
            raise Refused(
                _("%(code)s already begins on %(day)s with the same activity and experts.")
                % {"code": there.code, "day": from_on}
            )
        same = ("project", "activity", "terms_lv", "terms_en", "place")
        twin = Mission(
            from_on=from_on,
            to_on=from_on + (mission.to_on - mission.from_on),
            **{name: getattr(mission, name) for name in same},
        )
        draft(twin, by=by, why=f"copy of {mission.code}")
        for row in mission.experts.all():
            again = MissionExpert(
                project=row.project, mission=twin, expert=row.expert, days=row.days,
                travel_days=row.travel_days, grade=row.grade,
            )  # fmt: skip
            again.full_clean()
            again.save()
    return twin


def _same_on(mission: Mission, from_on: dt.date) -> Mission | None:
    people = set(mission.experts.values_list("expert", flat=True))
    others = Mission.objects.filter(activity=mission.activity_id, from_on=from_on)
    for other in others.exclude(state=State.CANCELLED):
        if set(other.experts.values_list("expert", flat=True)) == people:
            return other
    return None


def authors(mission: Mission, by: User) -> dict[str, int]:
    """Who took each step of the mission last; under DRAFTED and SHEET the person, if a writer of
    the terms or of the time sheet."""
    return authors_of([mission], by)[mission.pk]


def authors_of(missions: Sequence[Mission], by: User) -> dict[int, dict[str, int]]:
    """The `authors` of each of many, by their keys; two queries."""
    took: dict[int, dict[str, int]] = {row.pk: {} for row in missions}
    for pk, verb, who in (
        MissionStep.objects.filter(mission__in=took)
        .order_by("pk")
        .values_list("mission", "verb", "by")
    ):
        took[pk][verb] = who
    for pk, parts in _written(missions, by).items():
        took[pk] |= dict.fromkeys(parts, by.pk)
    return took


def written(mission: Mission, by: User) -> set[str]:
    """DRAFTED where the person drafted the mission or changed its terms or experts, SHEET where
    the person filled in days; whatever the way in."""
    return _written([mission], by)[mission.pk]


def _written(missions: Sequence[Mission], by: User) -> dict[int, set[str]]:
    table, sheet = Mission._meta.db_table, ExpertDay._meta.db_table
    named = {f"{table}:{row.pk}": row.pk for row in missions}
    wrote: dict[int, set[str]] = {pk: set() for pk in named.values()}
    events = Event.objects.filter(
        about__overlap=list(named),
        table__in=(table, sheet, MissionExpert._meta.db_table),
        who=by.code,
    )
    for about, where, operation, after in events.values_list(
        "about", "table", "operation", "after"
    ):
        if operation != Operation.UPDATE or set(after or {}) - STEPPED:
            for name in named.keys() & set(about):
                wrote[named[name]].add(SHEET if where == sheet else DRAFTED)
    return wrote


def why_not_each(
    mission: Mission, verbs: Iterable[MissionVerb], *, by: User
) -> dict[MissionVerb, str | None]:
    """Why the person cannot take each step, as far as roles and order tell; None where it can. Two
    queries."""
    access, took = access_of(by), authors(mission, by)
    rights = access.rights(mission.project_id, mission.activity.component_id)
    return {verb: refusal(verb, mission.state, rights, took, by.pk) for verb in verbs}


class _Missions(Cycle[Mission, Given]):
    steps = STEPS
    rows = Mission.objects.all()
    stale = gettext_lazy(
        "Somebody changed the mission after you opened this page, so nothing was done. "
        "Read it again, and decide then."
    )

    def refusal(self, row: Mission, verb: str, by: User) -> str | None:
        step = MissionVerb(verb)
        return why_not_each(row, [step], by=by)[step]

    def refusals(self, rows: Sequence[Mission], verb: str, by: User) -> dict[int, str | None]:
        access, took, step = access_of(by), authors_of(rows, by), MissionVerb(verb)
        return {
            row.pk: refusal(
                step,
                row.state,
                access.rights(row.project_id, row.activity.component_id),
                took[row.pk],
                by.pk,
            )
            for row in rows
        }

    def lock(self, row: Mission) -> None:
        _alone(row.project_id)

    def columns(self, row: Mission, verb: str, by: User, given: Given) -> dict[str, object]:
        changed = CONDITIONS.get(MissionVerb(verb), nothing)(row, given)
        if verb == MissionVerb.APPROVE:
            require_free_experts(row, by)
        return changed

    def record(self, row: Mission, verb: str, begins: str, by: User, given: Given) -> MissionStep:
        return MissionStep(
            project_id=row.project_id, mission=row, verb=verb, ends=row.state,
            reason=given.reason.strip(), by=by, at=timezone.now(),
        )  # fmt: skip


MISSIONS = _Missions()
take = MISSIONS.take


def _alone(project: int) -> None:
    """One at a time in a project: numbers and days are given out once."""
    Project.objects.select_for_update(no_key=True).get(pk=project)
