"""What a project still needs in a quarter: each kind of thing that waits, and who acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.contrib import admin
from django.db.models import Max, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from budget.costs import unit_costs
from budget.money.amounts import eur
from budget.money.models import ChangeState, ContractChange
from deliverables.fields import quarters
from deliverables.indicators import actions as measuring
from deliverables.indicators import opsys as indicators
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable
from deliverables.ladder.status import Turn
from deliverables.plan.models import Activity, ActivityStatus, PlanState, WorkPlan
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from experts.missions.models import Mission
from experts.missions.status import TIMED, State

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOST = 50  # rows of a kind; the lists have the rest
ENDED = (ActivityStatus.COMPLETED, ActivityStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of thing that waits: what it is, who acts, and the rows with their addresses."""

    title: _StrOrPromise
    owner: _StrOrPromise
    right: Right
    rows: list[tuple[str, str, str]]
    people: tuple[str, ...] = ()
    more: bool = False


Row = TypeVar("Row", bound=Model)


def visible_rows(request: HttpRequest, model: type[Row]) -> QuerySet[Row]:
    """The rows that this person sees in the back office."""
    return admin.site.get_model_admin(model).get_queryset(request)


def needs_of(request: HttpRequest, project: Project, last: dt.date, today: dt.date) -> list[Need]:
    checks = _("someone other than who took the step before")
    worker = _("the component’s coordinator")
    return [
        *_missions(request, project, last, today),
        _need(
            _("Contract changes to be signed"),
            _("the two project leaders"),
            Right.CONFIRM,
            visible_rows(request, ContractChange).filter(project=project, state=ChangeState.DRAFT),
        ),
        _need(
            _("Versions of the work plan to be approved"),
            _("the two project leaders"),
            Right.CONFIRM,
            visible_rows(request, WorkPlan).filter(project=project, state=PlanState.DRAFT),
        ),
        *_results(request, project, last),
        _need(_("Activities that end"), worker, Right.WORK, _activities(request, project, last)),
        _need(
            _("Values of indicators to be approved"),
            checks,
            Right.CHECK,
            visible_rows(request, Measurement).filter(
                project=project, approved_by="", on__lte=last
            ),
        ),
        *_indicators(request, project, last, today),
        *_days_to_enter(request, project, last),
    ]


def _indicators(
    request: HttpRequest, project: Project, last: dt.date, today: dt.date
) -> list[Need]:
    """Indicators without a value of the quarter, once it has begun; today, what OPSYS lacks."""
    first = quarters.first(quarters.name(last))
    if first > today:
        return []
    measured = Measurement.objects.filter(project=project, on__range=(first, last))
    rows = visible_rows(request, Indicator).filter(project=project)
    lacking = rows.exclude(pk__in=measured.values("indicator")).annotate(newest=Max("values__on"))
    lines = [
        (
            str(row),
            _address(row),
            gettext("last value: %(on)s") % {"on": row.newest}
            if row.newest
            else gettext("no value yet"),
        )
        for row in lacking[: MOST + 1]
    ]
    title, owner = _("Indicators without a value of the quarter"), _("the component’s coordinator")
    needs = [Need(title, owner, Right.WORK, lines[:MOST], more=len(lines) > MOST)]
    if last >= today and access_of(request.user).may(Right.SEE, project.pk):
        needs.append(_opsys(project))
    return needs


def _opsys(project: Project) -> Need:
    """What is to be typed into OPSYS since it was last submitted."""
    last = measuring.last_submission(project)
    moved = indicators.since(measuring.sheet(project), last.content if last else [])
    state = gettext("no submission is recorded")
    if last:
        state = ngettext(
            "%(n)s cell changed since %(on)s", "%(n)s cells changed since %(on)s", len(moved)
        ) % {"n": len(moved), "on": last.on}
    rows = [(gettext("OPSYS sheet"), reverse("admin:opsys", args=[project.slug]), state)]
    title, owner = _("Values to be submitted to OPSYS"), _("a project leader")
    return Need(title, owner, Right.STEER, rows if moved else [])


def _missions(request: HttpRequest, project: Project, last: dt.date, today: dt.date) -> list[Need]:
    """The missions that wait, read once."""
    waiting = (
        State.DRAFT, State.APPROVED, *TIMED, State.REPORTED, State.ACCEPTED, State.CLAIMED,
    )  # fmt: skip
    rows = visible_rows(request, Mission).filter(
        project=project, state__in=waiting, from_on__lte=last
    )
    by_state = _by_state(rows.select_related("activity"))
    checks = _("someone other than who took the step before")
    awaited = [
        row for state in TIMED for row in by_state.get(state, []) if row.to_on <= min(last, today)
    ]
    return [
        _need(_("Drafts of missions"), checks, Right.CHECK, by_state.get(State.DRAFT, [])),
        _need(
            _("Missions to be confirmed"),
            _("the host"),
            Right.WORK,
            by_state.get(State.APPROVED, []),
        ),
        _need(_("Reports awaited"), _("the component’s coordinator"), Right.WORK, awaited),
        _need(_("Reports to be accepted"), checks, Right.CHECK, by_state.get(State.REPORTED, [])),
        _need(
            _("Accepted missions to be claimed"),
            checks,
            Right.STEER,
            by_state.get(State.ACCEPTED, []),
        ),
        _need(
            _("Claimed missions to be settled"),
            _("a project leader"),
            Right.STEER,
            by_state.get(State.CLAIMED, []),
        ),
    ]


def _by_state(rows: Iterable[Mission]) -> dict[str, list[Mission]]:
    by_state: dict[str, list[Mission]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row)
    return by_state


def _days_to_enter(request: HttpRequest, project: Project, last: dt.date) -> list[Need]:
    """Lines that the rate card pays and that lack what accepted days come to; for who sees all."""
    if not access_of(request.user).may(Right.SEE, project.pk):
        return []
    rows = [
        (str(cost.line), _address(cost.line), f"{eur(cost.missing)} EUR")
        for cost in unit_costs.of_project(project, until=last)
        if cost.missing > 0
    ]
    title, owner = _("Accepted days to be entered in the budget"), _("a project leader")
    return [Need(title, owner, Right.EDIT, rows)]


# The results that wait by whose turn it is: title, who acts, and by which right.
_TURNS: dict[str, tuple[_StrOrPromise, _StrOrPromise, Right]] = {
    Turn.WORK: (_("Results due"), _("the component’s coordinator"), Right.WORK),
    Turn.CHECK: (
        _("Results to be checked"),
        _("someone other than who took the step before"),
        Right.CHECK,
    ),
    Turn.ACCEPT: (_("Results to be accepted"), _("the beneficiary"), Right.ACCEPT),
    Turn.SIGN: (_("Results to be signed"), _("the two project leaders"), Right.CONFIRM),
    Turn.CONFIRM: (_("Results to be confirmed"), _("the steering committee"), Right.CONFIRM),
}
_SIGN = (Turn.SIGN, Turn.SIGN_MS, Turn.SIGN_BC)


def _results(request: HttpRequest, project: Project, last: dt.date) -> list[Need]:
    """Those that are due, and those that were reported and wait for somebody; read once."""
    due = Deliverable.objects.open().due_before(last + dt.timedelta(1)).values("pk")
    waits = Q(pk__in=due) | Q(turn__in=[*_TURNS, *_SIGN]) & ~Q(turn=Turn.WORK)
    by_turn: dict[str, list[Deliverable]] = {}
    for row in visible_rows(request, Deliverable).filter(waits, project=project):
        turn = Turn.SIGN if row.turn in _SIGN else row.turn
        by_turn.setdefault(turn, []).append(row)
    return [_need(*need, by_turn.get(turn, [])) for turn, need in _TURNS.items()]


def _activities(request: HttpRequest, project: Project, last: dt.date) -> QuerySet[Activity]:
    """Those that the plan in force lets end by then and that have not ended."""
    plan = WorkPlan.objects.in_force(project).values("pk")
    rows = visible_rows(request, Activity).filter(
        project=project, planned__plan__in=plan, planned__to_on__lte=last
    )
    return rows.exclude(status__in=ENDED)


def _need(
    title: _StrOrPromise,
    owner: _StrOrPromise,
    right: Right,
    rows: Sequence[Model] | QuerySet[Model],
) -> Need:
    """The first rows of a kind, and whether there are more."""
    lines = [(_in_words(row), _address(row), _state(row)) for row in rows[: MOST + 1]]
    return Need(title, owner, right, lines[:MOST], more=len(lines) > MOST)


def _in_words(row: Model) -> str:
    if not isinstance(row, Mission):
        return str(row)
    parts = [f"{row} – {row.to_on}", str(row.activity), row.place]
    return " · ".join(part for part in parts if part)


def _address(row: Model) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def _state(row: Model) -> str:
    for name in ("state", "status", "rung"):
        if hasattr(row, name):
            return str(getattr(row, f"get_{name}_display")())
    return ""
