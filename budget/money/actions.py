"""Signing a change of the contract: what it moves is moved at once, or nothing is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import cast

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Right
from audit.rows.refused import Refused
from budget.money import side_letters
from budget.money.models import (
    ChangeState,
    ContractChange,
    Entry,
    EntryKind,
    Move,
)
from budget.money.models.change import SIGNED_IS_FINAL
from deliverables.fields import dates
from deliverables.plan import actions as planning
from deliverables.plan.actions import LEADERS_RECORD
from deliverables.plan.models import PlanKind, PlannedActivity
from deliverables.projects import codes
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from steps import table
from steps.table import StepRule
from steps.taking import Cycle, Given

SIGN = "sign"
STEPS = {SIGN: StepRule({ChangeState.DRAFT: ChangeState.SIGNED}, (Right.CONFIRM,), ("on",))}


class _Changes(Cycle[ContractChange, Given]):
    steps = STEPS
    rows = ContractChange.objects.select_related("project")
    stale = gettext_lazy(
        "Somebody changed it after you opened this page, so nothing was signed. Read "
        "it again, and decide then."
    )

    def refusal(self, row: ContractChange, verb: str, by: User) -> str | None:
        rights = access_of(by).rights(row.project_id)
        refused = table.refusal(
            STEPS[verb], row.state, rights, elsewhere=SIGNED_IS_FINAL, not_yours=LEADERS_RECORD
        )
        if refused or row.moves.exists():
            return refused
        return _("The change moves nothing yet. Add what it moves first.")

    def why(self, row: ContractChange, verb: str, given: Given) -> str:
        return f"sign {row.code}"

    def lock(self, row: ContractChange) -> None:
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)

    def columns(self, row: ContractChange, verb: str, by: User, given: Given) -> dict[str, object]:
        """Moves all that the change names."""
        moves = list(row.moves.select_related("deliverable", "activity", "line", "line__heading"))
        if refusal := _too_early(row, given.on) or side_letters.too_far(row, moves):
            raise Refused(refusal)
        _move_activities(row, [move for move in moves if move.activity_id], by, given.on)
        for move in moves:
            if not move.activity_id:
                _MOVERS[_target(move)](row, move)
            move.full_clean()
            move.save()
        signed = ContractChange.objects.filter(project=row.project_id)
        number = (signed.aggregate(last=Max("number"))["last"] or 0) + 1
        return {"signed_on": given.on, "number": number, "plan": row.plan}


CHANGES = _Changes()


def sign(change: ContractChange, *, by: User, seen: int | str, on: dt.date) -> ContractChange:
    """Make a change final and move all that it names, or nothing. Raises Refused."""
    return CHANGES.take(change, SIGN, by=by, seen=seen, given=Given(on=on))


def _too_early(change: ContractChange, on: dt.date) -> str | None:
    if on > timezone.localdate():
        return _("The date %(on)s has not come yet.") % {"on": on}
    signed = ContractChange.objects.filter(project=change.project_id, state=ChangeState.SIGNED)
    last = signed.order_by("-signed_on").first()
    if last and last.signed_on and on < last.signed_on:
        return _("%(code)s was signed later, on %(on)s.") % {
            "code": last.code,
            "on": last.signed_on,
        }
    return None


def _target(move: Move) -> str:
    return "deliverable" if move.deliverable_id else "line" if move.line_id else "end"


def _move_activities(change: ContractChange, moves: list[Move], by: User, on: dt.date) -> None:
    """All activities move in one new version of the work plan, approved by the signature."""
    if not moves:
        return
    plan = planning.next_version(change.project, PlanKind.AMENDED, by=by)
    plan.note_lv, plan.note_en = change.reason_lv, change.reason_en
    plan.save(update_fields=["note_lv", "note_en"])
    lines: dict[int | None, PlannedActivity] = {line.activity_id: line for line in plan.lines.all()}
    for move in moves:
        line = lines.get(move.activity_id)
        if line:
            move.old_from_on, move.old_to_on = line.from_on, line.to_on.isoformat()
            move.old_days = line.days
        else:
            line = PlannedActivity(project=change.project, plan=plan, activity=move.activity)
        line.from_on, line.to_on = cast(dt.date, move.from_on), dt.date.fromisoformat(move.to_on)
        line.days = move.days or 0
        line.full_clean()
        line.save()
    plan.refresh_from_db()
    change.plan = planning.approve(plan, by=by, seen=plan.version, on=on, signed=True)


def _move_due(change: ContractChange, move: Move) -> None:
    row = move.deliverable
    if row is None:
        return
    move.old_to_on = row.due_current or row.due_original
    row.due_current = move.to_on
    row.full_clean()
    row.save(update_fields=["due_current"])


def _move_money(change: ContractChange, move: Move) -> None:
    """A planned entry of the difference, under the next code of its line."""
    move.old_amount = Entry.objects.planned_on(move.line_id)
    entry = Entry(
        line=move.line, code=next_code(move.line_id), kind=EntryKind.PLANNED,
        amount=move.amount or Decimal(0), on=move.to_on, change=change,
        note_lv=change.reason_lv, note_en=change.reason_en,
    )  # fmt: skip
    entry.full_clean()
    entry.save()


def next_code(line: int | None) -> str:
    return next(next_codes(line))


def next_codes(line: int | None, taken: Collection[str] = ()) -> Iterator[str]:
    """The codes of the next entries of a line, without those that are `taken` meanwhile."""
    return codes.endless(Entry, line, "B", taken)


def _move_end(change: ContractChange, move: Move) -> None:
    project = Project.objects.get(pk=change.project_id)
    if project.start and dates.last(move.to_on) < dates.first(project.start):
        raise Refused(
            _("The project would end on %(end)s, before it begins on %(start)s.")
            % {"end": move.to_on, "start": project.start}
        )
    move.old_to_on = project.end_current or project.end_planned
    project.end_current = move.to_on
    project.full_clean()
    project.save(update_fields=["end_current"])


_MOVERS = {"deliverable": _move_due, "line": _move_money, "end": _move_end}
