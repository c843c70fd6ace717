"""The embedded database of a run of the tests: a copy of one that is migrated and empty.

It is made once for the migrations and packages as they are, and kept in var/test until they change.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tryout import embedded_postgres, postgres_cluster, postgres_programs

ROOT = Path(__file__).resolve().parent.parent
RUNS = ROOT / "var" / "test"
IMPORTED = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)


def environment(var_dir: Path) -> dict[str, str]:
    """What the settings read in tests: neither .env nor the caller's changes what tests mean."""
    return {
        "DJANGO_SETTINGS_MODULE": "twinning.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser's driver runs an event loop beside us
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": "only for tests: not secret, the same every time, long enough",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CSRF_TRUSTED_ORIGINS": "",
        "HTTPS": "False",
        "DEBUG": "False",
        "TIME_ZONE": "Europe/Riga",
        "EMAIL_URL": "consolemail://",
        "DEFAULT_FROM_EMAIL": "register@example.org",
        "SITE_URL": "http://127.0.0.1:8000",
        "PORT": "",
        "DEFAULT_LANGUAGE": "lv",
        "SEAL_MINUTES": "15",
        "LOG_LEVEL": "WARNING",
    }


def clear_away() -> None:
    """What killed runs have left."""
    for run in RUNS.glob("[0-9]*"):
        if int(run.name) == os.getpid() or not _runs(int(run.name)):  # our number may be an old one
            remove(run)


def remove(run: Path) -> None:
    embedded_postgres.remove(run / "migrated")  # where it was killed while it made that
    if embedded_postgres.remove(run):
        shutil.rmtree(run, ignore_errors=True)


def start(var_dir: Path) -> None:
    """Start the cluster of a run, as a copy of the migrated one. Raises ClusterRefusal."""
    copy(var_dir)
    embedded_postgres.start(var_dir, durable=False)


def copy(var_dir: Path) -> None:
    """Put a copy of the migrated cluster there, to be started. Raises ClusterRefusal."""
    cluster = postgres_cluster.at(var_dir / "postgres")
    data = cluster.home / "data"
    with migrated() as kept:
        shutil.copytree(kept, data)
    if cluster.user:
        for path in (data, *data.rglob("*")):
            os.chown(path, cluster.user.pw_uid, cluster.user.pw_gid)


@contextmanager
def migrated() -> Iterator[Path]:
    """The data of a stopped cluster in which the tests' database is migrated and empty; it stays
    as long as it is in use here, whatever a run of other migrations does."""
    RUNS.mkdir(parents=True, exist_ok=True)
    kept = RUNS / f"migrated-{_digest()}"
    with (RUNS / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in RUNS.glob("migrated-*"):
                shutil.rmtree(old)
            _make(kept)
        yield kept


def _digest() -> str:
    """Of all that decides what is in the cluster: migrations, what they import, the programs."""
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    imported = {name for path in migrations for name in IMPORTED.findall(path.read_text())}
    files = {ROOT / f"{name.replace('.', '/')}.py" for name in imported}
    sources = [*migrations, *(file for file in sorted(files) if file.exists())]
    sources += sorted(ROOT.glob("audit/**/*.py"))  # the triggers
    sources += [ROOT / "requirements.txt", Path(__file__), Path(postgres_cluster.__file__)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _make(kept: Path) -> None:
    """In a process of its own: this one has read the settings of its own run."""
    making = RUNS / str(os.getpid()) / "migrated"
    making.mkdir(parents=True)
    code = "import sys; from tests.clusters import migrate; migrate(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(making)],
        cwd=ROOT,
        env=os.environ | environment(making),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise postgres_programs.ClusterRefusal(f"The tests' database was not made.\n{done.stderr}")
    shutil.copytree((making / "postgres").resolve() / "data", kept.with_suffix(".new"))
    kept.with_suffix(".new").rename(kept)
    remove(making)


def migrate(var_dir: str) -> None:
    import django
    from django.db import connection

    embedded_postgres.start(Path(var_dir), durable=False)
    django.setup()
    connection.creation.create_test_db(verbosity=0)
    connection.close()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
