"""What `manage.py check_data` looks for in money (errors that auditors find)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, combinations, groupby

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budget.contract.models import Report, Ruleset
from budget.costs import unit_costs
from budget.costs.querysets import with_cost
from budget.money.live_reallocation import of_project
from budget.money.models import ChangeState, Entry, EntryKind, Line, Move
from budget.money.querysets import EntryQuerySet
from deliverables.fields import dates
from deliverables.ladder.models import Deliverable
from deliverables.projects.checking import ERROR, WARNING, Case, Checks, within
from deliverables.projects.models import Project
from experts.missions.models import ExpertDay
from experts.missions.models.day import DayKind
from experts.missions.status import AGREED

CENT, NOTHING = Decimal("0.01"), Decimal(0)
ENTRY = {"project": "line.project", "entry": "code", "line": "line.code"}
CHECKS = Checks()


def _spent(only: Project | None) -> EntryQuerySet:
    rows = Entry.objects.counting().filter(kind=EntryKind.SPENT)
    return within(rows, only, "line__project")


@CHECKS.finds(WARNING, _("%(code)s is due on %(day)s now, and no signed contract change says so."))
def moved_by_nothing(only: Project | None) -> Iterator[Case]:
    """Due dates and ends that are others than the contract's and come from no signed change."""
    signed = Move.objects.filter(change__state=ChangeState.SIGNED, to_on=OuterRef("now"))
    due = Deliverable.objects.exclude(due_current="").annotate(now=F("due_current"))
    due = due.filter(~Exists(signed.filter(deliverable=OuterRef("pk"))), active=True)
    for row in within(due.exclude(due_current=F("due_original")), only):
        yield Case(row, code=row.code, day=row.due_current)
    bare = signed.filter(deliverable=None, activity=None, line=None, project=OuterRef("pk"))
    ends = Project.objects.exclude(end_current="").annotate(now=F("end_current"))
    ends = ends.exclude(end_current=F("end_planned"))
    of_project = _("The project ends on %(day)s now, and no signed contract change says so.")
    for project in within(ends.filter(~Exists(bare)), only, "pk"):
        yield Case(project, of_project, day=project.end_current)


@CHECKS.finds(
    ERROR,
    _("Line %(line)s has %(spent)s EUR spent of %(planned)s EUR planned."),
    line="code", spent="spent", planned="planned",
)  # fmt: skip
def over_the_line(only: Project | None) -> Iterable[Line]:
    """More was spent on a line than is planned there, as amended."""
    summed = Line.objects.with_sums()
    return within(summed.filter(Q(spent__gt=F("planned"))), only)


@CHECKS.finds(
    ERROR,
    _(
        "Side letters moved %(moved)s of %(signed)s EUR of heading %(heading)s: "
        "beyond the limit of %(limit)s %%. It needs an addendum."
    ),
)
def over_the_limit(only: Project | None) -> Iterator[Case]:
    """Side letters moved a heading beyond the limit of the contract, or near to it."""
    near = _(
        "Side letters moved %(moved)s of %(signed)s EUR of heading %(heading)s: "
        "near the limit of %(limit)s %%."
    )
    for rules in within(Ruleset.objects.exclude(reallocation_limit=None), only):
        for drift in of_project(rules.project):
            if not (drift.beyond or drift.near):
                continue
            sentence, severity = ("", ERROR) if drift.beyond else (near, WARNING)
            yield Case(
                rules, sentence, severity, heading=drift.code, moved=drift.moved,
                signed=drift.signed, limit=drift.limit,
            )  # fmt: skip


@CHECKS.finds(
    ERROR,
    _("Entry %(entry)s of line %(line)s was spent on %(day)s, outside the project's time."),
    **ENTRY, day="on",
)  # fmt: skip
def spent_outside(only: Project | None) -> Iterator[Case]:
    """Spending before the project began, after it ended, or on a day to come: not eligible."""
    to_come = _("Entry %(entry)s of line %(line)s was spent on %(day)s, which has not come yet.")
    today = timezone.localdate()
    for row in _spent(only).exclude(on=""):
        first = dates.first(row.on)
        if first > today:
            yield Case(row, to_come)
        # A month that the project only touches counts as its own.
        elif not row.line.project.covers(dates.last(row.on), first):
            yield Case(row)


@CHECKS.finds(
    WARNING,
    _(
        "Entry %(entry)s of line %(line)s is spent and has no date, so nothing tells "
        "whether it lies in the project's time."
    ),
    **ENTRY,
)
def spent_undated(only: Project | None) -> Iterable[Entry]:
    """Spending without a date in a project with a ruleset: nothing tells whether it is eligible."""
    return _spent(only).filter(on="", line__project__in=Ruleset.objects.values("project"))


@CHECKS.finds(
    ERROR,
    _(
        "Entry %(entry)s of line %(line)s corrects what the contract planned from "
        "%(was)s to %(now)s EUR, after change %(change)s had moved money. The limits "
        "of side letters follow from it: compare it with the budget of the contract."
    ),
    **ENTRY, was="corrects.amount", now="amount", change="moved_by",
)  # fmt: skip
def planned_anew(only: Project | None) -> Iterable[Entry]:
    """Corrections of what the contract planned that came after a change had moved money.

    Side letters are limited by what was planned, so another amount there moves their limits. A
    correction that was corrected again is found, too: the newest may repeat its amount.
    """
    moved = Entry.objects.filter(
        line__project=OuterRef("line__project"), pk__lt=OuterRef("pk"), change__isnull=False
    )
    rows = Entry.objects.filter(kind=EntryKind.PLANNED, corrects__isnull=False)
    rows = rows.exclude(amount=F("corrects__amount")).annotate(
        moved_by=Subquery(moved.order_by("-pk").values("change__code")[:1])
    )
    return within(rows.exclude(Q(moved_by=None)).select_related("corrects"), only, "line__project")


@CHECKS.finds(
    ERROR,
    _(
        "Entry %(entry)s of line %(line)s is %(amount)s EUR, and %(units)s × %(rate)s "
        "EUR is %(product)s EUR."
    ),
    **ENTRY, amount="amount",
)  # fmt: skip
def wrong_product(only: Project | None) -> Iterator[Case]:
    """An amount that is not its units times their rate."""
    rows = Entry.objects.counting().filter(units__isnull=False, unit_rate__isnull=False)
    for row in within(rows, only, "line__project"):
        units, rate = row.units or NOTHING, row.unit_rate or NOTHING
        product = (units * rate).quantize(CENT, ROUND_HALF_UP)
        if product != row.amount:
            yield Case(row, units=units.normalize(), rate=rate, product=product)


@CHECKS.finds(
    WARNING,
    _("Entry %(entry)s of line %(line)s has neither evidence nor a number in the ledger."),
    **ENTRY,
)
def unproven(only: Project | None) -> Iterable[Entry]:
    """Spending that leads to no voucher: neither evidence nor a number in the ledger."""
    return _spent(only).filter(evidence=None, ledger_ref="")


@CHECKS.finds(
    WARNING,
    _(
        "%(expert)s has %(day)s on mission %(mission)s, and the rate card has no daily fee "
        "for it."
    ),
    about="mission", expert="expert.code", day="on", mission="mission.code",
)  # fmt: skip
def unpriced(only: Project | None) -> Iterable[ExpertDay]:
    """Accepted days in a project with a ruleset for which its rate card has no daily fee."""
    ruled = Ruleset.objects.values("project")
    days = with_cost(_agreed_days().filter(project__in=ruled)).filter(fee=None)
    return within(days, only).select_related("mission", "expert")


def _agreed_days() -> QuerySet[ExpertDay]:
    return ExpertDay.objects.filter(kind=DayKind.COUNTRY, mission__state__in=AGREED)


@CHECKS.finds(
    ERROR,
    _(
        "Line %(line)s has %(spent)s EUR spent, and the accepted days come to "
        "%(due)s EUR by the rate card."
    ),
    line="code", spent="spent",
)  # fmt: skip
def not_the_days(only: Project | None) -> Iterator[Case]:
    """A unit-cost line whose spending is not what the accepted days come to by the rate card."""
    not_entered = _(
        "Line %(line)s has %(spent)s EUR spent, and the accepted days come to "
        "%(due)s EUR by the rate card: the rest is not entered yet."
    )
    paid = Line.objects.exclude(priced_by="").values("project")
    for project in within(Project.objects.filter(pk__in=paid), only, "pk"):
        for cost in unit_costs.of_project(project):
            if cost.missing > 0:
                yield Case(cost.line, not_entered, WARNING, due=cost.due)
            elif cost.missing:
                yield Case(cost.line, due=cost.due)


@CHECKS.finds(ERROR, unit_costs.PAID_TWICE)
def paid_twice(only: Project | None) -> Iterator[Case]:
    """Two lines that one rate pays for the same days."""
    lines = within(Line.objects.exclude(priced_by=""), only).select_related("partner")
    ordered = lines.order_by("project", "priced_by", "code_order")
    by_rate = groupby(ordered, key=lambda line: (line.project_id, line.priced_by))
    for first, second in chain.from_iterable(combinations(rows, 2) for _rate, rows in by_rate):
        if unit_costs.pay_the_same(first, second):
            rate = (first.priced_by, first.get_priced_by_display())
            yield Case(second, one=first.code, other=second.code, rate=rate)


@CHECKS.finds(
    WARNING,
    _(
        "Line %(line)s pays for the days of one person, so its public amounts tell "
        "what this person worked and was paid. Let it pay for several: take out its "
        "partner or its component."
    ),
    line="code",
)
def pays_one_person(only: Project | None) -> Iterator[Line]:
    """Lines with spending for the days of one expert: what they publish is one person's pay."""
    sides = ("project", unit_costs.COMPONENT, unit_costs.INSTITUTION, "expert")
    worked = list(within(_agreed_days(), only).values_list(*sides).distinct())
    summed = Line.objects.with_sums()
    lines = summed.exclude(priced_by="").filter(Q(spent__gt=0)).select_related("partner")
    for line in within(lines, only):
        people = {
            expert
            for project, component, institution, expert in worked
            if project == line.project_id
            and unit_costs.PricedDays(component, institution, 0, {}).is_paid_by(line)
        }
        if len(people) == 1:
            yield line


@CHECKS.finds(
    WARNING,
    _("%(expert)s worked on mission %(mission)s on %(day)s, a holiday."),
    about="mission", expert="expert.code", mission="mission.code", day="on",
)  # fmt: skip
def on_holidays(only: Project | None) -> Iterator[ExpertDay]:
    """Working days on a holiday of the ruleset: possible, and to be explained."""
    for rules in within(Ruleset.objects.exclude(holidays=""), only):
        days = ExpertDay.objects.filter(
            project=rules.project_id, kind=DayKind.COUNTRY, on__in=rules.days_off
        )
        yield from days.select_related("project", "mission", "expert")


@CHECKS.finds(WARNING, _("%(report)s was due on %(day)s and is not handed in."), day="due_on")
def reports_overdue(only: Project | None) -> Iterator[Case]:
    """Reports that were due before today and of which nobody entered that they were handed in."""
    late = Report.objects.filter(handed_in_on=None, due_on__lt=timezone.localdate())
    for row in within(late, only):
        yield Case(row, report=(row.number, str(row)))
