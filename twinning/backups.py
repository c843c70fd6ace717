"""The whole database in one file, and a database out of it, by PostgreSQL's own programs.

Neither the owner of the tables nor any right is written or read: on the server where it is restored
everything belongs to who restores it, and audit/app_role.sql gives the application its rights.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import connection

from exchange.exports.exporting import kept
from tryout import postgres_programs

PLAIN = ("--no-owner", "--no-privileges")
AT_ALL = "SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1"
# What libpq reads, by the name of the option in OPTIONS of the settings.
ENVIRONMENT = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


class Failed(Exception):
    """Why nothing was written, in a file or in the database."""


def write(path: Path) -> str:
    """The database as it is at one moment, into a new file; what the program warned of, if at all.

    Raises Failed, FileNotWritten, OSError.
    """
    with kept(path) as out:
        os.fchmod(out.fileno(), 0o600)  # it holds names of people
        return _run("pg_dump", "--format=custom", *PLAIN, stdout=out)


def restore(path: Path) -> str:
    """The database out of such a file, all of it or nothing, into an empty one; what the program
    warned of. Raises Failed, OSError."""
    with path.open("rb") as dump:
        _refuse_a_filled_one()
        whole = ("--exit-on-error", "--single-transaction")
        return _run(
            "pg_restore", f"--dbname={_database()['PGDATABASE']}", *PLAIN, *whole, stdin=dump
        )


def _refuse_a_filled_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute(AT_ALL)
        filled = cursor.fetchone()
    connection.close()
    if filled:
        raise Failed(
            f"The database {connection.settings_dict['NAME']} is not empty, and nothing is "
            "written over. Make a new one (createdb -E UTF8), have DATABASE_URL name it, and "
            "try again. For the try-out, name another folder with VAR_DIR."
        )


def _run(name: str, *options: str, **files: Any) -> str:
    done = subprocess.run(  # noqa: S603 - no shell; what it gets are settings of ours
        [_program(name), "--no-password", *options],
        env={"PATH": os.defpath, "LC_ALL": "C", **_database()},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **files,
    )
    if done.returncode:
        raise Failed(
            f"{name} ended with code {done.returncode}, and nothing was kept of what it did. It "
            f"said:\n{done.stderr.strip()}"
        )
    return str(done.stderr)


def _database() -> dict[str, str]:
    """Which one, as the variables that PostgreSQL's programs read."""
    to = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {names[key]: to.get(key) for key in names} | {"PGDATABASE": to["NAME"]}
    given |= {ENVIRONMENT[key]: to["OPTIONS"].get(key) for key in ENVIRONMENT}
    return {name: str(text) for name, text in given.items() if text}


def server_version() -> int:
    return int(cast(Any, connection).pg_version) // 10_000


def _program(name: str) -> Path:
    """The program of the server's version: one of another reads or writes other files."""
    wanted = server_version()
    tried = []
    for path in _candidates(name, wanted):
        said = subprocess.run(  # noqa: S603
            [path, "--version"], capture_output=True, text=True, check=False
        ).stdout
        if said.partition(") ")[2].split(".")[0] == str(wanted):
            return path
        tried.append(f"{path} ({said.strip()})")
    raise Failed(
        f"The server is PostgreSQL {wanted}, and there is no {name} of that version. Seen: "
        f"{', '.join(tried) or 'none'}. Install its client programs and try again, on Debian with: "
        f"apt-get install postgresql-client-{wanted}"
    )


def _candidates(name: str, version: int) -> Iterator[Path]:
    """On the PATH, where Debian has each version beside the others, in the embedded PostgreSQL."""
    if on_path := shutil.which(name):
        yield Path(on_path)
    debian = Path(f"/usr/lib/postgresql/{version}/bin/{name}")
    if debian.exists():
        yield debian
    if settings.TRY_OUT:
        yield postgres_programs.in_wheel() / name
