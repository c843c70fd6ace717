"""Carrying an import out: all that its preview said, in one short transaction, or nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence

from django.db import IntegrityError, OperationalError, connection, models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable, UniqueViolation

from audit.events.acting import acting
from audit.events.people import Person, named
from audit.models import Through
from audit.rows.refused import Refused
from exchange.imports import rules
from exchange.imports.planned import Plan, Planned, Steps
from exchange.models import Import, ImportState
from exchange.tables.resources import TableResource

LOCK = 7_246_002  # with a number of the table: imports into it, one at a time


def apply(
    job: Import,
    resource: TableResource,
    plan: Plan,
    *,
    by: Person,
    taken: frozenset[str] = frozenset(),
    steps: Steps | None = None,
) -> Import:
    """Write what the plan says. `taken` are the cells of conflicts where the file wins.

    Raises Refused, with nothing written. An import that was carried out already stays as it
    is.
    """

    def write_it() -> tuple[Plan, dict[str, int]]:
        return plan, write(resource, plan, taken, steps)

    return carried_out(job, [resource.table], write_it, by=by)


def carried_out(
    job: Import,
    tables: Sequence[str],
    write_it: Callable[[], tuple[Plan, dict[str, int]]],
    *,
    by: Person,
) -> Import:
    """The import once `write_it` has written into these tables, or as it is if it is over.
    Raises Refused, with nothing written."""
    try:
        with acting(by.code, Through.IMPORT, f"import {job.pk}"):
            for table in sorted(tables):
                _alone(table, by)
            job = Import.objects.select_for_update().get(pk=job.pk)
            if job.state != ImportState.PENDING:
                return job
            return _closed(job, *write_it())
    except IntegrityError as error:
        raise Refused(_why_not(error)) from error
    except OperationalError as error:
        if not is_held(error):
            raise
        raise Refused(in_use()) from error


def is_held(error: OperationalError) -> bool:
    """Whether it was waited in vain for a row that somebody else is writing."""
    return isinstance(error.__cause__, LockNotAvailable | DeadlockDetected)


def in_use() -> str:
    return _(
        "Somebody is writing rows of the file at this moment, so nothing was written. Wait a "
        "little, and try it again."
    )


def changed_meanwhile() -> str:
    return _(
        "The register changed after you read the preview, so nothing was written. "
        "Below is what the import would do now."
    )


def _why_not(error: IntegrityError) -> str:
    if isinstance(error.__cause__, UniqueViolation):
        return _(
            "Nothing was written: while you were reading, somebody added a row that the file "
            "adds, too. Below is what the import would do now."
        )
    return _(
        "Nothing was written: a row that the file refers to is gone, or a rule of the table "
        "refuses the result. Below is what the import would do now."
    )


def write(
    resource: TableResource,
    plan: Plan,
    taken: frozenset[str] = frozenset(),
    steps: Steps | None = None,
) -> dict[str, int]:
    """Write a plan in the caller's transaction; what was done, counted. Raises Refused."""
    touched, model = plan.rows, resource.model()
    _lock([row for row in touched if not row.is_new], model)
    kept = _without_kept(touched, taken)
    new = [row for row in touched if row.is_new]
    changed = [row for row in touched if row.changes and not row.is_new]
    if steps:
        _step(changed, resource, steps)
    _update(changed, model, steps)
    rows = [rules.from_json(model, row.cells) for row in new]
    model._default_manager.bulk_create(rows, batch_size=500)
    return {
        "new": len(new),
        "changed": len(changed),
        "unchanged": plan.unchanged + len(touched) - len(new) - len(changed),
        "cells": sum(len(row.changes) for row in changed),
        "kept": kept,
    }


def _alone(table: str, by: Person) -> None:
    """Raises Refused, naming who, while another import into this table is carried out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashtext(%s)", [table])
        (key,) = cursor.fetchone()
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, key])
        if not cursor.fetchone()[0]:
            cursor.execute(
                "SELECT a.application_name, a.xact_start FROM pg_locks l "
                "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
                "AND l.classid = %s AND l.objid = (%s)::int4::oid",
                [LOCK, key],
            )
            raise Refused(_running(cursor.fetchone()))
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"import {by.code}"])


def _running(running: tuple[str, dt.datetime | None] | None) -> str:
    who, since = running or ("", None)
    code = who.removeprefix("import ")
    name = named([code]).get(code, code) or _("somebody")
    at = date_format(timezone.localtime(since), "TIME_FORMAT") if since else "?"
    return _(
        "Nothing was written now: an import into this table by %(who)s is running since %(at)s. "
        "Wait a moment, and look again."
    ) % {"who": name, "at": at}


def _lock(rows: Sequence[Planned], model: type[models.Model]) -> None:
    """Lock what is to be changed. Raises Refused where it changed after the preview."""
    if not rows or rows[0].version is None:
        return
    stored = model._base_manager.filter(pk__in=[row.key for row in rows])
    locked = stored.select_for_update(no_key=True).order_by("pk").values_list("pk", "version")
    live = dict(locked)
    stale = [row for row in rows if live.get(row.key) != row.version]
    if stale:
        names = ", ".join(row.name for row in stale[:12])
        raise Refused(
            _(
                "Nothing was written: somebody changed %(count)s of the rows after the preview "
                "(%(names)s). Below is what the import would do now."
            )
            % {"count": len(stale), "names": names}
        )


def _without_kept(touched: Sequence[Planned], taken: frozenset[str]) -> int:
    """Leave out the cells of conflicts where the register wins; how many they are."""
    kept = 0
    for row in touched:
        lost = [c for c in row.conflicts if row.place(c) not in taken]
        kept += len(lost)
        row.changes = [change for change in row.changes if change not in lost]
    return kept


def _step(rows: Sequence[Planned], resource: TableResource, steps: Steps) -> None:
    own = {
        planned.key: [c.column for c in planned.changes if c.column in steps.columns]
        for planned in rows
    }
    asked = resource.get_queryset().in_bulk([key for key, columns in own.items() if columns])
    for planned in rows:
        if row := asked.get(planned.key):
            steps.take(row, {name: planned.cells[name] for name in own[planned.key]})


def _update(rows: Sequence[Planned], model: type[models.Model], steps: Steps | None) -> None:
    """One statement for all rows, each with its own columns."""
    stepped = steps.columns if steps else ()
    changed, names = [], set[str]()
    columns_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    for row in rows:
        own = [columns_of[c.column] for c in row.changes if c.column not in stepped]
        if own:
            changed.append({"id": row.key, "cells": {name: row.cells[name] for name in own}})
            names |= {*own}
    if not changed:
        return
    columns = ", ".join(f'"{name}"' for name in sorted(names))
    values = ", ".join(f'r."{name}"' for name in sorted(names))
    table = f'"{model._meta.db_table}"'
    sql = (
        f"UPDATE {table} AS t SET ({columns}) = (SELECT {values} "  # noqa: S608 - our own names
        "FROM jsonb_populate_record(t, d.cells) AS r) "
        "FROM jsonb_to_recordset(%s::jsonb) AS d (id bigint, cells jsonb) WHERE t.id = d.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(changed, default=str)])
        if cursor.rowcount != len(changed):
            raise Refused(
                _("Nothing was written: some of the rows are gone. Upload the file again.")
            )


def _closed(job: Import, plan: Plan, done: dict[str, int]) -> Import:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        (job.transaction,) = cursor.fetchone()
    job.state, job.applied_at = ImportState.APPLIED, timezone.now()
    job.content = job.plan = None
    job.told = {
        **done,
        "warnings": [[sentence, rows] for sentence, rows in plan.warnings().items()],
    }
    job.save()
    return job
