"""The tables as the events of some books make them, as of any moment, whatever the live rows are.

Temporary tables of one transaction stand before the live ones, under their names, so that every
query reads them. What no event holds, names and secrets, is null there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection, models, transaction

from audit.events.triggers import audited_tables, derived
from audit.models import Book

_TOLD = """
    CREATE TEMPORARY TABLE audit_told ON COMMIT DROP AS
      SELECT "table", "row", id, operation, after FROM audit_event WHERE false
"""
_TAKEN = """
    INSERT INTO audit_told SELECT e."table", e."row", e.id, e.operation, e.after
    FROM unnest(%s::bigint[], %s::bigint[]) AS b (book, lines)
    JOIN audit_line l ON l.book_id = b.book AND l.number <= b.lines
    JOIN audit_event e ON e.id = l.event WHERE e.at < %s
"""
_ROWS = """
    INSERT INTO "{table}" ({columns})
    WITH told AS (SELECT * FROM audit_told WHERE "table" = '{table}'),
    ends AS (SELECT DISTINCT ON ("row") "row", operation FROM told ORDER BY "row", id DESC),
    cells AS (
      SELECT DISTINCT ON ("row", name) "row", name, value FROM told
      JOIN ends USING ("row"), jsonb_each(told.after) AS cell (name, value)
      WHERE ends.operation <> 'delete' ORDER BY "row", name, id DESC),
    rows AS (SELECT jsonb_object_agg(name, value) AS cells FROM cells GROUP BY "row")
    SELECT {columns} FROM rows, jsonb_populate_record(NULL::"{table}", rows.cells)
"""


class Replayed:
    """Tables that are filled book by book, with what was written before a moment."""

    def __init__(self, before: dt.datetime | None) -> None:
        self.before = before or dt.datetime.max.replace(tzinfo=dt.UTC)
        self.tables = audited_tables()

    def make(self) -> None:
        """All of them, empty."""
        self._run(_TOLD)
        for model in self.tables:
            self._run(_empty(model))

    def fill(self, books: Mapping[Book, int]) -> None:
        """Add the rows of these books, each as far as so many of its lines."""
        ends = [book.pk for book in books], list(books.values())
        self._run("DELETE FROM audit_told")
        self._run(_TAKEN, [*ends, self.before])
        with connection.cursor() as cursor:
            cursor.execute('SELECT DISTINCT "table" FROM audit_told')
            recorded = {table for (table,) in cursor.fetchall()}
        for model, trigger in self.tables.items():
            if model._meta.db_table in recorded:
                hidden = {*trigger.kept_back, *derived(model)}
                names = [str(f.column) for f in model._meta.concrete_fields]
                columns = ", ".join(f'"{name}"' for name in names if name not in hidden)
                table = model._meta.db_table
                self._run(_ROWS.format(table=table, columns=columns) + f'; ANALYZE "{table}"')

    def drop(self) -> None:
        names = ["audit_told", *(model._meta.db_table for model in self.tables)]
        self._run("DROP TABLE " + ", ".join(f'pg_temp."{name}"' for name in names))

    def _run(
        self, sql: str, parameters: Sequence[str | dt.datetime | list[int]] | None = None
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)


def _empty(model: type[models.Model]) -> str:
    """Of a row of before a column was there, the column is null."""
    table, key = model._meta.db_table, model._meta.pk.column
    names = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    free = [f'ALTER "{name}" DROP NOT NULL' for name in names]
    changes = ", ".join([*free, f'ADD PRIMARY KEY ("{key}")'])  # queries group by it
    return (
        f'CREATE TEMPORARY TABLE "{table}" (LIKE "{table}" INCLUDING GENERATED) ON COMMIT DROP; '
        f'ALTER TABLE pg_temp."{table}" {changes}'
    )


@contextmanager
def replayed(before: dt.datetime | None, seconds: int = 120) -> Iterator[Replayed]:
    """Until this ends, every query of this connection reads these tables instead of the live ones.

    One REPEATABLE READ transaction, in which nothing else is to be written. Within another one, it
    is a part of that. A statement may take `seconds`.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        tables = Replayed(before)
        if outermost:
            tables._run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            tables._run("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
        tables.make()
        yield tables
        tables.drop()
