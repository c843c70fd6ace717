"""A database of its own for each run of the tests, and Debian's chromium for the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from twinning import embedded_postgres

RUNS = Path(__file__).resolve().parent.parent / "var" / "test"
VAR_DIR = RUNS / str(os.getpid())

# Before anything reads the settings: neither .env nor the environment changes what tests mean.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "twinning.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser's driver runs an event loop beside us
    "VAR_DIR": str(VAR_DIR),
    "SECRET_KEY": "only for tests: not secret, the same every time, long enough",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "CSRF_TRUSTED_ORIGINS": "",
    "HTTPS": "False",
    "DEBUG": "False",
    "TIME_ZONE": "Europe/Riga",
    "EMAIL_URL": "consolemail://",
    "LOG_LEVEL": "WARNING",
}


# The same examples each time, however busy the machine is.
hypothesis.settings.register_profile("register", deadline=None, derandomize=True)
hypothesis.settings.load_profile("register")


def pytest_configure() -> None:
    """Start the embedded database, unless DATABASE_URL names a server; clear killed runs away."""
    for run in RUNS.glob("[0-9]*"):
        if not is_running(int(run.name)) or run == VAR_DIR:  # our number may be an old one
            remove(run)
    (VAR_DIR / "static").mkdir(parents=True)  # whitenoise looks for it
    from django.conf import settings

    # A password of a test is hashed in no time; test_two_commands.py runs with the real one.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if settings.TRY_OUT:
        try:
            embedded_postgres.start(VAR_DIR, durable=False)
        except embedded_postgres.Refusal as refusal:
            pytest.exit(str(refusal), returncode=1)


def pytest_unconfigure() -> None:
    remove(VAR_DIR)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def remove(run: Path) -> None:
    if embedded_postgres.remove(run):
        shutil.rmtree(run, ignore_errors=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(
            "The browser tests need chromium, and it is not installed. "
            "Install it as root with: apt-get install -y chromium"
        )
    no_sandbox = ["--no-sandbox"] if os.getuid() == 0 else []  # it has none to give to root
    return browser_type_launch_args | {"executable_path": chromium, "args": no_sandbox}


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Both projects of seed/, loaded once for a module; its tests are rolled back to that."""
    from django.core.management import call_command
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_seed", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded_for_all(transactional_db: None) -> None:
    """The same, committed, for tests with other connections: the browser's server, threads."""
    from django.core.management import call_command

    call_command("load_seed", verbosity=0)


@pytest.fixture
def quick(db: None) -> None:
    """Triggers rest: thousands of rows are laid down in the states that the actions would give."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """The hashed names need collectstatic, which the two commands' own test runs."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}


@pytest.fixture(autouse=True, scope="session")
def empty_the_audit_trail_between_tests() -> None:
    """The trail refuses to be emptied. Tests with connections of their own begin with empty
    tables, so here, and nowhere else, the owner of the tables lifts that for the moment."""
    from django.db.backends.postgresql.operations import DatabaseOperations as Operations

    emptied = Operations.sql_flush
    tables = ("audit_event", "audit_line", "audit_seal")

    def sql_flush(self: Any, style: Any, names: Any, **kwargs: Any) -> list[str]:
        lift = [f"ALTER TABLE {name} DISABLE TRIGGER append_only" for name in tables]
        put_back = [f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER append_only" for name in tables]
        return [*lift, *emptied(self, style, names, **kwargs), *put_back]

    Operations.sql_flush = sql_flush  # type: ignore[method-assign, assignment]
