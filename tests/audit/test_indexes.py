"""Each event is written into every index of what it fills, so each of these is read."""

from __future__ import annotations

import pytest
from django.db import connection

# Plain indexes whose columns another index of the same table begins with.
TWICE = """
    SELECT one.indexrelid::regclass::text FROM pg_index one JOIN pg_index other
      ON other.indrelid = one.indrelid AND other.indexrelid <> one.indexrelid
     AND other.indnatts > one.indnatts AND other.indpred IS NULL
     AND other.indkey[0:one.indnatts - 1] = one.indkey[0:one.indnatts - 1]
     AND other.indclass[0:one.indnatts - 1] = one.indclass[0:one.indnatts - 1]
    WHERE NOT one.indisunique AND one.indrelid::regclass::text LIKE 'audit_%'
"""


@pytest.mark.django_db
def test_no_index_of_the_trail_is_the_beginning_of_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        assert cursor.fetchall() == []
        cursor.execute("CREATE INDEX again ON audit_line (book_id)")
        cursor.execute(TWICE)
        assert cursor.fetchall() == [("again",)] * 2  # of a number, of an event
