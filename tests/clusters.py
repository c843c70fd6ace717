"""The embedded database of a run of the tests: a copy of one that is migrated and empty.

It is made once for the migrations and packages as they are, and kept in var/test until they change;
beside it one without any table, for tests of what happens to a cluster.
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


def copy(var_dir: Path, *, of: str = "migrated") -> None:
    """Put a copy of that cluster there, to be started. Raises ClusterRefusal."""
    cluster = postgres_cluster.at(var_dir / "postgres")
    data = cluster.home / "data"
    with _kept(of) as kept:
        shutil.copytree(kept, data)
    if cluster.user:
        for path in (data, *data.rglob("*")):
            os.chown(path, cluster.user.pw_uid, cluster.user.pw_gid)


@contextmanager
def _kept(name: str) -> Iterator[Path]:
    """The data of a stopped cluster, in which the tests' database is migrated and empty, or which
    is new; it stays as long as it is in use here, whatever a run of other migrations does."""
    make, digest = KEPT[name]
    RUNS.mkdir(parents=True, exist_ok=True)
    kept = RUNS / f"{name}-{digest()}"
    with (RUNS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in RUNS.glob(f"{name}-*"):
                shutil.rmtree(old)
            _make(kept, make)
        yield kept


def _digest_of_all() -> str:
    """Of all that decides what is migrated: migrations, what they import, the programs."""
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    imported = {name for path in migrations for name in IMPORTED.findall(path.read_text())}
    files = {ROOT / f"{name.replace('.', '/')}.py" for name in imported}
    sources = [*migrations, *(file for file in sorted(files) if file.exists())]
    sources += sorted(ROOT.glob("audit/**/*.py"))  # the triggers
    return _digest(*sources)


def _digest(*sources: Path) -> str:
    """Of these files and of those that decide what a cluster is at first."""
    sources += (ROOT / "requirements.txt", Path(__file__), Path(postgres_cluster.__file__))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _make(kept: Path, make: str) -> None:
    """In a process of its own: this one has read the settings of its own run."""
    making = RUNS / str(os.getpid()) / "migrated"
    making.mkdir(parents=True)
    code = f"import sys; from tests import clusters; clusters.{make}(sys.argv[1])"
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


def create(var_dir: str) -> None:
    """With one database alone: what is copied often has a quarter of the files then."""
    cluster = postgres_cluster.at(Path(var_dir) / "postgres")
    cluster.create(durable=False)
    others = ("template0", "template1", "postgres")
    sql = ["UPDATE pg_database SET datistemplate = false;\n"]
    sql += [f"DROP DATABASE {name};\n" for name in others]
    alone = ["--single", "-D", "data", "-c", "exit_on_error=on", postgres_cluster.NAME]
    cluster._run("postgres", *alone, stdin="".join(sql))


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


# name -> which of the above makes it, and what tells whether it is still the right one
KEPT = {"migrated": ("migrate", _digest_of_all), "bare": ("create", _digest)}
