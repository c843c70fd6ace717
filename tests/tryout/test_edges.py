"""The embedded PostgreSQL after a kill, a full disk and a stop that was not the end of it."""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.tryout.test_embedded_postgres import (
    AS_ROOT,
    add_row,
    answers,
    folder,
    rows,
    session,
    start,
    there,
)
from tests.waiting import wait_for
from tryout import embedded_postgres, postgres_cluster, postgres_locks, postgres_programs
from tryout.management.commands import serve

__all__ = ["folder", "there"]
pytestmark = pytest.mark.slow("makes clusters, starts and stops them")


def postmaster(var_dir: Path) -> int:
    return int((var_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def kill_server(var_dir: Path) -> None:
    os.kill(postmaster(var_dir), signal.SIGKILL)
    wait_for(lambda: not answers(var_dir))


def log(var_dir: Path) -> str:
    return (var_dir / "postgres" / "log").read_text()


@pytest.mark.usefixtures("there")
def test_a_killed_server_is_started_again_by_whom_it_died_under(folder: Path) -> None:
    embedded_postgres.start(folder)  # durable: what is saved survives a kill
    assert not embedded_postgres.revive(folder), "it runs"
    for count in (1, 2, 3):
        add_row(folder)
        kill_server(folder)
        assert embedded_postgres.revive(folder)
        assert rows(folder) == count
    assert not embedded_postgres.revive(folder)


@pytest.mark.usefixtures("there")
def test_it_is_awaited_that_a_query_of_a_killed_server_ends(folder: Path) -> None:
    embedded_postgres.start(folder)
    add_row(folder)
    numbers = "generate_series(1, 10000)"
    with (
        contextlib.closing(session(folder)) as busy,
        contextlib.closing(session(folder)) as watching,
        ThreadPoolExecutor() as pool,
    ):
        busy.execute("SET statement_timeout = '120s'")  # should the test not come to end it
        long = f"SELECT count(*) FROM {numbers} a, {numbers} b, {numbers} c"
        counting = pool.submit(busy.execute, long)
        watching.autocommit = True  # in one transaction it would see the same each time
        active = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid = %s"
        wait_for(lambda: watching.execute(active, [busy.info.backend_pid]).fetchone())
        kill_server(folder)
        reviving = pool.submit(embedded_postgres.revive, folder)
        wait_for(lambda: postgres_cluster.CHILDREN_LEFT in log(folder))
        assert not counting.done()
        assert not reviving.done()
        os.kill(busy.info.backend_pid, signal.SIGINT)
        assert isinstance(counting.exception(60), psycopg.Error)
        assert reviving.result(60)
    assert rows(folder) == 1


@pytest.mark.usefixtures("there")
def test_where_the_data_is_gone_nothing_new_is_made(folder: Path) -> None:
    start(folder)
    kill_server(folder)
    home = (folder / "postgres").resolve()
    shutil.rmtree(home)
    with pytest.raises(FileNotFoundError):
        embedded_postgres.revive(folder)
    assert not home.exists()


@pytest.mark.usefixtures("there")
def test_a_server_that_was_told_to_end_and_has_not_is_ended_and_started(folder: Path) -> None:
    start(folder)
    add_row(folder)
    with contextlib.closing(session(folder)):
        os.kill(postmaster(folder), signal.SIGTERM)  # as who waits until the last session is over
        wait_for(lambda: postgres_locks.status(folder / "postgres" / "data") == "stopping")
        before = postmaster(folder)
        postgres_cluster.at(folder / "postgres").start(durable=False)
        assert postmaster(folder) != before
    assert rows(folder) == 1


@pytest.mark.usefixtures("there")
def test_a_server_without_its_socket_is_ended_and_started(folder: Path) -> None:
    start(folder)
    add_row(folder)
    (folder / "postgres" / ".s.PGSQL.5432").unlink()
    assert embedded_postgres.revive(folder)
    assert rows(folder) == 1


@pytest.mark.usefixtures("there")
def test_a_server_that_does_not_end_in_an_orderly_way_ends_at_once(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Takes 5 s: as long as PostgreSQL gives its children before it kills them."""
    embedded_postgres.start(folder)  # durable: what is saved is in the log
    add_row(folder)
    with contextlib.closing(session(folder)) as stuck, pytest.MonkeyPatch.context() as patch:
        patch.setitem(postgres_cluster.STOP_PATIENCE, "fast", 0)
        os.kill(stuck.info.backend_pid, signal.SIGSTOP)
        assert embedded_postgres.leave(folder)

    assert capfd.readouterr().err.endswith(
        f"The embedded PostgreSQL in {folder / 'postgres'} does not end in an orderly way, so it "
        "is made to end at once. What was saved is safe: the next start reads it from the log.\n"
    )
    assert "received immediate shutdown request" in log(folder)
    assert not answers(folder)
    start(folder)
    assert rows(folder) == 1


def cut_short(lock: Path, text: str) -> None:
    lock.write_text(text)
    shutil.chown(lock, *(("nobody", lock.parent.group()) if AS_ROOT else (os.getuid(), None)))


@pytest.mark.parametrize("text", ["", "\n", "no number\n"])
@pytest.mark.usefixtures("there")
def test_a_lock_file_cut_short_by_a_full_disk_does_not_matter(folder: Path, text: str) -> None:
    home = folder / "postgres"
    start(folder)
    add_row(folder)
    assert embedded_postgres.leave(folder)

    cut_short(home / "data" / "postmaster.pid", text)
    cut_short(home / ".s.PGSQL.5432.lock", text)
    assert embedded_postgres.leave(folder), "there is nothing to stop"
    cut_short(home / "data" / "postmaster.pid", text)
    cut_short(home / ".s.PGSQL.5432.lock", text)
    start(folder)
    assert rows(folder) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where a process works")
@pytest.mark.usefixtures("there")
def test_the_number_of_another_postgresql_is_forgotten(folder: Path) -> None:
    start(folder)
    add_row(folder)
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    assert embedded_postgres.leave(folder)
    stranger = subprocess.Popen(
        ["postgres", "-c", "read line"],
        executable="/bin/sh",
        stdin=subprocess.PIPE,
        cwd="/",
        user="nobody" if AS_ROOT else None,
    )
    try:
        cut_short(pid_file, "\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        start(folder)
        assert rows(folder) == 1
        assert stranger.poll() is None
    finally:
        stranger.communicate()


def test_who_answers_is_the_server_whatever_its_process_is_called(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under an emulator, whose name the process has then; here it has Python's."""
    monkeypatch.setattr(postgres_cluster, "PATIENCE", 0)
    monkeypatch.setitem(postgres_cluster.STOP_PATIENCE, "fast", 0)
    pg_ctl = folder / "pg_ctl"
    pg_ctl.write_text("#!/bin/sh\nhead -n 1 data/postmaster.pid > asked; rm .s.PGSQL.5432\n")
    pg_ctl.chmod(0o755)
    (folder / "data").mkdir()
    ready = f"{os.getpid()}\n2\n3\n4\n5\n6\n7\nready   \n"
    (folder / "data" / "postmaster.pid").write_text(ready)
    cluster = postgres_cluster.Cluster(folder, None, folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / ".s.PGSQL.5432"))
        server.listen()
        cluster.start(durable=False)
        cluster.stop()
    assert (folder / "asked").read_text() == f"{os.getpid()}\n"


@contextlib.contextmanager
def nothing_can_be_written() -> Iterator[None]:
    """What a write meets on a full disk, another error number apart."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_a_lock_file_keeps_what_it_says(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text("999999999\n/data\nready\n")
    with pytest.raises(OSError, match="File too large"), nothing_can_be_written():
        postgres_locks.forget_stranger(lock, tmp_path)
    assert lock.read_text() == "999999999\n/data\nready\n"


def test_half_a_copy_of_the_programs_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path, *, symlinks: bool) -> None:
        target.mkdir(parents=True)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OSError, match="No space left"):
        postgres_programs._copy(tmp_path, tmp_path / "programs-1", pwd.getpwuid(os.getuid()))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 120 MB, where this user may mount one."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=120m,mode=711", "none", str(disk)]
    if not AS_ROOT or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a file system can fill one")
    yield disk
    embedded_postgres.remove(disk)
    subprocess.run(["umount", disk], check=True)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return filler


def has_no_room_for_the_log(writing: psycopg.Connection[tuple[int]]) -> bool:
    """Whether the server has given up for that; writes a bit more of it otherwise."""
    try:
        writing.execute("SELECT pg_logical_emit_message(false, '', repeat('-', 1000000))")
        writing.commit()
    except psycopg.OperationalError:
        return True
    return False


def test_after_a_full_disk_and_room_again_it_stops_and_starts(small_disk: Path) -> None:
    embedded_postgres.start(small_disk)
    add_row(small_disk)
    writing = session(small_disk)
    filler = fill(small_disk)
    with contextlib.closing(writing):
        wait_for(lambda: has_no_room_for_the_log(writing))
    with contextlib.suppress(embedded_postgres.ClusterRefusal):  # as long as there is no room
        embedded_postgres.revive(small_disk)
    filler.unlink()
    wait_for(lambda: is_back(small_disk))
    assert rows(small_disk) == 1

    filler = fill(small_disk)
    assert embedded_postgres.leave(small_disk), "it can be stopped on a full disk"
    filler.unlink()
    embedded_postgres.start(small_disk)
    assert rows(small_disk) == 1


def is_back(var_dir: Path) -> bool:
    embedded_postgres.revive(var_dir)
    return answers(var_dir)


def test_what_a_server_leaves_behind_ends_with_it() -> None:
    """A worker of it that does not hear, for instance, and keeps the port."""
    process = subprocess.Popen(["sh", "-c", "sleep 600 &"], start_new_session=True)
    serve.wait_for(process)

    with pytest.raises(ProcessLookupError):
        wait_for(lambda: os.killpg(process.pid, 0))
