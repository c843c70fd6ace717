"""A register in which nothing depends on when or where it runs: the clock stands, and what is drawn
at random is masked, so that two runs of the same code give the same bytes."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django.utils.timezone
from django.db import connection
from django.template import defaulttags

from tests import clusters

MOMENTS = ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp")
FAR = 100_000  # numbers of transactions begin here, where no other figure is taken for one

_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_really = {name: getattr(time, name) for name in ("localtime", "gmtime")}


def stop_the_clock() -> None:
    """For Python, before Django loads the rooms: they take over what stands there then."""

    class Stopped(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return _at.astimezone(tz)

    django.utils.timezone.now = lambda: _at
    defaulttags.datetime = Stopped  # type: ignore[attr-defined]  # {% now %}
    time.time = lambda: _at.timestamp()
    for name in ("localtime", "gmtime"):
        setattr(
            time, name, lambda at=None, of=_really[name]: of(_at.timestamp() if at is None else at)
        )


def set_the_clock(moment: dt.datetime) -> None:
    """For Python and for the database that is connected, whose own functions are replaced."""
    global _at
    _at = moment
    with connection.cursor() as cursor:
        for name in MOMENTS:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION pg_catalog.{name}() RETURNS timestamptz "
                f"LANGUAGE sql STABLE AS $$ SELECT timestamptz '{moment.isoformat()}' $$"
            )


def count_from_afar() -> None:
    """Ids and transactions begin at the same numbers, however many the migrations have used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH 1001")
        up_to = f"WHILE txid_current() < {FAR} LOOP COMMIT; END LOOP"
        cursor.execute(f"DO $$ BEGIN {up_to}; END $$")


@contextmanager
def standing_still(var_dir: Path) -> Iterator[None]:
    """An empty register of its own, at a clock that is set; it is gone afterwards."""
    os.environ |= clusters.environment(var_dir)
    os.environ.pop("DATABASE_URL", None)  # the clock of no other database is stopped
    clusters.clear_away()
    (var_dir / "static").mkdir(parents=True)
    try:
        import django

        stop_the_clock()
        django.setup()
        from django.conf import settings
        from django.db import connection

        from tests import databases

        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
        clusters.start(var_dir)
        connection.creation.create_test_db(verbosity=0, keepdb=True)
        databases.keep_an_empty_one()
        yield
    finally:
        clusters.remove(var_dir)


UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DRAWN = re.compile(
    rf"(?P<uuid>\b{UUID}\b)|(?P<digest>(?<![0-9a-f])(?:[0-9a-f]{{32}}){{1,2}}(?![0-9a-f]))"
    r"|(?P<transaction>\b1[0-9]{5}\b)"
)
SECRET = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=/password/reset/key/)\w+-\w+-\w+'
    r'|(?<=name="typed_by" value=")[\w:.-]+|(?<=<td>)\w{64}(?=</td>)|(?<=<code>)[0-9a-f]{16}(?=…)'
)


def masks() -> Callable[[str], str]:
    """What replaces keys, digests and numbers of transactions by which of them it is: on a page
    the first, the second; of transactions in the whole trail, as its table has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT transaction FROM audit_event ORDER BY 1")
        order = {str(number): n for n, (number,) in enumerate(cursor.fetchall(), 1)}

    def masked(text: str) -> str:
        known: dict[str, str] = {}

        def name(found: re.Match[str]) -> str:
            kind, given = str(found.lastgroup), found[0]
            if kind == "transaction":
                return f"<transaction {order[given]}>" if given in order else given
            count = sum(known_name.startswith(f"<{kind}") for known_name in known.values())
            return known.setdefault(given, f"<{kind} {count + 1}>")

        return DRAWN.sub(name, SECRET.sub("<secret>", text))

    return masked
