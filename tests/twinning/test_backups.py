"""A database in a file, and back on a server that knows none of the old one's roles."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from tests import databases
from twinning import backups

pytestmark = pytest.mark.slow("writes and reads whole databases")
OWNER, ROLE = "owner_of_an_old_server", "register_of_an_old_server"
NEW = "restored"
HAND_OVER = f"""
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
    LOOP EXECUTE format('ALTER TABLE %s OWNER TO {OWNER}', one.name); END LOOP;
    FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER FUNCTION %s OWNER TO {OWNER}', one.name); END LOOP;
END $$
"""


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def old_server(seeded_for_all: None) -> Iterator[None]:
    """Tables of one role, used by another, as docs/operations.md says; both go with it."""
    rights = Path(settings.BASE_DIR, "audit", "app_role.sql").read_text("utf-8")
    rights = "\n".join(line for line in rights.splitlines() if not line.startswith("--"))
    run(f"CREATE ROLE {OWNER}", f"CREATE ROLE {ROLE}", HAND_OVER, rights.replace(":role", ROLE))
    yield
    forget()


def forget() -> None:
    for role in (OWNER, ROLE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone():
                run(f"REASSIGN OWNED BY {role} TO CURRENT_USER", f"DROP OWNED BY {role}",
                    f"DROP ROLE {role}")  # fmt: skip


@pytest.fixture
def new_server() -> Iterator[str]:
    """An empty database that nobody has migrated."""
    name = databases._beside_the_empty_one(NEW)
    databases._drop(name)
    databases._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    databases._drop(name)


def told(command: str, *arguments: Any) -> str:
    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def test_what_was_backed_up_is_restored_where_the_old_roles_are_unknown(
    old_server: None, new_server: str, tmp_path: Path
) -> None:
    kept = tmp_path / "register.dump"
    before = (told("verify_audit"), told("check_data"), counts())
    assert told("backup", kept) == (
        f"The database is in {kept}. Keep the evidence files of the same hour with it, and "
        "SECRET_KEY elsewhere.\n"
    )
    plain = tmp_path / "plain.dump"
    with plain.open("wb") as out:
        backups._run("pg_dump", "--format=custom", stdout=out)
    forget()

    with databases._on(new_server):
        assert told("restore", kept) == (
            f"The database is as it was in {kept}. Put the evidence files into their place; then "
            "run: manage.py migrate, manage.py verify_audit, manage.py check_data.\n"
        )
        assert (told("verify_audit"), told("check_data"), counts()) == before
        call_command("migrate", check_unapplied=True, verbosity=0)
        assert told("restore", kept) == (
            f"The database {new_server} is not empty, and nothing is written over. Make a new one "
            "(createdb -E UTF8), have DATABASE_URL name it, and try again. For the try-out, name "
            "another folder with VAR_DIR."
        )
    assert oct(kept.stat().st_mode) == "0o100600"
    assert before[2]["deliverables_deliverable"] > 20
    assert errors_of_the_usual_way(plain, new_server) > 100


def errors_of_the_usual_way(dump: Path, name: str) -> int:
    """With owners and rights in the file and no option, as most would do it."""
    databases._drop(name)
    databases._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
    with databases._on(name):
        done = subprocess.run(
            [backups._program("pg_restore"), f"--dbname={name}", dump],
            env=backups._database(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stderr.splitlines()[-1].startswith("pg_restore: warning: errors ignored")
    return int(done.stderr.splitlines()[-1].rpartition(" ")[2])


@pytest.mark.parametrize("cut", [0, 100, 20_000])
def test_half_a_file_restores_nothing(
    seeded_for_all: None, new_server: str, tmp_path: Path, cut: int
) -> None:
    kept = tmp_path / "register.dump"
    told("backup", kept)
    kept.write_bytes(kept.read_bytes()[:cut])

    with databases._on(new_server):
        with pytest.raises(CommandError, match=r"^pg_restore ended with code 1, and nothing was"):
            call_command("restore", kept)
        assert counts() == {}


@pytest.mark.usefixtures("seeded_for_all")
def test_a_backup_writes_over_nothing_and_a_restore_needs_a_file(tmp_path: Path) -> None:
    there = tmp_path / "register.dump"
    there.write_text("of yesterday")

    assert told("backup", there) == f"{there} is there already, and is not written over."
    assert there.read_text() == "of yesterday"
    assert told("restore", tmp_path / "no.dump") == (
        f"{tmp_path / 'no.dump'} cannot be read: No such file or directory. Name the file that "
        "“manage.py backup” wrote."
    )
    assert told("restore", tmp_path).startswith(f"{tmp_path} cannot be read: Is a directory.")
    nowhere = tmp_path / "none" / "register.dump"
    assert told("backup", nowhere).startswith(f"{nowhere} cannot be written: No such file or")


@pytest.mark.usefixtures("seeded_for_all")
def test_a_program_that_warns_has_done_its_work(tmp_path: Path, monkeypatch: Any) -> None:
    """As PostgreSQL does at each connection once the system has another collation."""
    real = backups._program("pg_dump")
    warns = tmp_path / "pg_dump"
    warns.write_text(f'#!/bin/sh\necho "WARNING: another collation" >&2\nexec {real} "$@"\n')
    warns.chmod(0o755)
    monkeypatch.setattr(backups, "_program", lambda name: warns)

    assert "The database is in" in told("backup", tmp_path / "register.dump")


@pytest.mark.django_db
def test_without_the_programs_of_the_servers_version_it_is_said_which(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    monkeypatch.setattr(backups, "_candidates", lambda name, version: iter([old]))
    wanted = backups.server_version()

    assert told("backup", tmp_path / "register.dump") == (
        f"The server is PostgreSQL {wanted}, and there is no pg_dump of that version. Seen: {old} "
        "(pg_dump (PostgreSQL) 9.6.24). Install its client programs and try again, on Debian with: "
        f"apt-get install postgresql-client-{wanted}"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["pg_dump"]
