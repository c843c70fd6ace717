"""What shows a stranger that books stood so under a seal, and that one seal followed another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from audit.models import Book, Seal
from audit.seals.books import BLANK, mark_of_book, mark_of_seal, trees
from audit.seals.sealing import as_cells, as_text, text_of


@dataclass(frozen=True, slots=True)
class Proof:
    """`seals` are the texts of some seals in their order; `nodes` the texts of their trees
    (audit.seals.tree) on the ways to the books, and from the last seal to those before it."""

    seals: list[str]
    nodes: list[str]


def proof(wanted: Mapping[int, Collection[Book]], until: int) -> Proof:
    """For these books under each of these seals, and from each one behind `until` to that one."""
    numbers = sorted(wanted)
    seals = Seal.objects.in_bulk([*numbers, *(number - 1 for number in numbers)])
    texts, nodes = list[str](), set[str]()
    for number, tree in trees(numbers):
        before = seals.get(number - 1)
        texts.append(text_of(seals[number], before.head if before else BLANK))
        marks = [mark_of_book(book.salt, book.ref) for book in wanted[number]]
        if number == numbers[-1]:
            marks += map(mark_of_seal, numbers[:-1])
        if number > until > 0:
            marks.append(mark_of_seal(until))
        for mark in marks:
            nodes |= set(tree.way(mark))
    return Proof(texts, sorted(nodes))


_TEXTS = """
    SELECT e.id, e.at, e.who, e.through, e.why, e."table", e."row", e.operation, e.before::text,
      e.after::text, e.transaction, e.about
    FROM audit_line l JOIN audit_event e ON e.id = l.event
    WHERE l.book_id = %s AND l.number <= %s ORDER BY l.number
"""


def texts(book: Book, lines: int) -> Iterator[str]:
    """The exact texts of the events of a book, as far as so many of its lines."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_TEXTS, [book.pk, lines])
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield as_text(as_cells(row))
