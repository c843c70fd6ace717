"""Reading many tables as of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment(seconds: int = 120) -> Iterator[None]:
    """One REPEATABLE READ READ ONLY transaction: all that is read in it was so at one moment.

    Writers do not wait for it. Within another transaction, whose isolation is fixed already, it is
    a part of that one. A statement may take `seconds`.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
        yield
