"""What may be done with the contract's rules and changes: take over a preset, sign a change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from accounts.roles import Right
from audit.acting import acting
from audit.models import Through
from audit.refused import Refused, refusing
from budget import presets, unit_costs
from budget.amounts import eur
from budget.drifting import of_project
from budget.models import (
    ChangeKind,
    ChangeState,
    ContractChange,
    Entry,
    EntryKind,
    Line,
    Move,
    Rate,
    Ruleset,
    Term,
)
from budget.models.change import SIGNED_IS_FINAL
from deliverables import codes, dates, planning
from deliverables.access import access_of
from deliverables.models import PlanKind, PlannedActivity, Project
from deliverables.planning import LEADERS_RECORD
from steps import table
from steps.table import NOT_YOURS, Rule
from steps.taking import Cycle, Given

SIGN = "sign"
STEPS = {SIGN: Rule({ChangeState.DRAFT: ChangeState.SIGNED}, (Right.CONFIRM,), ("on",))}


def adopt(project: Project, edition: str, *, by: User) -> Ruleset:
    """Give a project the ruleset, rates and terms of an edition's preset.

    The rates are in force from the start of the project. Raises Refused.
    """
    if not access_of(by).may(Right.EDIT, project.pk):
        raise Refused(str(NOT_YOURS))
    preset = presets.read(edition)
    with acting(by.code, Through.ACTION, f"preset {edition}"), refusing():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if Ruleset.objects.filter(project=project).exists():
            raise Refused(_("This project already has its ruleset. Change that one."))
        if preset["rates"] and not project.start:
            raise Refused(
                _("Rates are in force from the start of the project. Enter its start first.")
            )
        ruleset = Ruleset(project=project, edition=edition, **preset["rules"])
        ruleset.full_clean()
        ruleset.save()
        rows: list[Rate | Term] = [
            Rate(project=project, from_on=dates.first(project.start), **given)
            # The fee comes last: from then on claimed days have their amount.
            for given in sorted(preset["rates"], key=lambda given: given["kind"] == "fee")
        ]
        rows += [Term(project=project, **given) for given in preset["terms"]]
        for row in rows:
            row.full_clean()
            row.save()
    return ruleset


class _Changes(Cycle[ContractChange]):
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

    def columns(self, row: ContractChange, verb: str, by: User, given: Given) -> dict[str, Any]:
        """Moves all that the change names."""
        moves = list(row.moves.select_related("deliverable", "activity", "line", "line__heading"))
        if told := _too_early(row, given.on) or _too_far(row, moves):
            raise Refused(told)
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


def _too_far(change: ContractChange, moves: list[Move]) -> str | None:
    """A side letter moves within the limit of a heading, and never more than is planned there."""
    asked: dict[Line, Decimal] = {}  # a line may stand in several rows
    for move in moves:
        if move.line:
            asked[move.line] = asked.get(move.line, Decimal(0)) + (move.amount or Decimal(0))
    for line, amount in asked.items():
        if (planned := _planned(line.pk)) + amount < 0:
            return _("Line %(line)s has %(planned)s EUR planned, less than is taken away.") % {
                "line": line.code,
                "planned": eur(planned),
            }
    if change.kind == ChangeKind.ADDENDUM:
        return None
    return _without_heading(asked) or _beyond_the_limit(change) or _adds(asked)


def _without_heading(asked: dict[Line, Decimal]) -> str | None:
    if bare := next((line for line in asked if line.heading_id is None), None):
        return _(
            "Line %(line)s has no heading, so nothing tells whether the side letter stays within "
            "the limit of one. Give the line its heading first, or record an addendum."
        ) % {"line": bare.code}
    return None


def _adds(asked: dict[Line, Decimal]) -> str | None:
    if (added := sum(asked.values(), Decimal(0))) > 0:
        return _(
            "The side letter gives %(added)s EUR more than it takes. It moves money between "
            "lines; what adds to the budget needs an addendum."
        ) % {"added": eur(added)}
    return None


def _beyond_the_limit(change: ContractChange) -> str | None:
    """The first heading that this side letter moves further beyond what side letters may move."""
    now = {heading.code: heading.moved for heading in of_project(change.project)}
    for heading in of_project(change.project, draft=change):
        if not heading.beyond or heading.moved <= now.get(heading.code, 0):
            continue
        if not heading.signed:
            return _(
                "Heading %(heading)s has nothing in the budget last signed in full, so a side "
                "letter cannot give it money. This needs an addendum."
            ) % {"heading": heading.code}
        return _(
            "Heading %(heading)s would be moved by %(percent)s %% of the budget last signed in "
            "full (%(moved)s of %(signed)s EUR), and side letters may move %(limit)s %%. This "
            "needs an addendum."
        ) % {
            "heading": heading.code,
            "percent": heading.percent,
            "moved": eur(heading.moved),
            "signed": eur(heading.signed),
            "limit": heading.limit,
        }
    return None


def _planned(line: int | None) -> Decimal:
    entries = Entry.objects.counting().filter(line=line, kind=EntryKind.PLANNED)
    return entries.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


def _target(move: Move) -> str:
    return "deliverable" if move.deliverable_id else "line" if move.line_id else "end"


def _move_activities(change: ContractChange, moves: list[Move], by: User, on: dt.date) -> None:
    """All activities move in one new version of the work plan, approved by the signature."""
    if not moves:
        return
    plan = planning.next_version(change.project, PlanKind.AMENDED, by=by)
    plan.note_lv, plan.note_en = change.reason_lv, change.reason_en
    plan.save(update_fields=["note_lv", "note_en"])
    lines: dict[Any, PlannedActivity] = {line.activity_id: line for line in plan.lines.all()}
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
    move.old_amount = _planned(move.line_id)
    entry = Entry(
        line=move.line, code=_next_code(move.line_id), kind=EntryKind.PLANNED,
        amount=move.amount or Decimal(0), on=move.to_on, change=change,
        note_lv=change.reason_lv, note_en=change.reason_en,
    )  # fmt: skip
    entry.full_clean()
    entry.save()


def _next_code(line: int | None) -> str:
    return codes.following(Entry.objects.filter(line=line), "B")


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


def enter_days(line: Line, *, by: User, seen: str, on: str, ledger_ref: str) -> Entry:
    """Enter as spent what the accepted days come to and the line does not have yet.

    The amount is computed from the rate card, never typed; `seen` is the amount that the person
    saw, EUR. `on` is a partial date: days until its end count. Raises Refused, with nothing
    written.
    """
    if not access_of(by).may(Right.EDIT, line.project_id):
        raise Refused(str(NOT_YOURS))
    if dates.first(on) > timezone.localdate():
        raise Refused(_("The date %(on)s has not come yet.") % {"on": on})
    with acting(by.code, Through.ACTION, f"days of {line.code}"), refusing():
        project = Project.objects.select_for_update(no_key=True).get(pk=line.project_id)
        costs = unit_costs.of_project(project, until=dates.last(on))
        cost = next((one for one in costs if one.line.pk == line.pk), None)
        if told := _entered_elsewhere(line, costs) or _why_not_enter(cost, seen):
            raise Refused(told)
        with override("lv"):
            note_lv = str(_DAYS_NOTE)
        with override("en"):
            note_en = str(_DAYS_NOTE)
        entry = Entry(
            line=line, code=_next_code(line.pk), kind=EntryKind.SPENT, on=on,
            amount=cast(unit_costs.UnitCost, cost).missing, ledger_ref=ledger_ref,
            note_lv=note_lv, note_en=note_en,
        )  # fmt: skip
        entry.full_clean()
        entry.save()
    return entry


# The note is public, and the days of a line may be those of one person: it does not count them.
_DAYS_NOTE = gettext_lazy("By the rate card, from the accepted days")


def _entered_elsewhere(line: Line, costs: list[unit_costs.UnitCost]) -> str | None:
    """The same days would be spent twice where two lines pay for them."""
    for cost in costs:
        if cost.line.pk != line.pk and unit_costs.pay_the_same(cost.line, line):
            named = {"one": cost.line.code, "other": line.code}
            return str(unit_costs.PAID_TWICE) % (named | {"rate": line.get_priced_by_display()})
    return None


def _why_not_enter(cost: unit_costs.UnitCost | None, seen: str) -> str | None:
    if cost is None:
        return _("No rate pays this line, so its spending does not follow from days.")
    names = {"spent": eur(cost.line.spent), "due": eur(cost.due), "missing": eur(cost.missing)}
    if cost.line.spent > cost.due and cost.missing < 0:
        return (
            _(
                "The line has %(spent)s EUR spent, and the accepted days come to %(due)s EUR. "
                "Correct the entry that is too large."
            )
            % names
        )
    if cost.missing <= 0:
        return _("The line has what the accepted days come to: there is nothing to enter.")
    if seen != str(cost.missing):
        return (
            _(
                "The accepted days until this date come to another amount than this page showed: "
                "%(missing)s EUR are to be entered. Look at it, and enter it then."
            )
            % names
        )
    return None


_MOVERS = {"deliverable": _move_due, "line": _move_money, "end": _move_end}
