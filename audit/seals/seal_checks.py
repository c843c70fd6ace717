"""Books and seals, recomputed: is each what it says, and each seal that of what stands under it?"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection

from audit.models import Seal, Timestamp
from audit.seals import notices
from audit.seals.books import BLANK, books_of, carried, mark_of_book, mark_of_seal
from audit.seals.sealing import as_cells, as_text, text_of
from audit.seals.timestamps import of_its_head
from audit.seals.tree import Tree, digest


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that is not as it should be; `where` is an event, a line of a book, a seal, or
    table and row."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Verdict:
    """What was looked at. `missing`: how many numbers of events were given out and are not there:
    of what was rolled back, or was deleted before it was sealed; `gaps`: the last of these."""

    events: int = 0
    unsealed: int = 0
    missing: int = 0
    gaps: str = ""
    rows: int = 0
    seals: int = 0
    head: str = ""


# Of a book: how it stood under a seal (that, its lines, its digest), and a line beside its event
# (number, event, SHA-256, digest, and an EventRow, which is empty where the event is gone).
Drawn = tuple[int, int, str]
LineRow = tuple[Any, ...]


@dataclass(slots=True)
class _Gathered:
    """What books and notices say of each seal, and in which books an event of more than one was
    found."""

    balances: dict[int, list[tuple[str, int, str, int]]] = field(default_factory=dict)
    shared: dict[int, set[str]] = field(default_factory=dict)


def rows_of(
    sql: str, parameters: Sequence[str | int | list[str]] | None = None
) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(2000):
            yield from rows


_LINES = """
    SELECT b.id, b.ref, b.salt, l.number, l.event, l.sha256, l.digest, e.id, e.at, e.who, e.through,
      e.why, e."table", e."row", e.operation, e.before::text, e.after::text, e.transaction, e.about
    FROM audit_book b LEFT JOIN audit_line l ON l.book_id = b.id
      LEFT JOIN audit_event e ON e.id = l.event
    ORDER BY b.id, l.number
"""
_BALANCES = "SELECT book_id, seal, lines, digest FROM audit_balance ORDER BY book_id, seal"
_COUNTS = """
    SELECT count(*), count(*) FILTER (
      WHERE NOT EXISTS (SELECT FROM audit_line l WHERE l.event = e.id)), coalesce(max(id), 0)
    FROM audit_event e
"""
_GIVEN_OUT = (
    "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('audit_event', 'id')), 0)"
)
_GAPS = """
    SELECT id + 1, next - 1 FROM (
      SELECT id, lead(id, 1, %s + 1) OVER (ORDER BY id) AS next FROM audit_event) AS e
    WHERE next > id + 1 ORDER BY id DESC LIMIT 10
"""
# A transaction's number may come again in another cluster, so each is told by its first event.
_BATCHES = """
    WITH counted AS (
      SELECT id, nth, count(*) FILTER (WHERE nth = 1) OVER (PARTITION BY transaction ORDER BY id)
        AS batch, transaction FROM audit_event WHERE nth > 0),
    there AS (
      SELECT min(id) FILTER (WHERE nth = 1) AS first, min(id) AS least, count(*) AS events,
        max(nth) AS nth FROM counted GROUP BY transaction, batch),
    noted AS (SELECT first, max(events) AS events FROM audit_batch GROUP BY first)
    SELECT coalesce(noted.first, there.least), coalesce(there.events, 0),
      greatest(noted.events, there.nth)
    FROM there FULL JOIN noted ON noted.first = there.first
    WHERE there.events IS DISTINCT FROM greatest(noted.events, there.nth)
    ORDER BY 1
"""


def sealed(verdict: Verdict, outside: str) -> Iterator[Discrepancy]:
    """Books beside their events, seals beside the books, and events that are gone unsealed."""
    gathered = _Gathered()
    drawn: dict[int, list[Drawn]] = {}
    for book, seal, number, state in rows_of(_BALANCES):
        drawn.setdefault(book, []).append((seal, number, state))
    for (key, ref, salt), lines in groupby(rows_of(_LINES), key=lambda row: row[:3]):
        states = yield from _book(ref, [row[3:] for row in lines], gathered)
        yield from _balanced(ref, mark_of_book(salt, ref), states, drawn.pop(key, []), gathered)
    yield from _shared(gathered)
    yield from _posted(gathered)
    yield from _seals(verdict, outside, gathered)
    verdict.events, verdict.unsealed, newest = next(rows_of(_COUNTS))
    given_out = max(next(rows_of(_GIVEN_OUT))[0], newest)
    verdict.missing = given_out - verdict.events
    verdict.gaps = ", ".join(f"{a}–{b}" for a, b in rows_of(_GAPS, [given_out]))
    for first, there, events in rows_of(_BATCHES):
        yield Discrepancy(
            f"event {first}",
            f"its transaction wrote {events or 0} events beginning with it, and {there} are there.",
        )


def _book(
    ref: str, lines: list[LineRow], gathered: _Gathered
) -> Generator[Discrepancy, None, list[str]]:
    """Lines in order beside their events; returns the digest behind each."""
    states, state = [BLANK], BLANK
    if lines[0][0] is None:
        yield Discrepancy(f"book {ref}", "it is empty.")
        return states
    for expected, (number, event, sha256, kept, *cells) in enumerate(lines, 1):
        where = f"line {number} of {ref}"
        if number != expected:
            yield Discrepancy(where, f"line {expected} should stand here; lines are missing.")
        yield from _told(where, ref, event, sha256, tuple(cells), gathered)
        state = carried(state, sha256)
        if kept != state:
            yield Discrepancy(where, "it does not follow from the line before it.")
        states.append(state)
    return states


def _told(
    where: str, ref: str, event: int, sha256: str, cells: LineRow, gathered: _Gathered
) -> Iterator[Discrepancy]:
    """A line beside the event that it sealed."""
    if cells[0] is None:
        yield Discrepancy(f"event {event}", f"it is missing, and {where} names it.")
        return
    whole = as_cells(cells)
    refs = books_of(whole["about"], whole["table"], whole["row"])
    if digest(as_text(whole)) != sha256:
        yield Discrepancy(where, f"event {event} is not what was sealed.")
    elif ref not in refs:
        yield Discrepancy(where, f"event {event} does not belong there.")
    if len(refs) > 1:
        gathered.shared.setdefault(event, set(refs)).discard(ref)


def _balanced(
    ref: str, mark: str, states: list[str], drawn: list[Drawn], gathered: _Gathered
) -> Iterator[Discrepancy]:
    """What was drawn under each seal beside the lines of the book."""
    before = 0
    for seal, lines, state in drawn:
        if not before < lines < len(states) or states[lines] != state:
            yield Discrepancy(f"book {ref}", f"it is not what stands under seal {seal}.")
        gathered.balances.setdefault(seal, []).append((mark, lines, state, lines - before))
        before = lines
    if len(states) - 1 > before:
        yield Discrepancy(f"line {before + 1} of {ref}", "it stands under no seal.")


def _shared(gathered: _Gathered) -> Iterator[Discrepancy]:
    for event, refs in gathered.shared.items():
        for ref in refs:
            yield Discrepancy(f"event {event}", f"no line of {ref} holds it.")


def _posted(gathered: _Gathered) -> Iterator[Discrepancy]:
    for seal, mark, number, sha256 in notices.leaves(0, 2**63 - 1):
        gathered.balances.setdefault(seal, []).append((mark, number, sha256, 0))
    for notice in notices.untold():
        yield Discrepancy(f"notice of {notice}", "no sealed event tells of it.")


def _seals(verdict: Verdict, outside: str, gathered: _Gathered) -> Iterator[Discrepancy]:
    tree, heads, before = Tree(), {""}, BLANK
    for expected, seal in enumerate(Seal.objects.order_by("number"), 1):
        drawn = gathered.balances.pop(seal.number, [])
        for mark, lines, state, _more in drawn:
            tree.put(mark, lines, state)
        events = sum(more for *_book, more in drawn)
        if wrong := _why(seal, expected, tree.root, events, before):
            yield Discrepancy(f"seal {seal.number}", wrong)
        before = seal.head
        tree.put(mark_of_seal(seal.number), seal.number, seal.head)
        heads.add(seal.head)
        verdict.seals += 1
    verdict.head = before if verdict.seals else ""
    for number in gathered.balances:
        yield Discrepancy(f"seal {number}", "books or notices name it, and it is not there.")
    stamps = Timestamp.objects.select_related("seal").order_by("seal")
    for stamp in stamps.iterator(chunk_size=100):
        if not of_its_head(stamp):
            yield Discrepancy(f"timestamp of seal {stamp.seal_id}", "it is not of its head.")
    if outside not in heads:
        yield Discrepancy("the head that you hold", "no seal has it.")


def _why(seal: Seal, expected: int, root: str, events: int, before: str) -> str:
    """What is wrong with a seal; "" where nothing is."""
    if seal.number != expected:
        return f"seal {expected} should stand here; seals are missing."
    if seal.root != root:
        return "it is not the seal of what stands under it."
    if seal.events != events:
        return "it has not as many events as it says."
    is_told = seal.head == digest(text_of(seal, before))
    return "" if is_told else "its head is not that of what it says."
