"""Jobs in a test, done as a worker does them, in the test's transaction; and time that passes."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

SOON = dt.timedelta(seconds=30)
NEXT = """
    UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (
      SELECT id FROM procrastinate_jobs
      WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s)
      ORDER BY priority DESC, id LIMIT 1)
    RETURNING id, task_name, args::text
"""


def carry_out(within: dt.timedelta = SOON) -> int:
    """Do the jobs that are due within this time, until none is left; how many there were."""
    by = dt.datetime.now(dt.UTC) + within
    done = 0
    while job := _rows(NEXT, by):
        ((pk, name, args),) = job
        app.tasks[name].func(**json.loads(args))
        _rows("DELETE FROM procrastinate_jobs WHERE id = %s RETURNING 1", pk)
        done += 1
    return done


def waiting() -> list[tuple[str, Any]]:
    """Name and arguments of the jobs that wait, in the order of their entry."""
    rows = _rows("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    return [(name, json.loads(args) if isinstance(args, str) else args) for name, args in rows]


def let_pass(time: dt.timedelta) -> None:
    """All that waits for a time waits so much less."""
    for table, column in (
        ("procrastinate_jobs", "scheduled_at"),
        ("deliverables_change", "at"),
        ("accounts_letter", "next_try_at"),
        ("accounts_letter", "handed_at"),
        ("accounts_letter", "entered_at"),
    ):
        _rows(f"UPDATE {table} SET {column} = {column} - %s RETURNING 1", time)


def _rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
