"""A database of its own for each process of a run, and chromium for the browser."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

from tests import clusters, volume
from tests.playing import played  # noqa: F401 - a fixture
from tests.sharing import ByGroup
from tryout import embedded_postgres

VAR_DIR = clusters.RUNS / str(os.getpid())
KEPT_EXAMPLES = clusters.ROOT / "var" / "hypothesis"
LONG = 20  # seconds; a test that takes longer has its reason beside it
STRONG = "`make test-all` runs the same tests at full strength."

os.environ |= clusters.environment(VAR_DIR)  # before anything reads the settings

# The same examples each time, however busy the machine is; at full strength new ones each time,
# and those that once failed again.
hypothesis.settings.register_profile("quick", deadline=None, derandomize=True)
kept = DirectoryBasedExampleDatabase(KEPT_EXAMPLES)
hypothesis.settings.register_profile("all", deadline=None, print_blob=True, database=kept)
hypothesis.settings.load_profile("all" if volume.ALL else "quick")


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded database, unless DATABASE_URL names a server; clear killed runs away."""
    is_worker = hasattr(config, "workerinput")
    try:
        if not is_worker:
            clusters.clear_away()
        if getattr(config.option, "tx", None) and not is_worker:  # the workers run the tests
            del os.environ["DJANGO_SETTINGS_MODULE"]  # read there, once each has its own VAR_DIR
            return
        (VAR_DIR / "static").mkdir(parents=True)  # whitenoise looks for it
        from django.conf import settings

        # A password of a test is hashed in no time; test_two_commands.py has the real one.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        # The hashed names need collectstatic, which the two commands' own test runs.
        backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STORAGES |= {"staticfiles": {"BACKEND": backend}}
        if settings.TRY_OUT:
            clusters.start(VAR_DIR)
    except embedded_postgres.ClusterRefusal as refusal:
        pytest.exit(str(refusal), returncode=1)


def pytest_unconfigure() -> None:
    clusters.remove(VAR_DIR)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"played", "live_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow("plays the story, or opens a browser"))


def pytest_collection_finish() -> None:
    """What is loaded now stays; to look through it again and again takes a twentieth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _with_room(run: Callable[..., bool], *given: Any) -> bool:
    return run(*given)


# Python before gh-142183 keeps frames in pieces of 16 kB and gives a piece back once it is empty:
# a loop that calls across the end of one asks the system for memory with each call, and a test and
# its request fill several. This frame claims 512 kB, so what it calls stays in its one piece.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=1 << 16)


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    runner: Any = item.config.pluginmanager.get_plugin("runner")
    return _with_room(runner.pytest_runtest_protocol, item, nextitem)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    return ByGroup(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats
    ran, out = (
        sum(len(reports.get(name, [])) for name in names)
        for names in (("passed", "failed", "error"), ("deselected",))
    )
    strength = "at full strength" if volume.ALL else "at a tenth of their volume"
    left_out = f", {out} were left out" if out else ""
    rest = "" if volume.ALL else f" {STRONG}"
    terminalreporter.write_line(f"{ran} tests ran {strength}{left_out}.{rest}")
    for report in [*reports.get("passed", []), *reports.get("failed", [])]:
        if report.duration > LONG and not volume.ALL and "slow" not in report.keywords:
            terminalreporter.write_line(
                f"{report.nodeid} took {report.duration:.0f} s: mark it slow, with the reason."
            )


# What chromium does for each window beside showing it: two pages of its own for the address bar
# cost half of the time a window takes to open. The last switch of a name counts, so those of
# playwright that matter here come again.
NOT_ASKED = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable"),
    *("PaintHolding", "NetworkTimeServiceQuerying", "OptimizationHints", "PreconnectToSearch"),
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("There is no chromium: see what `sh tests/check_chromium.sh` says.")
    args = [f"--disable-features={','.join(NOT_ASKED)}"]
    args += ["--no-sandbox"] if os.getuid() == 0 else []  # it has none to give to root
    return browser_type_launch_args | {"executable_path": chromium, "args": args}


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there and migrated in the copy of the cluster (tests/clusters.py)."""
    from django.conf import settings

    return bool(settings.TRY_OUT)


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request: pytest.FixtureRequest) -> None:
    """Each worker has a cluster of its own, and so the same name in it; not so on one server."""
    from django.conf import settings

    if not settings.TRY_OUT:
        request.getfixturevalue("django_db_modify_db_settings_xdist_suffix")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The empty database, and those beside it."""
    from tests import databases

    with django_db_blocker.unblock():
        databases.keep_an_empty_one()
    yield
    with django_db_blocker.unblock():
        databases.drop_all()


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """What a process keeps was made of the database and the settings of another test."""
    from django.test.signals import setting_changed

    from public.http import kept
    from releases.reading import documents

    def forget(**_changed: object) -> None:
        kept.PAGES.clear()
        documents.KEPT.clear()

    forget()
    setting_changed.connect(forget)
    yield
    setting_changed.disconnect(forget)


def load_seed() -> None:
    from django.core.management import call_command

    call_command("load_seed", verbosity=0)


@pytest.fixture
def _django_db_helper(_database_of_the_test: None, _django_db_helper: None) -> None:
    """pytest-django's transaction around a test, which begins on the database of that test."""


@pytest.fixture
def _database_of_the_test(request: pytest.FixtureRequest) -> None:
    if "seeded" in request.fixturenames:
        request.getfixturevalue("seeded")


@pytest.fixture
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Both projects of seed/, loaded once in a run; each test is rolled back to that."""
    from tests import databases

    with django_db_blocker.unblock(), databases.filled("seeded", load_seed):
        yield


@pytest.fixture
def seeded_for_all(transactional_db: None) -> Iterator[None]:
    """The same to commit to, for tests with other connections: the browser's server, threads."""
    from tests import databases

    with databases.copied("seeded", load_seed):
        yield


@pytest.fixture
def quick(db: None) -> None:
    """Triggers rest: thousands of rows are laid down in the states that the actions would give."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


@pytest.fixture(autouse=True)
def files_go_with_their_rows() -> Iterator[None]:
    """What a test put into the storage of evidence: its rows are rolled back."""
    yield
    shutil.rmtree(VAR_DIR / "evidence", ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def tables_are_emptied_between_tests() -> None:
    """Tests with connections of their own begin with empty tables. The trail refuses to be emptied,
    so here, and nowhere else, the owner of the tables lifts that for the moment. Rows are few and
    are deleted: to truncate makes a new file for each table and each index."""
    from django.db.backends.postgresql.operations import DatabaseOperations as Operations

    parts = ("event", "book", "line", "balance", "notice", "timestamp", "seal", "batch")
    trail = tuple(f"audit_{part}" for part in parts)
    jobs = tuple(
        f"procrastinate_{name}" for name in ("events", "periodic_defers", "jobs", "workers")
    )

    def sql_flush(self: Any, style: Any, names: Any, **kwargs: Any) -> list[str]:
        from tests import databases

        assert not databases.is_kept(), "A test that commits needs a database of its own."
        lift = [f"ALTER TABLE {name} DISABLE TRIGGER append_only" for name in trail]
        put_back = [f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER append_only" for name in trail]
        emptied = [f'DELETE FROM "{name}"' for name in sorted({*names, *jobs})]  # jobs: of no model
        return ["SET LOCAL session_replication_role = replica", *lift, *emptied, *put_back]

    Operations.sql_flush = sql_flush  # type: ignore[method-assign, assignment]
