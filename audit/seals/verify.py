"""Does the trail tell the truth? Recomputes books and seals, and replays events against the rows.

What it proves: nothing was changed since the oldest head that somebody outside holds, and the live
rows are what the events say. What it cannot: that an entry was true when it was made.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from itertools import groupby

from django.db import models

from audit.events.moment import one_moment
from audit.events.triggers import Audited, audited_tables
from audit.models import Operation
from audit.seals.seal_checks import Discrepancy, Verdict, rows_of, sealed

# Of an event: its row, its number, what was done, and the row before and after it as JSON.
Recorded = tuple[int, int, str, str | None, str | None]


def verify(verdict: Verdict, outside: str = "") -> Iterator[Discrepancy]:
    """Every difference, of one moment; counts go into `verdict`.

    `outside` is a head that somebody kept elsewhere: one of the seals has to have it.
    """
    with one_moment():
        yield from sealed(verdict, outside)
        for model, trigger in audited_tables().items():
            yield from _replayed(model, trigger, verdict)
        yield from _strangers()


def _replayed(
    model: type[models.Model], trigger: Audited, verdict: Verdict
) -> Iterator[Discrepancy]:
    """The rows of one table as their events tell them, beside the rows that are there."""
    table = model._meta.db_table
    left_out, personal, secret = trigger.lists(model)
    shown = f"audit_shown(to_jsonb(t), {left_out}, {personal}, {secret})::text"
    live = rows_of(f'SELECT id, {shown} FROM "{table}" t ORDER BY id')  # noqa: S608 - our own names
    recorded = rows_of(
        'SELECT "row", id, operation, before::text, after::text FROM audit_event '
        'WHERE "table" = %s ORDER BY "row", id',
        [table],
    )
    rows = iter(live)
    row = next(rows, None)
    for key, events in groupby(recorded, key=lambda event: event[0]):
        while row is not None and row[0] < key:
            yield Discrepancy(f"{table} {row[0]}", "the row is there, and no event tells of it.")
            row = next(rows, None)
        state, differences = _state(table, key, events)
        yield from differences
        now = None
        if row is not None and row[0] == key:
            verdict.rows += 1
            now, row = json.loads(row[1]), next(rows, None)
        yield from _compared(f"{table} {key}", state, now)
    while row is not None:
        yield Discrepancy(f"{table} {row[0]}", "the row is there, and no event tells of it.")
        row = next(rows, None)


def _state(
    table: str, key: int, events: Iterator[Recorded]
) -> tuple[dict[str, object] | None, list[Discrepancy]]:
    """What the events of one row make of it, and where their story does not hold together."""
    state: dict[str, object] | None = None
    wrong: list[Discrepancy] = []
    for _row, number, operation, before, after in events:
        where = f"event {number} of {table} {key}"
        was = json.loads(before) if before else {}
        now = json.loads(after) if after else None
        fresh = operation in (Operation.INSERT, Operation.STATE)
        if operation == Operation.INSERT and state is not None:
            wrong.append(Discrepancy(where, "it adds a row that was there already."))
        elif not fresh and state is None:
            wrong.append(Discrepancy(where, "it changes a row that was not there."))
        elif not fresh and any(not same((state or {}).get(name), was[name]) for name in was):
            wrong.append(Discrepancy(where, "it begins from other values than the event before."))
        if operation == Operation.UPDATE:
            if not was or set(was) != set(now or {}):
                wrong.append(Discrepancy(where, "it changes nothing, or not what it names."))
            state = {**(state or {}), **(now or {})}
        else:
            state = now
    return state, wrong


def _compared(
    where: str, state: dict[str, object] | None, now: dict[str, object] | None
) -> Iterator[Discrepancy]:
    if state is None and now is not None:
        yield Discrepancy(where, "the row is there, and by its events it was deleted.")
    elif state is not None and now is None:
        yield Discrepancy(where, "by its events the row is there, and it is not.")
    elif state is not None and now is not None:
        for name in sorted({*state, *now}):
            if not same(state.get(name), now.get(name)):
                yield Discrepancy(
                    f"{where}, column {name}",
                    f"recorded {cut(state.get(name))}, found {cut(now.get(name))}.",
                )


def _strangers() -> Iterator[Discrepancy]:
    known = [model._meta.db_table for model in audited_tables()]
    sql = 'SELECT id, "table" FROM audit_event WHERE NOT ("table" = ANY(%s)) ORDER BY id'
    for number, table in rows_of(sql, [known]):
        yield Discrepancy(f"event {number}", f"it tells of {table}, which is no audited table.")


def same(left: object, right: object) -> bool:
    """Equal, or one moment written in two time zones."""
    if left == right:
        return True
    try:
        return dt.datetime.fromisoformat(str(left)) == dt.datetime.fromisoformat(str(right))
    except ValueError:
        return False


def cut(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]
