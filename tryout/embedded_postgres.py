"""PostgreSQL for the try-out and the tests: who uses it, when it starts and when it stops.

Each process that uses the database holds a shared lock on the folder of the cluster
(postgres_cluster.py); the last one to leave stops the server. The lock of a killed process goes
with it. Starting and stopping happen one at a time, under an exclusive lock on var/.

Only the standard library is imported: the settings read this module.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tryout import postgres_cluster
from tryout.postgres_cluster import Cluster
from tryout.postgres_programs import ClusterRefusal as ClusterRefusal


@dataclass(frozen=True)
class _Use:
    """That we use a cluster: our open, locked descriptor of its folder, and how it was started."""

    cluster: Cluster
    users: int
    durable: bool


_in_use: dict[Path, _Use] = {}  # by the folder of the cluster


def settings(var_dir: Path) -> dict[str, Any]:
    """The entry of DATABASES for the cluster of this var/, running or not."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": postgres_cluster.NAME,
        "USER": postgres_cluster.NAME,
        "HOST": str(postgres_cluster.socket_folder(_home(var_dir))),
        "PORT": postgres_cluster.PORT,
    }


def start(var_dir: Path, *, durable: bool = True) -> None:
    """Start the cluster of this var/ unless it runs, and use it until this process ends.

    The first start makes it, with an empty database. `durable=False` is for tests: faster, and
    lost when the machine stops. Raises ClusterRefusal.
    """
    home = _home(var_dir)
    if home in _in_use:
        return
    var_dir.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(var_dir):
        cluster = postgres_cluster.at(home)
        users = os.open(home, os.O_RDONLY)
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster.create(durable=durable)
            cluster.start(durable=durable)
        except BaseException:
            os.close(users)
            raise
    _in_use[home] = _Use(cluster, users, durable)
    atexit.register(_at_exit, var_dir, os.getpid())


def revive(var_dir: Path) -> bool:
    """Start the cluster that we use again if its server cannot be reached; whether that was needed.

    Nothing new is made where the data is gone. Raises ClusterRefusal, or OSError for the folder.
    """
    used = _in_use[_home(var_dir)]
    if used.cluster.answers():
        return False
    with _one_at_a_time(var_dir):
        used.cluster.start(durable=used.durable)
    return True


def leave(var_dir: Path) -> bool:
    """Stop using the cluster, and stop it unless another process uses it. Whether it is stopped."""
    home = _home(var_dir)
    used = _in_use.pop(home, None)
    if not home.exists():
        return True
    with _one_at_a_time(var_dir):
        cluster = postgres_cluster.at(home)
        users = used.users if used else os.open(home, os.O_RDONLY)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster.stop()
        except BlockingIOError:
            return False
        finally:
            os.close(users)
    return True


def remove(var_dir: Path) -> bool:
    """Stop the cluster and delete it with its data, unless another process uses it."""
    if not leave(var_dir):
        return False
    home = _home(var_dir)
    shutil.rmtree(home.resolve(), ignore_errors=True)
    for link in (home, postgres_cluster.socket_folder(home)):
        if link.is_symlink():
            link.unlink()
    return True


def _home(var_dir: Path) -> Path:
    return Path(os.path.abspath(var_dir)) / "postgres"


@contextlib.contextmanager
def _one_at_a_time(var_dir: Path) -> Iterator[None]:
    gate = os.open(var_dir, os.O_RDONLY)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _at_exit(var_dir: Path, pid: int) -> None:
    if os.getpid() != pid:  # a fork of the process that started it; that one still uses it
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C
    try:
        leave(var_dir)
    except ClusterRefusal as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - no command is left to speak through
