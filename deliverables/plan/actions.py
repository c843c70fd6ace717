"""Changes of the work plan: a new version, and its approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused
from deliverables.plan.models import PlanKind, PlannedActivity, PlanState, WorkPlan
from deliverables.plan.models.plan import APPROVED_IS_FINAL
from deliverables.projects import codes
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from steps import table
from steps.table import StepRule, leading_to
from steps.taking import Cycle, Given

# What rooms above ask of a version before it is final: why not, as a sentence.
ALSO_ASKED: list[Callable[[WorkPlan], str | None]] = []

APPROVE, SIGN = "approve", "sign"
# A version as amended is no draft to be approved by hand.
STEPS = {
    APPROVE: StepRule({PlanState.DRAFT: PlanState.APPROVED}, (Right.CONFIRM,), ("on",)),
    SIGN: StepRule(
        leading_to(PlanState.APPROVED, PlanState.DRAFT, PlanKind.AMENDED), (Right.CONFIRM,)
    ),
}
LEADERS_RECORD = gettext_lazy(
    "The two project leaders record what was signed or what the committee approved."
)
_ONLY_SIGNED = gettext_lazy(
    "Only the signature of a contract change makes a version as amended: enter the side "
    "letter or addendum with all that it moves, and sign it."
)


@dataclass(frozen=True, slots=True)
class MovedActivity:
    """One activity in two versions of the plan; None where a version does not plan it."""

    activity: str
    old: PlannedActivity | None
    new: PlannedActivity | None

    @property
    def days(self) -> int:
        return (self.new.days if self.new else 0) - (self.old.days if self.old else 0)


def next_version(project: Project, kind: PlanKind, *, by: User) -> WorkPlan:
    """A draft that begins as a copy of the version in force, so that only changes are typed.

    Raises Refused where there is a draft already: two would each forget what the other moves.
    """
    with acting(by.code, Through.ACTION, "next_version"):
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        plans = WorkPlan.objects.filter(project=project)
        if there := plans.filter(state=PlanState.DRAFT).first():
            raise Refused(
                _("Version %(code)s is still a draft. Finish that one first, or delete it.")
                % {"code": there.code}
            )
        plan = WorkPlan(project=project, kind=kind, code=codes.following(WorkPlan, project.pk, "P"))
        plan.full_clean()
        plan.save()
        for line in PlannedActivity.objects.filter(
            plan__in=WorkPlan.objects.in_force(project).values("pk")
        ):
            line.pk, line.plan, line.version = None, plan, 1
            line._state.adding = True
            line.save()
    return plan


def moved(plan: WorkPlan) -> list[MovedActivity]:
    """What a version changes against the approved one before it, activity by activity."""
    before = WorkPlan.objects.approved().filter(project=plan.project_id).exclude(pk=plan.pk)
    if plan.approved_on:
        before = before.filter(approved_on__lte=plan.approved_on, code_order__lt=plan.code_order)
    base = before.first()
    old = {line.activity.code: line for line in _lines(base)} if base else {}
    new = {line.activity.code: line for line in _lines(plan)}
    both = [MovedActivity(code, old.get(code), new.get(code)) for code in {**new, **old}]
    return [activity for activity in both if _said(activity.old) != _said(activity.new)]


def _lines(plan: WorkPlan) -> list[PlannedActivity]:
    return list(plan.lines.select_related("activity").order_by("activity__code_order"))


def _said(line: PlannedActivity | None) -> tuple[object, ...]:
    return (line.from_on, line.to_on, line.days, line.participants) if line else ()


class _Plans(Cycle[WorkPlan, Given]):
    steps = STEPS
    rows = WorkPlan.objects.all()
    stale = gettext_lazy(
        "Somebody changed the plan after you opened this page, so nothing was "
        "approved. Read it again, and decide then."
    )

    def refusal(self, row: WorkPlan, verb: str, by: User) -> str | None:
        amended = row.kind == PlanKind.AMENDED and row.state != PlanState.APPROVED
        refused = table.refusal(
            STEPS[verb],
            PlanKind.AMENDED if amended else row.state,
            access_of(by).rights(row.project_id),
            elsewhere=_ONLY_SIGNED if amended else APPROVED_IS_FINAL,
            not_yours=LEADERS_RECORD,
        )
        if refused or row.lines.exists():
            return refused
        return _("The version plans nothing yet. Add its activities first.")

    def why(self, row: WorkPlan, verb: str, given: Given) -> str:
        return "approve"

    def lock(self, row: WorkPlan) -> None:
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)

    def columns(self, row: WorkPlan, verb: str, by: User, given: Given) -> dict[str, object]:
        newest, on = WorkPlan.objects.approved().filter(project=row.project_id).first(), given.on
        if verb == SIGN and newest and newest.approved_on:
            on = max(on, newest.approved_on)
        if refusal := _out_of_order(row, on, newest):
            raise Refused(refusal)
        for asked in ALSO_ASKED:
            if refusal := asked(row):
                raise Refused(refusal)
        return {"approved_on": on}


PLANS = _Plans()


def approve(
    plan: WorkPlan, *, by: User, seen: int | str, on: dt.date, signed: bool = False
) -> WorkPlan:
    """Make a version final; `signed`: the signature of a contract change makes it. Raises Refused,
    with nothing written.

    A version that a signature makes is in force after those approved before it was recorded, even
    where the paper was signed earlier: the change keeps the day of the signature.
    """
    return PLANS.take(plan, SIGN if signed else APPROVE, by=by, seen=seen, given=Given(on=on))


def _out_of_order(plan: WorkPlan, on: dt.date, newest: WorkPlan | None) -> str | None:
    """A version comes after those that are approved already; the first one is the contract's."""
    if on > timezone.localdate():
        return _("The date %(on)s has not come yet.") % {"on": on}
    if newest is None:
        contract = WorkPlan.objects.filter(project=plan.project_id, kind=PlanKind.CONTRACT)
        if plan.kind != PlanKind.CONTRACT and contract.exists():
            return _("Approve the work plan of the contract first; the others follow from it.")
        return None
    if newest.approved_on and on < newest.approved_on:
        return _("Version %(code)s was approved later, on %(on)s.") % {
            "code": newest.code,
            "on": newest.approved_on,
        }
    return _beyond_the_contract(plan)


def _beyond_the_contract(plan: WorkPlan) -> str | None:
    """A rolling work plan moves days within a component; only a contract change adds some."""
    if plan.kind in (PlanKind.CONTRACT, PlanKind.AMENDED):
        return None
    signed = WorkPlan.objects.approved().filter(
        project=plan.project_id, kind__in=[PlanKind.CONTRACT, PlanKind.AMENDED]
    )
    base = signed.first()
    if base is None:
        return None
    allowed, asked = (_by_component(_lines(version)) for version in (base, plan))
    for number, days in asked.items():
        if days > allowed.get(number, 0):
            return ngettext(
                "Component %(number)s would have %(asked)s expert-day, and the contract as "
                "amended gives it %(allowed)s. A side letter or addendum can give more.",
                "Component %(number)s would have %(asked)s expert-days, and the contract as "
                "amended gives it %(allowed)s. A side letter or addendum can give more.",
                days,
            ) % {"number": number, "asked": days, "allowed": allowed.get(number, 0)}
    return None


def _by_component(lines: list[PlannedActivity]) -> dict[int, int]:
    days: dict[int, int] = {}
    for line in lines:
        number = line.activity.component.number
        days[number] = days.get(number, 0) + line.days
    return days
