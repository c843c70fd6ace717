"""What `manage.py check_data` looks for in money (errors that auditors find)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from budget import unit_costs
from budget.drifting import of_project
from budget.models import ChangeState, Entry, EntryKind, Line, Move, Ruleset
from budget.querysets import with_cost
from deliverables import dates
from deliverables.findings import Check, Finding, found, within
from deliverables.models import Deliverable, Project
from experts.journey import AGREED
from experts.models import ExpertDay

CENT = Decimal("0.01")


def _spent(only: Project | None) -> Any:
    rows = Entry.objects.counting().filter(kind=EntryKind.SPENT)
    return within(rows, only, "line__project").select_related("line__project")


def over_the_line(only: Project | None = None) -> Iterator[Finding]:
    """More was spent on a line than is planned there, as amended."""
    summed: Any = Line.objects.with_sums()
    rows = summed.filter(spent__gt=F("planned")).select_related("project")
    for row in within(rows, only):
        yield found(
            "error",
            "over_the_line",
            row,
            row.project.slug,
            _("Line %(line)s has %(spent)s EUR spent of %(planned)s EUR planned."),
            line=row.code,
            spent=row.spent,
            planned=row.planned,
        )


def over_the_limit(only: Project | None = None) -> Iterator[Finding]:
    """Side letters moved a heading beyond the limit of the contract, or near to it."""
    limited = Ruleset.objects.exclude(reallocation_limit=None)
    for rules in within(limited, only).select_related("project"):
        for one in of_project(rules.project):
            if one.beyond or one.near:
                sentence = (
                    _(
                        "Side letters moved %(moved)s of %(signed)s EUR of heading %(heading)s: "
                        "beyond the limit of %(limit)s %%. It needs an addendum."
                    )
                    if one.beyond
                    else _(
                        "Side letters moved %(moved)s of %(signed)s EUR of heading %(heading)s: "
                        "near the limit of %(limit)s %%."
                    )
                )
                yield found(
                    "error" if one.beyond else "warning",
                    "over_the_limit",
                    rules,
                    rules.project.slug,
                    sentence,
                    heading=one.code,
                    moved=one.moved,
                    signed=one.signed,
                    limit=one.limit,
                )


def spent_outside(only: Project | None = None) -> Iterator[Finding]:
    """Spending before the project began, after it ended, or on a day to come: not eligible."""
    today = timezone.localdate()
    for row in _spent(only).exclude(on=""):
        project, first = row.line.project, dates.first(row.on)
        # A month that the project only touches counts as its own.
        if first > today or not project.covers(dates.last(row.on), first):
            yield found(
                "error",
                "spent_outside",
                row,
                project.slug,
                _("Entry %(entry)s of line %(line)s was spent on %(day)s, which has not come yet.")
                if first > today
                else _(
                    "Entry %(entry)s of line %(line)s was spent on %(day)s, outside the project's "
                    "time."
                ),
                entry=row.code,
                line=row.line.code,
                day=row.on,
            )


def spent_undated(only: Project | None = None) -> Iterator[Finding]:
    """Spending without a date in a project with a ruleset: nothing tells whether it is eligible."""
    ruled = Ruleset.objects.values("project")
    for row in _spent(only).filter(on="", line__project__in=ruled):
        yield found(
            "warning",
            "spent_undated",
            row,
            row.line.project.slug,
            _(
                "Entry %(entry)s of line %(line)s is spent and has no date, so nothing tells "
                "whether it lies in the project's time."
            ),
            entry=row.code,
            line=row.line.code,
        )


def planned_anew(only: Project | None = None) -> Iterator[Finding]:
    """Corrections of what the contract planned that came after a change had moved money.

    Side letters are limited by what was planned, so another amount there moves their limits. A
    correction that was corrected again is found, too: the newest may repeat its amount.
    """
    moved = Entry.objects.filter(
        line__project=OuterRef("line__project"), pk__lt=OuterRef("pk"), change__isnull=False
    )
    rows: Any = Entry.objects.filter(kind=EntryKind.PLANNED, corrects__isnull=False)
    rows = rows.exclude(amount=F("corrects__amount")).annotate(
        moved_by=Subquery(moved.order_by("-pk").values("change__code")[:1])
    )
    rows = rows.exclude(moved_by=None).select_related("corrects", "line__project")
    for row in within(rows, only, "line__project"):
        yield found(
            "error",
            "planned_anew",
            row,
            row.line.project.slug,
            _(
                "Entry %(entry)s of line %(line)s corrects what the contract planned from "
                "%(was)s to %(now)s EUR, after change %(change)s had moved money. The limits "
                "of side letters follow from it: compare it with the budget of the contract."
            ),
            entry=row.code,
            line=row.line.code,
            was=row.corrects.amount,
            now=row.amount,
            change=row.moved_by,
        )


def wrong_product(only: Project | None = None) -> Iterator[Finding]:
    """An amount that is not its units times their rate."""
    rows = Entry.objects.counting().filter(units__isnull=False, unit_rate__isnull=False)
    for row in within(rows, only, "line__project").select_related("line__project"):
        product = (row.units * row.unit_rate).quantize(CENT, ROUND_HALF_UP)
        if product != row.amount:
            yield found(
                "error",
                "wrong_product",
                row,
                row.line.project.slug,
                _(
                    "Entry %(entry)s of line %(line)s is %(amount)s EUR, and %(units)s × %(rate)s "
                    "EUR is %(product)s EUR."
                ),
                entry=row.code,
                line=row.line.code,
                amount=row.amount,
                units=row.units.normalize(),
                rate=row.unit_rate,
                product=product,
            )


def unproven(only: Project | None = None) -> Iterator[Finding]:
    """Spending that leads to no voucher: neither evidence nor a number in the ledger."""
    for row in _spent(only).filter(evidence=None, ledger_ref=""):
        yield found(
            "warning",
            "unproven",
            row,
            row.line.project.slug,
            _("Entry %(entry)s of line %(line)s has neither evidence nor a number in the ledger."),
            entry=row.code,
            line=row.line.code,
        )


def unpriced(only: Project | None = None) -> Iterator[Finding]:
    """Accepted days in a project with a ruleset for which its rate card has no daily fee."""
    ruled = Ruleset.objects.values("project")
    days = with_cost(ExpertDay.objects.filter(
        kind="country", mission__state__in=AGREED, project__in=ruled
    ))  # fmt: skip
    for day in within(days, only).filter(fee=None).select_related("mission__project", "expert"):
        yield found(
            "warning",
            "unpriced",
            day.mission,
            day.mission.project.slug,
            _(
                "%(expert)s has %(day)s on mission %(mission)s, and the rate card has no daily fee "
                "for it."
            ),
            expert=day.expert.code,
            day=day.on,
            mission=day.mission.code,
        )


def not_the_days(only: Project | None = None) -> Iterator[Finding]:
    """A unit-cost line whose spending is not what the accepted days come to by the rate card."""
    paid = Line.objects.exclude(priced_by="").values("project")
    for project in within(Project.objects.filter(pk__in=paid), only, "pk"):
        for cost in unit_costs.of_project(project):
            if cost.missing:
                sentence = (
                    _(
                        "Line %(line)s has %(spent)s EUR spent, and the accepted days come to "
                        "%(due)s EUR by the rate card: the rest is not entered yet."
                    )
                    if cost.missing > 0
                    else _(
                        "Line %(line)s has %(spent)s EUR spent, and the accepted days come to "
                        "%(due)s EUR by the rate card."
                    )
                )
                yield found(
                    "warning" if cost.missing > 0 else "error",
                    "not_the_days",
                    cost.line,
                    project.slug,
                    sentence,
                    line=cost.line.code,
                    spent=cost.line.spent,
                    due=cost.due,
                )


def paid_twice(only: Project | None = None) -> Iterator[Finding]:
    """Two lines that one rate pays for the same days."""
    lines = within(Line.objects.exclude(priced_by=""), only).select_related("project", "partner")
    ordered = lines.order_by("project", "priced_by", "code_order")
    by_rate = groupby(ordered, key=lambda line: (line.project_id, line.priced_by))
    for one, other in (pair for _rate, rows in by_rate for pair in combinations(rows, 2)):
        if unit_costs.pay_the_same(one, other):
            yield found(
                "error",
                "paid_twice",
                other,
                other.project.slug,
                str(unit_costs.PAID_TWICE),
                one=one.code,
                other=other.code,
                rate=(one.priced_by, one.get_priced_by_display()),
            )


def pays_one_person(only: Project | None = None) -> Iterator[Finding]:
    """Lines with spending for the days of one expert: what they publish is one person's pay."""
    agreed = ExpertDay.objects.filter(kind="country", mission__state__in=AGREED)
    sides = ("project", unit_costs.COMPONENT, unit_costs.INSTITUTION, "expert")
    worked = list(within(agreed, only).values_list(*sides).distinct())
    summed: Any = Line.objects.with_sums()
    lines = summed.exclude(priced_by="").filter(spent__gt=0).select_related("project", "partner")
    for line in within(lines, only):
        people = {
            expert
            for project, component, institution, expert in worked
            if project == line.project_id
            and unit_costs.Part(component, institution, 0, {}).is_paid_by(line)
        }
        if len(people) == 1:
            yield found(
                "warning",
                "pays_one_person",
                line,
                line.project.slug,
                _(
                    "Line %(line)s pays for the days of one person, so its public amounts tell "
                    "what this person worked and was paid. Let it pay for several: take out its "
                    "partner or its component."
                ),
                line=line.code,
            )


def on_holidays(only: Project | None = None) -> Iterator[Finding]:
    """Working days on a holiday of the ruleset: possible, and to be explained."""
    for rules in within(Ruleset.objects.exclude(holidays=""), only).select_related("project"):
        days = ExpertDay.objects.filter(
            project=rules.project_id, kind="country", on__in=rules.days_off
        )
        for day in days.select_related("mission", "expert"):
            yield found(
                "warning",
                "on_holidays",
                day.mission,
                rules.project.slug,
                _("%(expert)s worked on mission %(mission)s on %(day)s, a holiday."),
                expert=day.expert.code,
                mission=day.mission.code,
                day=day.on,
            )


def moved_by_nothing(only: Project | None = None) -> Iterator[Finding]:
    """Due dates and ends that are others than the contract's and come from no signed change."""
    signed = Move.objects.filter(change__state=ChangeState.SIGNED, to_on=OuterRef("now"))
    due = Deliverable.objects.exclude(due_current="").annotate(now=F("due_current"))
    due = due.filter(~Exists(signed.filter(deliverable=OuterRef("pk"))), active=True)
    for row in within(due.exclude(due_current=F("due_original")), only).select_related("project"):
        yield found(
            "warning",
            "moved_by_nothing",
            row,
            row.project.slug,
            _("%(code)s is due on %(day)s now, and no signed contract change says so."),
            code=row.code,
            day=row.due_current,
        )
    bare = signed.filter(deliverable=None, activity=None, line=None, project=OuterRef("pk"))
    ends = Project.objects.exclude(end_current="").annotate(now=F("end_current"))
    ends = ends.exclude(end_current=F("end_planned"))
    for project in within(ends.filter(~Exists(bare)), only, "pk"):
        yield found(
            "warning",
            "moved_by_nothing",
            project,
            project.slug,
            _("The project ends on %(day)s now, and no signed contract change says so."),
            day=project.end_current,
        )


CHECKS: tuple[Check, ...] = (
    moved_by_nothing,
    over_the_line,
    over_the_limit,
    spent_outside,
    spent_undated,
    planned_anew,
    wrong_product,
    unproven,
    unpriced,
    not_the_days,
    paid_twice,
    pays_one_person,
    on_holidays,
)
