"""Rows that are older than the trail, or than a column of theirs: their state is recorded once."""

from __future__ import annotations

from django.db import connection

from audit.events.triggers import audited_tables

_STATE = """
    INSERT INTO audit_event
      (at, who, through, why, "table", "row", operation, before, after, transaction, about)
    SELECT clock_timestamp(), 'system', 'command', 'migrate', '{table}', id, 'state', NULL,
      audit_shown(to_jsonb(t), {lists}), txid_current(), {about}
    FROM {rows}
"""
_ROWS = """
    "{table}" t WHERE {every} OR NOT EXISTS
      (SELECT FROM audit_event e WHERE e."table" = '{table}' AND e."row" = t.id)
"""


def record_state(apps: object = None, schema_editor: object = None, *, altered: str = "") -> None:
    """For migrations: one event "found as it was" for each row that has none yet.

    A migration that adds, drops or fills columns of an audited table calls it with that table as
    `altered`: then each of its rows gets one, and the replay goes on from there.
    """
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model, trigger in audited_tables().items():
            table = model._meta.db_table
            if table in existing:
                every = "TRUE" if table == altered else "FALSE"
                rows = _ROWS.format(table=table, every=every)
                cursor.execute(f"SELECT EXISTS (SELECT FROM {rows})")  # noqa: S608 - our own
                if not cursor.fetchone()[0]:
                    continue  # what its rows belong to may not be there yet
                lists = ", ".join(trigger.lists(model))
                about = trigger.about_of(model, "t")
                cursor.execute(_STATE.format(table=table, lists=lists, about=about, rows=rows))
