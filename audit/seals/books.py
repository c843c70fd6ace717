"""Books: the events of a row and of all that belongs to it, in the order of their sealing.

Each row of settings.AUDIT_BOOKS has a book; what belongs to none of these has one for its row
alone. Each line holds the SHA-256 of its event, and the SHA-256 of that behind the digest of the
line before it (64 zeros before the first): the digest of a line is that of the book so far. So a
book can be given to who may read it, whole, and says nothing of another one.

A mark stands for a book under a seal: the SHA-256 of its salt and its name. Without the salt, which
goes with the book, nobody can tell whose mark it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.conf import settings
from django.db import connection

from audit.models import Balance, Book, Seal
from audit.seals import notices
from audit.seals.tree import Tree, digest

# How each book stood under a seal, as far as it changed since another one.
_STANDING = """
    SELECT b.salt, b.ref, l.lines, l.digest FROM audit_book b, LATERAL (
      SELECT seal, lines, digest FROM audit_balance
      WHERE book_id = b.id AND seal <= %s ORDER BY seal DESC LIMIT 1) l
    WHERE l.seal > %s
"""
BLANK = "0" * 64  # the digest of a book without lines, and what stands before the first seal


def books_of(about: Sequence[str], table: str, row: int) -> list[str]:
    """The names of the books in which an event stands: of each row of settings.AUDIT_BOOKS that it
    is about, else of its own row."""
    own = f"{settings.AUDIT_BOOKS}:"
    return [ref for ref in about if ref.startswith(own)] or [f"{table}:{row}"]


def carried(before: str, event: str) -> str:
    """The digest of a line, from that of the line before it and the SHA-256 of its event."""
    return digest(before + event)


def mark_of_book(salt: str, ref: str) -> str:
    return digest(f"{salt} {ref}")


def mark_of_seal(number: int) -> str:
    return digest(f"seal {number}")


def opened(refs: Collection[str]) -> dict[str, Book]:
    """The books of these names; those that are not there yet are begun."""
    begun_before = Book.objects.in_bulk(refs, field_name="ref")
    missing = [ref for ref in refs if ref not in begun_before]
    begun = Book.objects.bulk_create(Book(ref=ref, salt=secrets.token_hex(32)) for ref in missing)
    return begun_before | {book.ref: book for book in begun}


def balances(books: Iterable[Book], under: int | None = None) -> dict[int, Balance]:
    """How each book stood under the last seal that it changed under, up to the seal `under`."""
    drawn = Balance.objects.filter(book__in=books)
    if under is not None:
        drawn = drawn.filter(seal__lte=under)
    newest = drawn.order_by("book_id", "-seal").distinct("book_id")
    return {balance.book_id: balance for balance in newest}


def tree_under(number: int) -> Tree:
    """What stands under a seal: each book as it was, each notice, and each seal before it."""
    return next(tree for _number, tree in trees([number]))


def trees(numbers: Iterable[int]) -> Iterator[tuple[int, Tree]]:
    """What stands under each of these seals, which come in their order; the tree goes on growing,
    so read what you need of it before you take the next one."""
    tree, done = Tree(), 0
    for number in numbers:
        with connection.chunked_cursor() as cursor:
            cursor.execute(_STANDING, [number, done])
            for salt, ref, lines, state in cursor:
                tree.put(mark_of_book(salt, ref), lines, state)
        for _seal, mark, posted, sha256 in notices.leaves(done, number):
            tree.put(mark, posted, sha256)
        before = Seal.objects.filter(number__gte=done, number__lt=number)
        for seal, head in before.values_list("number", "head").iterator():
            tree.put(mark_of_seal(seal), seal, head)
        done = number
        yield number, tree
