"""Seals: what is committed and not sealed yet becomes lines of books, and a seal stands under them.

Sealing takes no lock that a writer could wait for. It takes the events that are committed and not
yet sealed; what a long transaction commits later is taken by the next seal. A seal's text is one
JSON object, keys sorted, UTF-8: the root of all that stands under it (audit.seals.tree), and the
head of the seal before it. Its own SHA-256 is its head, which everybody may keep.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import TypedDict

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit.models import Balance, Book, Event, Line, Seal
from audit.seals import books, notices
from audit.seals.books import BLANK
from audit.seals.tree import digest

__all__ = ["as_text", "digest", "event_cells", "seal", "text_of"]
BATCH = 2000
LOCK = 7_246_001  # of sealers among themselves
# What was never sealed may be much, and another sealer may be at it.
PATIENCE = """
    SELECT set_config('statement_timeout', '600s', true), set_config('lock_timeout', '120s', true)
"""
# What a transaction commits behind so many newer events waits for a thorough seal.
RECENT = 5_000
_UNSEALED = """
    SELECT id, at, who, through, why, "table", "row", operation, before::text, after::text,
      transaction, about
    FROM audit_event WHERE id = ANY(ARRAY(
      SELECT id FROM audit_event WHERE id > %(after)s
      EXCEPT SELECT event FROM audit_line WHERE event > %(after)s))
    ORDER BY id
"""
# A row of it: before and after are JSON.
EventRow = tuple[
    int, dt.datetime, str, str, str, str, int, str, str | None, str | None, int, list[str]
]


class EventCells(TypedDict):
    """An event as it is hashed."""

    event: int
    at: str
    who: str
    through: str
    why: str
    table: str
    row: int
    operation: str
    before: dict[str, object] | None
    after: dict[str, object] | None
    transaction: int
    about: list[str]


def as_text(cells: Mapping[str, object]) -> str:
    """The exact text of an event or of a seal: what is hashed."""
    return json.dumps(cells, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def as_cells(row: EventRow) -> EventCells:
    """The cells of an event, from a row of _UNSEALED's columns."""
    number, at, who, through, why, table, key, operation, before, after, transaction_, about = row
    return {
        "event": number,
        "at": moment(at),
        "who": who,
        "through": through,
        "why": why,
        "table": table,
        "row": key,
        "operation": operation,
        "before": None if before is None else json.loads(before),
        "after": None if after is None else json.loads(after),
        "transaction": transaction_,
        "about": about,
    }


def event_cells(event: Event) -> EventCells:
    """The cells of an event that was read as a row of its model: its text is as_text of them."""
    return {
        "event": event.pk,
        "at": moment(event.at),
        "who": event.who,
        "through": event.through,
        "why": event.why,
        "table": event.table,
        "row": event.row,
        "operation": event.operation,
        "before": event.before,
        "after": event.after,
        "transaction": event.transaction,
        "about": event.about,
    }


def moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def text_of(seal: Seal, before: str) -> str:
    """The text of a seal, whose SHA-256 is its head; `before` is the head of the seal before it."""
    return as_text(
        {
            "seal": seal.number,
            "at": moment(seal.made_at),
            "occasion": seal.occasion,
            "events": seal.events,
            "root": seal.root,
            "prev": before,
        }
    )


def seal(occasion: str, *, thorough: bool = False) -> Seal | None:
    """Seal what is committed and not sealed yet; None when there is nothing.

    `thorough` looks through all events; else through those that are newer than RECENT others.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Seal.objects.order_by("-number").first()
        number = last.number + 1 if last else 1
        writing = _Writing()
        after = _begun(thorough=thorough)
        for rows in _batches(after):
            writing.take(rows)
        posted = notices.post(number, after)
        if not writing.states and not posted:
            return None
        writing.draw(number)
        new = Seal(
            number=number,
            events=writing.events,
            made_at=timezone.now(),
            occasion=occasion[:200],
            root=books.tree_under(number).root,
        )
        new.head = digest(text_of(new, last.head if last else BLANK))
        new.save(force_insert=True)
        return new


def _begun(*, thorough: bool) -> int:
    """The event behind which is looked for what is not sealed yet."""
    newest = Line.objects.aggregate(newest=Max("event"))["newest"] or 0
    return 0 if thorough else newest - RECENT


def _batches(after: int) -> Iterator[list[EventRow]]:
    """The unsealed events of one snapshot; the lines that are written meanwhile do not count."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_UNSEALED, {"after": after})
        while rows := cursor.fetchmany(BATCH):
            yield rows


class _Writing:
    """Lines behind those that the books have."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}
        self.states: dict[int, tuple[int, str]] = {}  # book -> its lines, its digest
        self.events = 0

    def take(self, rows: list[EventRow]) -> None:
        """Write the lines of some events, each into all its books."""
        events = [as_cells(row) for row in rows]
        named = [books.books_of(cells["about"], cells["table"], cells["row"]) for cells in events]
        self._open({ref for refs in named for ref in refs})
        lines = [
            self._line(self.books[ref].pk, cells["event"], digest(as_text(cells)))
            for cells, refs in zip(events, named, strict=True)
            for ref in refs
        ]
        Line.objects.bulk_create(lines)
        self.events += len(lines)

    def _open(self, refs: set[str]) -> None:
        opened = books.opened(refs - self.books.keys())
        self.books |= opened
        known = books.balances(opened.values())
        for book in opened.values():
            balance = known.get(book.pk)
            self.states[book.pk] = (balance.lines, balance.digest) if balance else (0, BLANK)

    def _line(self, book: int, event: int, sha256: str) -> Line:
        number, state = self.states[book]
        self.states[book] = number + 1, books.carried(state, sha256)
        return Line(
            book_id=book, number=number + 1, event=event, sha256=sha256,
            digest=self.states[book][1],
        )  # fmt: skip

    def draw(self, number: int) -> None:
        """How each of the books stands under this seal."""
        Balance.objects.bulk_create(
            Balance(book_id=book, seal=number, lines=lines, digest=state)
            for book, (lines, state) in self.states.items()
        )
