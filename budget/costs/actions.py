"""Entering what days came to by the rate card."""

from __future__ import annotations

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused, refusing
from budget.costs import unit_costs
from budget.money.actions import next_code
from budget.money.amounts import eur
from budget.money.models import Entry, EntryKind, Line
from deliverables.fields import dates
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from steps.table import NOT_YOURS


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
        cost = next((cost for cost in costs if cost.line.pk == line.pk), None)
        if refusal := _entered_elsewhere(line, costs) or _why_not_enter(cost, seen):
            raise Refused(refusal)
        with override("lv"):
            note_lv = str(_DAYS_NOTE)
        with override("en"):
            note_en = str(_DAYS_NOTE)
        entry = Entry(
            line=line, code=next_code(line.pk), kind=EntryKind.SPENT, on=on,
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
