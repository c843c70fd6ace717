"""Notices: what is public anyway has a leaf of its own under each seal, so that who holds it finds
it there.

A book is found by its salt, which only its readers have. A notice is found by the SHA-256 of the
thing itself, behind a fixed word: which rows are posted so, and by which columns, tells
audit.events.triggers.Posted. Its leaf holds its number and that SHA-256; where a thing was posted
under two numbers, the later one stands. A seal that was made before there were notices has none:
what was sealed before is posted under the next thorough seal.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Min

from audit.events.triggers import Posted, audited_tables
from audit.models import Notice
from audit.seals.tree import digest

_TOLD = """
    SELECT e.after->>%(sha256)s AS sha256, (e.after->>%(number)s)::bigint AS number
    FROM audit_event e JOIN audit_line l ON l.event = e.id
    WHERE e."table" = %(table)s AND e.operation IN ('insert', 'state') AND e.id > %(after)s
"""
_POSTED = "SELECT sha256, number FROM audit_notice WHERE word = %(word)s"


def mark_of_notice(word: str, sha256: str) -> str:
    return digest(f"{word} {sha256}")


def post(seal: int, after: int) -> int:
    """Post under a seal what the events behind `after` tell, and is sealed and not posted yet; how
    much that is."""
    entered = Notice.objects.bulk_create(
        Notice(seal=seal, word=posted.word, sha256=sha256, number=number)
        for table, posted in _posting()
        for sha256, number in _asked(f"{_TOLD} EXCEPT {_POSTED}", table, posted, after)
    )
    return len(entered)


def leaves(after: int, until: int) -> Iterator[tuple[int, str, int, str]]:
    """Seal, mark, number and SHA-256 of what is new under the seals behind one, up to another."""
    rows = Notice.objects.filter(seal__gt=after, seal__lte=until).order_by("seal", "number")
    for seal, word, number, sha256 in rows.values_list("seal", "word", "number", "sha256"):
        yield seal, mark_of_notice(word, sha256), number, sha256


def posted_under(word: str, sha256: str, number: int) -> int | None:
    """The first seal under which a thing stands with this number, or with a later one."""
    rows = Notice.objects.filter(word=word, sha256=sha256, number__gte=number)
    first: int | None = rows.aggregate(first=Min("seal"))["first"]
    return first


def untold() -> Iterator[str]:
    """What stands as a notice, and no sealed event tells of it."""
    for table, posted in _posting():
        for sha256, number in _asked(f"{_POSTED} EXCEPT {_TOLD}", table, posted, 0):
            yield f"{posted.word} {number}, {sha256}"


def _posting() -> Iterator[tuple[str, Posted]]:
    for model, trigger in audited_tables().items():
        if trigger.posted:
            yield model._meta.db_table, trigger.posted


def _asked(sql: str, table: str, posted: Posted, after: int) -> list[tuple[str, int]]:
    given = {**posted._asdict(), "table": table, "after": after}
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY 2", given)
        rows: list[tuple[str, int]] = cursor.fetchall()
    return rows
