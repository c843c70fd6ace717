"""Does the trail tell the truth? Recomputes the chain and replays the events against the rows.

What it proves: nothing was changed since the oldest head that somebody outside holds, and the live
rows are what the events say. What it cannot: that an entry was true when it was made.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection, models

from audit.models import Operation, Seal
from audit.moment import one_moment
from audit.seals import NOTHING, as_cells, digest, line_of, rendered, seal_cells
from audit.triggers import Audited, audited_tables


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be; `where` is a line, event, seal, or table and row."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Verdict:
    events: int = 0
    unsealed: int = 0
    rows: int = 0
    seals: int = 0
    head: str = ""


def verify(verdict: Verdict, outside: str = "") -> Iterator[Difference]:
    """Every difference, of one moment; counts go into `verdict`.

    `outside` is a head that somebody kept elsewhere: one of the chain's seals has to have it.
    """
    with one_moment():
        yield from _chain(verdict, outside)
        for model, trigger in audited_tables().items():
            yield from _replayed(model, trigger, verdict)
        yield from _strangers()


def _rows(sql: str, parameters: list[Any] | None = None) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(2000):
            yield from rows


_LINES = """
    SELECT l.seq, l.event, l.text, e.id, e.at, e.who, e.through, e.why, e."table", e."row",
      e.operation, e.before::text, e.after::text, e.transaction, e.about
    FROM audit_line l LEFT JOIN audit_event e ON e.id = l.event ORDER BY l.seq
"""
_COUNTS = """
    SELECT count(*), count(*) FILTER (
      WHERE NOT EXISTS (SELECT FROM audit_line l WHERE l.event = e.id)) FROM audit_event e
"""


def _chain(verdict: Verdict, outside: str) -> Iterator[Difference]:
    """Lines in order beside their events; seals beside their lines."""
    seals = {seal.seq: seal for seal in Seal.objects.all()}
    heads, prev, expected, since = {""}, NOTHING, 0, 0
    for seq, event, text, *cells in _rows(_LINES):
        expected += 1
        if seq != expected:
            yield Difference(
                f"line {seq}", f"line {expected} should stand here; lines are missing."
            )
            expected = seq
        if event is not None:
            since += 1
            yield from _told(seq, event, text, prev, tuple(cells))
            prev = digest(text)
        else:
            verdict.seals += 1
            yield from _sealed(seals.pop(seq, None), seq, text, prev, verdict.seals, since)
            prev, since = digest(text), 0
            heads.add(prev)
    if since:
        yield Difference(f"line {expected}", "the chain does not end with a seal.")
    for seal in seals.values():
        yield Difference(f"seal {seal.number}", f"the chain has no seal at line {seal.seq}.")
    if outside not in heads:
        yield Difference("the head that you hold", "no seal of the chain has it.")
    verdict.head = prev if expected else ""
    verdict.events, verdict.unsealed = next(_rows(_COUNTS))


def _told(
    seq: int, event: int, text: str, prev: str, cells: tuple[Any, ...]
) -> Iterator[Difference]:
    """A line beside the event that it sealed."""
    if cells[0] is None:
        yield Difference(f"event {event}", f"it is missing, and line {seq} names it.")
        return
    whole = as_cells(cells)
    if text not in (line_of(whole, seq, prev), rendered(whole, seq, prev)):
        yield Difference(f"line {seq}", _why(event, text, prev))


def _why(event: int, text: str, prev: str) -> str:
    """Whether the chain is broken before this line, or the event is not what was sealed."""
    try:
        sealed = json.loads(text)
    except ValueError:
        return "it is not readable as what was sealed."
    if not isinstance(sealed, dict) or sealed.get("prev") != prev:
        return "it does not follow from the line before it."
    return f"event {event} is not what was sealed."


def _sealed(
    seal: Seal | None, seq: int, text: str, prev: str, number: int, events: int
) -> Iterator[Difference]:
    if seal is None:
        yield Difference(f"line {seq}", "it is a seal, and the table of seals does not have it.")
        return
    if (seal.number, seal.events, seal.head) != (number, events, digest(text)):
        yield Difference(f"seal {seal.number}", f"it is not the seal of line {seq}.")
    elif rendered(seal_cells(seal), seq, prev) != text:
        yield Difference(f"seal {seal.number}", f"it is not what line {seq} says.")


def _replayed(
    model: type[models.Model], trigger: Audited, verdict: Verdict
) -> Iterator[Difference]:
    """The rows of one table as their events tell them, beside the rows that are there."""
    table = model._meta.db_table
    left_out, personal, secret = trigger.lists(model)
    shown = f"audit_shown(to_jsonb(t), {left_out}, {personal}, {secret})::text"
    live = _rows(f'SELECT id, {shown} FROM "{table}" t ORDER BY id')  # noqa: S608 - our own names
    told = _rows(
        'SELECT "row", id, operation, before::text, after::text FROM audit_event '
        'WHERE "table" = %s ORDER BY "row", id',
        [table],
    )
    rows = iter(live)
    row = next(rows, None)
    for key, events in groupby(told, key=lambda event: event[0]):
        while row is not None and row[0] < key:
            yield Difference(f"{table} {row[0]}", "the row is there, and no event tells of it.")
            row = next(rows, None)
        state, differences = _state(table, key, events)
        yield from differences
        now = None
        if row is not None and row[0] == key:
            verdict.rows += 1
            now, row = json.loads(row[1]), next(rows, None)
        yield from _compared(f"{table} {key}", state, now)
    while row is not None:
        yield Difference(f"{table} {row[0]}", "the row is there, and no event tells of it.")
        row = next(rows, None)


def _state(table: str, key: int, events: Any) -> tuple[dict[str, Any] | None, list[Difference]]:
    """What the events of one row make of it, and where their story does not hold together."""
    state: dict[str, Any] | None = None
    wrong: list[Difference] = []
    for _row, number, operation, before, after in events:
        where = f"event {number} of {table} {key}"
        was = json.loads(before) if before else {}
        now = json.loads(after) if after else None
        fresh = operation in (Operation.INSERT, Operation.STATE)
        if operation == Operation.INSERT and state is not None:
            wrong.append(Difference(where, "it adds a row that was there already."))
        elif not fresh and state is None:
            wrong.append(Difference(where, "it changes a row that was not there."))
        elif not fresh and any(not same(state.get(name), was[name]) for name in was):  # type: ignore[union-attr]
            wrong.append(Difference(where, "it begins from other values than the event before."))
        if operation == Operation.UPDATE:
            if not was or set(was) != set(now or {}):
                wrong.append(Difference(where, "it changes nothing, or not what it names."))
            state = {**(state or {}), **(now or {})}
        else:
            state = now
    return state, wrong


def _compared(
    where: str, state: dict[str, Any] | None, now: dict[str, Any] | None
) -> Iterator[Difference]:
    if state is None and now is not None:
        yield Difference(where, "the row is there, and by its events it was deleted.")
    elif state is not None and now is None:
        yield Difference(where, "by its events the row is there, and it is not.")
    elif state is not None and now is not None:
        for name in sorted({*state, *now}):
            if not same(state.get(name), now.get(name)):
                yield Difference(
                    f"{where}, column {name}",
                    f"recorded {cut(state.get(name))}, found {cut(now.get(name))}.",
                )


def _strangers() -> Iterator[Difference]:
    known = [model._meta.db_table for model in audited_tables()]
    sql = 'SELECT id, "table" FROM audit_event WHERE NOT ("table" = ANY(%s)) ORDER BY id'
    for number, table in _rows(sql, [known]):
        yield Difference(f"event {number}", f"it tells of {table}, which is no audited table.")


def same(left: Any, right: Any) -> bool:
    """Equal, or one moment written in two time zones."""
    if left == right:
        return True
    try:
        return dt.datetime.fromisoformat(left) == dt.datetime.fromisoformat(right)
    except (TypeError, ValueError):
        return False


def cut(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]
