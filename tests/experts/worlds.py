"""Random projects that Hypothesis draws and makes smaller, and the plainest count of their days.

A world is plain data: activities over three components, a plan in versions, missions in every
state with the experts' days of work and travel. `lay` puts its rows down; triggers have to rest.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from deliverables.plan.models import Activity, PlannedActivity, WorkPlan
from deliverables.projects.models import Component, Project
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.missions.status import State
from experts.people.models import Expert, Institution
from tests.volume import volume

AT_ONCE = 5  # projects of one example, so that each query has others to keep apart
MANY = settings(
    max_examples=volume(2000) // AT_ONCE,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FIRST = dt.date(2026, 6, 24)  # missions begin within these days, around 1 July
COMPONENTS = (0, 1, 2)
INSTITUTIONS = {1: 1, 2: 2, 3: None}  # of each expert
GRADES = ("", "1", "2")
CODES = ("P2", "P10", "P11")  # of versions: by number, not by letter
APPROVALS = [None, dt.date(2026, 1, 5), dt.date(2026, 5, 4), dt.date(2026, 9, 7)]


@dataclass(frozen=True, slots=True)
class Goer:
    """An expert on a mission: days by the terms, and the days of the time sheet."""

    expert: int
    days: int
    grade: str
    sheet: dict[dt.date, str]

    @property
    def worked(self) -> list[dt.date]:
        return [day for day, kind in self.sheet.items() if kind == "country"]


@dataclass(frozen=True, slots=True)
class Trip:
    activity: int
    state: str
    from_on: dt.date
    goers: list[Goer]


@dataclass(frozen=True, slots=True)
class Version:
    kind: str
    approved_on: dt.date | None
    days: list[int | None]  # of each activity; None: not planned in this version


@dataclass(frozen=True, slots=True)
class World:
    activities: list[int]  # the component of each
    versions: list[Version]
    trips: list[Trip]


SHEETS = st.lists(st.sampled_from(["", "country", "country", "travel"]), max_size=4)
GOERS = st.dictionaries(
    st.sampled_from(list(INSTITUTIONS)),
    st.tuples(st.integers(1, 9), st.sampled_from(GRADES), SHEETS),
    max_size=2,
)
T = TypeVar("T")


def batches(of: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    """Always so many that MANY examples are 2,000 of them."""
    return st.lists(of, min_size=AT_ONCE, max_size=AT_ONCE)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    activities = draw(st.lists(st.sampled_from(COMPONENTS), min_size=1, max_size=5))
    contract = draw(st.sampled_from([0, 1, 2, None]))
    days = st.lists(
        st.none() | st.integers(0, 30), min_size=len(activities), max_size=len(activities)
    )
    drawn = draw(st.lists(st.tuples(st.sampled_from(APPROVALS), days), max_size=len(CODES)))
    versions = [
        Version("contract" if number == contract else "amended", on, planned)
        for number, (on, planned) in enumerate(drawn)
    ]
    trips = st.tuples(
        st.integers(0, len(activities) - 1),
        st.sampled_from(State.values),
        st.integers(0, 12),
        GOERS,
    )
    return World(activities, versions, _once(draw(st.lists(trips, max_size=6))))


def _once(drawn: list[Any]) -> list[Trip]:
    """An expert has a day on one mission only."""
    taken: set[tuple[int, dt.date]] = set()
    trips = []
    for activity, state, begins, goers in drawn:
        first = FIRST + dt.timedelta(begins)
        found = []
        for expert, (days, grade, kinds) in goers.items():
            sheet = {first + dt.timedelta(n): kind for n, kind in enumerate(kinds) if kind}
            sheet = {day: kind for day, kind in sheet.items() if (expert, day) not in taken}
            taken |= {(expert, day) for day in sheet}
            found.append(Goer(expert, days, grade, sheet))
        trips.append(Trip(activity, state, first, found))
    return trips


def counted(world: World) -> list[dict[str, int]]:
    """The ledger of each activity, one row after another."""
    return [_planned(world, number) | _taken(world, number) for number in _numbers(world)]


def _numbers(world: World) -> range:
    return range(len(world.activities))


def _planned(world: World, activity: int) -> dict[str, int]:
    """By the contract, and by the version approved last; of one day the later code."""
    contract = envelope = 0
    newest = dt.date.min
    for version in world.versions:
        if version.approved_on is None:
            continue
        days = version.days[activity] or 0
        if version.kind == "contract":
            contract = days
        if version.approved_on >= newest:
            newest, envelope = version.approved_on, days
    return {"contract": contract, "envelope": envelope}


def _taken(world: World, activity: int) -> dict[str, int]:
    taken = delivered = accepted = 0
    for trip in world.trips:
        if trip.activity != activity:
            continue
        for goer in trip.goers:
            if trip.state in ("approved", "confirmed", "done"):
                taken += goer.days
            elif trip.state == "reported":
                taken += len(goer.worked)
                delivered += len(goer.worked)
            elif trip.state in ("accepted", "claimed", "settled"):
                taken += len(goer.worked)
                delivered += len(goer.worked)
                accepted += len(goer.worked)
    return {"planned_days": taken, "delivered": delivered, "accepted": accepted}


@contextmanager
def laid(*worlds: World) -> Iterator[list[Project]]:
    """The rows of worlds, one project each, gone again afterwards."""
    rows: dict[Any, list[Any]] = defaultdict(list)
    names = {"name_lv": "x", "country": "LV"}
    rows[Institution] = [
        Institution(id=n, code=f"LV-{n}", name_en=f"{n}", **names)
        for n in INSTITUTIONS.values()
        if n
    ]
    for number, world in enumerate(worlds, 1):
        _lay(world, number, rows)
    with transaction.atomic():
        for model, found in rows.items():
            model.objects.bulk_create(found)
        yield rows[Project]
        transaction.set_rollback(True)


def _lay(world: World, number: int, rows: dict[Any, list[Any]]) -> None:
    """Ids begin at a thousand times the number; activities are A0, A1, … in their order."""
    rows[Expert] += [
        Expert(id=10 * number + n, code=f"LV-E{number}{n}", country="LV", institution_id=of)
        for n, of in INSTITUTIONS.items()
    ]
    both, first = {"title_lv": "x", "title_en": "x"}, 1000 * number
    own: dict[str, Any] = {"project_id": number}
    rows[Project].append(
        Project(
            id=number, slug=f"p{number}", reference=f"P {number}", beneficiary_country="AL",
            status="running", publishing="by_hand", **both,
        )
    )  # fmt: skip
    rows[Component] += [Component(id=first + n, number=n, **own, **both) for n in COMPONENTS]
    rows[Activity] += [
        Activity(id=first + n, component_id=first + of, code=f"A{n}", kind="mission", **own, **both)
        for n, of in enumerate(world.activities)
    ]
    _plan(world, number, rows)
    _send(world, number, rows)


def _plan(world: World, number: int, rows: dict[Any, list[Any]]) -> None:
    own, first = {"project_id": number}, 1000 * number
    for n, version in enumerate(world.versions):
        rows[WorkPlan].append(_version(version, CODES[n], id=first + n, **own))
        rows[PlannedActivity] += [
            PlannedActivity(
                plan_id=first + n, activity_id=first + a, days=days, from_on=FIRST, to_on=FIRST,
                **own,
            )
            for a, days in enumerate(version.days)
            if days is not None
        ]  # fmt: skip


def _send(world: World, number: int, rows: dict[Any, list[Any]]) -> None:
    own, first = {"project_id": number}, 1000 * number
    for n, trip in enumerate(world.trips):
        rows[Mission].append(
            Mission(
                id=first + n, activity_id=first + trip.activity, code=f"M{n}", state=trip.state,
                from_on=trip.from_on, to_on=trip.from_on, report_on=trip.from_on, **own,
            )
        )  # fmt: skip
        rows[MissionExpert] += [
            MissionExpert(
                mission_id=first + n, expert_id=10 * number + goer.expert, days=goer.days,
                travel_days=2, grade=goer.grade, **own,
            )
            for goer in trip.goers
        ]  # fmt: skip
        rows[ExpertDay] += [
            ExpertDay(
                mission_id=first + n, expert_id=10 * number + goer.expert, on=day, kind=kind, **own
            )
            for goer in trip.goers
            for day, kind in goer.sheet.items()
        ]


def _version(version: Version, code: str, **given: Any) -> WorkPlan:
    state = "approved" if version.approved_on else "draft"
    return WorkPlan(
        code=code, kind=version.kind, state=state, approved_on=version.approved_on, **given
    )
