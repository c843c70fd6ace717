"""Who is behind a transaction, through what, and why: the triggers read it from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from audit.models import Through

# Who it is where it is nobody of the office; people are called by their code, as U-0004.
SYSTEM = "system"  # the register itself: a worker, a command
SUBSCRIBER = "subscriber"  # who gets heads by mail
UNKNOWN = "unknown"  # nobody said so: written past the register
SETTINGS = ("audit.who", "audit.through", "audit.why")
WHY = 500  # characters of a reason that an event keeps


@contextmanager
def acting(who: str, through: Through, why: str = "") -> Iterator[None]:
    """One transaction whose events say so; within another one, for as long as it lasts.

    The settings are local to the transaction, so a connection never carries them to the next
    request. A write outside is recorded as UNKNOWN, through "sql".
    """
    with transaction.atomic():
        outer = _read()
        _write((who, through, why[:WHY]))
        yield
        if not transaction.get_rollback():
            _write(outer)


def _read() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS)
        )
        return tuple(value or "" for value in cursor.fetchone())


def _write(values: tuple[str, ...]) -> None:
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [str(value) for value in values])
