"""The database role of docs/operations.md can write the register, and only add to the trail."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from tests.make import make_project

pytestmark = pytest.mark.django_db
ROLE = "register_of_a_test"
TRAIL = {
    **{f"audit_{name}": "id" for name in ("event", "book", "line", "balance", "batch", "notice")},
    "audit_seal": "number",
    "audit_timestamp": "seal_id",
}


def test_the_role_of_the_application_adds_and_does_not_change() -> None:
    make_project()
    sql = Path(settings.BASE_DIR, "audit", "app_role.sql").read_text(encoding="utf-8")
    refused = []
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        for statement in sql.replace(":role", ROLE).split(";"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("UPDATE deliverables_project SET title_en = 'x'")
        cursor.execute("SELECT count(*) FROM audit_event")
        assert cursor.fetchone() == (2,)
        for table, column in TRAIL.items():
            for attempt in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
                f"ALTER TABLE {table} DISABLE TRIGGER append_only",
                "SET session_replication_role = replica",
            ):
                cursor.execute("SAVEPOINT attempt")
                try:
                    cursor.execute(attempt)
                except DatabaseError as error:
                    refused.append(type(error.__cause__))
                cursor.execute("ROLLBACK TO attempt")
        cursor.execute("RESET ROLE")

    assert refused == [psycopg.errors.InsufficientPrivilege] * 5 * len(TRAIL)
