"""Saving a grid: all of its rows in one transaction, by the checks of an import, or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, OperationalError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.events.acting import acting
from audit.models import Event, Through
from audit.rows.refused import Refused
from deliverables.projects.models import Project
from exchange.admin import why_not_saved
from exchange.imports import apply, rules
from exchange.imports.planned import Plan
from exchange.imports.planner import plan
from exchange.reading import deadline
from exchange.reading.faults import Fault, Unreadable
from exchange.tables import limits
from office.grids.grid import GridTable, TypedRow

AGAIN = dt.timedelta(days=1)  # in which the very same table is a second click, or a lost answer


class Conflicting(Exception):
    """Somebody else changed cells that the person changed, too; nothing was written."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan


class SavedAlready(Exception):
    """The person saved this very table a moment ago."""


def save(
    table: GridTable, rows: Sequence[TypedRow], live: Mapping[int, Model], *, by: User, page: str
) -> Plan:
    """What was written. `live` are the saved rows among them, as they are known by their keys;
    `page` is that of the form, which differs each time that it is opened.

    Raises Unreadable with what is wrong, by cell; Conflicting, SavedAlready and Refused.
    """
    why = f"table {_digest(table, rows, page)}"
    try:
        with acting(by.code, Through.FORM, why), deadline.within(limits.SECONDS):
            Project.objects.select_for_update(no_key=True).get(pk=table.project.pk)
            if Event.objects.filter(who=by.code, at__gt=timezone.now() - AGAIN, why=why).exists():
                raise SavedAlready
            _lock(table, rows)
            done = _planned(table, rows, live)
            if done.conflicts():
                raise Conflicting(done)
            apply.write(table.resource, done)
            return done
    except (IntegrityError, OperationalError) as error:
        if isinstance(error, OperationalError) and not apply.is_held(error):
            raise
        raise Refused(why_not_saved(error)) from error


def _planned(table: GridTable, rows: Sequence[TypedRow], live: Mapping[int, Model]) -> Plan:
    """What the rows would do. Raises Unreadable."""
    wrong = list(_misplaced(table, rows, live))
    try:
        done = plan(table.resource, table.as_table(rows))
    except Unreadable as unreadable:
        raise Unreadable(*wrong, *unreadable.faults) from None
    new = {number for number, row in enumerate(rows, 1) if row.key is None}
    wrong += [
        Fault(_("There is such a row already. Change it where it stands."), row.number)
        for row in done.rows
        if row.number in new and not row.is_new
    ]
    if wrong:
        raise Unreadable(*wrong)
    return done


def _misplaced(
    table: GridTable, rows: Sequence[TypedRow], live: Mapping[int, Model]
) -> list[Fault]:
    """What says which row it is, typed over in a saved row; in a new one, what is never typed."""
    shown_only, empty = table.resource.read_only(None), dict.fromkeys(table.grid.columns, "")
    faults = []
    for number, row in enumerate(rows, 1):
        is_new = row.key is None
        saved = empty if row.key is None else table.shown(live[row.key]).cells
        faults += [
            Fault(str(rules.ONLY_SHOWN), number, key)
            for key in (shown_only if is_new else table.resource.key)
            if key in saved and saved[key] != row.cells[key].strip()
        ]
    return faults


def _lock(table: GridTable, rows: Sequence[TypedRow]) -> None:
    """So that nobody changes them between the plan and the writing."""
    named = table.resource.model()._base_manager.filter(pk__in=[row.key for row in rows if row.key])
    list(named.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _digest(table: GridTable, rows: Sequence[TypedRow], page: str) -> str:
    sent = [table.grid.name, table.project.pk, page, [[row.seen, row.cells] for row in rows]]
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()[:32]
