"""A machine that refuses: what is said of it, by commands and by pages, instead of a traceback."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from deliverables.projects.models import Publishing
from releases.models import Release
from tests.make import make_project
from tryout import embedded_postgres, machine_errors, ports
from tryout.management.commands import serve, stop

pytestmark = pytest.mark.slow("starts programs, and waits for what does not answer")
ROOT = Path(__file__).resolve().parents[2]
WE = pwd.getpwuid(os.geteuid()).pw_name
OPEN_ALL = (1, 2)  # powers of root on Linux: to write and to read every file


def without_powers() -> None:
    """Root may write where an ordinary user may not: in what is started, it may not either."""
    if os.getuid() == 0:
        for power in OPEN_ALL:
            assert ctypes.CDLL(None).prctl(24, power, 0, 0, 0) == 0  # PR_CAPBSET_DROP


def manage(command: str, var_dir: Path, root: Path = ROOT, **given: str) -> tuple[int, str]:
    """How a command ended and what it said, started as by an ordinary user."""
    ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "VAR_DIR": str(var_dir)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        ours |= {"PORT": str(probe.getsockname()[1])}
    ours |= {"DATABASE_URL": "", "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "False"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=root,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": ""}
        | ours
        | given,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=without_powers,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", ["serve", "stop", "check_data"])
def test_a_file_where_the_folder_should_be_is_said(command: str, tmp_path: Path) -> None:
    in_the_way = tmp_path / "var"
    in_the_way.touch()
    assert manage(command, in_the_way) == (
        1,
        f"{in_the_way} is not what it should be, a file for a folder or the other way round. Move "
        "it away, or choose another folder for the data with VAR_DIR.\n",
    )


@pytest.mark.parametrize("command", ["serve", "stop", "migrate"])
def test_a_folder_that_cannot_be_written_is_said(command: str, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    var_dir = tmp_path / "closed" / "var"
    assert manage(command, var_dir) == (
        1,
        f"{var_dir} is closed to user {WE}, who started this. Let that user read and write there "
        "(chown, chmod), or choose another folder for the data with VAR_DIR.\n",
    )


def test_a_file_in_it_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.touch(mode=0o000)
    assert manage("stop", tmp_path) == (
        1,
        f"{key} is closed to user {WE}, who started this. Let that user read and write there "
        "(chown, chmod), or choose another folder for the data with VAR_DIR.\n",
    )


@pytest.mark.parametrize(
    ("number", "path", "said"),
    [
        (
            errno.ENOSPC,
            "/data/var/secret_key",
            "/data/var/secret_key could not be written: there is no room left on its disk. Make "
            "room and try again; what was saved is safe.",
        ),
        (
            errno.ENOSPC,
            None,
            "A file could not be written: there is no room left on its disk. Make room and try "
            "again; what was saved is safe.",
        ),
        (
            errno.EROFS,
            "/data/var",
            "/data/var could not be written: its file system is read-only. Mount it for writing, "
            "or choose another folder for the data with VAR_DIR.",
        ),
        (errno.ENOENT, "/data/var", None),
        (errno.EACCES, None, None),
    ],
)
def test_what_a_disk_refuses_is_said_and_our_own_faults_are_not(
    number: int, path: str | None, said: str | None
) -> None:
    assert machine_errors.sentence(OSError(number, os.strerror(number), path)) == said
    assert machine_errors.sentence(ValueError()) is None


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of one as reads settings from its .env."""
    shutil.copytree(ROOT / "twinning", tmp_path / "twinning")
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", ["serve", "stop"])
@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [(b"", 0o000, "Permission denied"), ("PORT=ā".encode("cp1257"), 0o600, "it is not UTF-8")],
)
def test_settings_that_cannot_be_read_are_not_left_out(
    checkout: Path, command: str, content: bytes, mode: int, reason: str
) -> None:
    env = checkout / ".env"
    env.write_bytes(content)
    env.chmod(mode)
    assert manage(command, checkout / "var", root=checkout) == (
        1,
        f"{env} cannot be read ({reason}), so the settings in it are not known and nothing was "
        "started. Let the user who starts it read that file, or remove it.\n",
    )
    assert not (checkout / "var").exists()


def test_settings_of_the_file_are_read_and_those_of_the_environment_win(checkout: Path) -> None:
    (checkout / ".env").write_text("# ours\nSECRET_KEY=short\nTIME_ZONE=Nowhere\n")
    code, said = manage("check", checkout / "var", root=checkout, TIME_ZONE="Europe/Riga")
    assert code == 1
    assert said.startswith("SECRET_KEY is missing or shorter than 50 characters")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


IN_OPERATION: Any = {
    "SECRET_KEY": "k" * 50, "SITE_URL": "https://register.example",
    "EMAIL_URL": "smtp://mail.example", "DEFAULT_FROM_EMAIL": "register@register.example",
}  # fmt: skip


def url(port: int) -> str:
    return f"postgres://register:secret@127.0.0.1:{port}/register?connect_timeout=2"


@pytest.mark.parametrize("command", ["serve", "send_reminders"])
def test_a_database_that_is_away_is_said(command: str, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        said = manage(command, tmp_path, DATABASE_URL=url(port), **IN_OPERATION)
    assert said == (
        1,
        "The database that DATABASE_URL names cannot be used: connection failed: connection to "
        f'server at "127.0.0.1", port {port} failed: Connection refused. Have it run and let us '
        "in, or correct DATABASE_URL in the environment or in .env, and try again.\n",
    )


def test_a_database_that_says_nothing_is_not_awaited_for_long(tmp_path: Path, silent: int) -> None:
    said = manage("serve", tmp_path, DATABASE_URL=url(silent), **IN_OPERATION)
    assert said == (
        1,
        "The database that DATABASE_URL names cannot be used: connection timeout expired. Have it "
        "run and let us in, or correct DATABASE_URL in the environment or in .env, and try again."
        "\n",
    )


def test_an_embedded_database_that_goes_away_under_a_command_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    lost = psycopg.OperationalError("server closed the connection unexpectedly\n\tThis probably …")
    assert machine_errors.sentence(lost) == (
        "The embedded PostgreSQL went away: server closed the connection unexpectedly. What was "
        "saved is safe. Make room if its disk is full, and try again: it starts by itself."
    )


def test_a_port_kept_for_root_is_said_with_one_that_is_not(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(port: int) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(ports, "try_out", refuse)
    with pytest.raises(CommandError) as caught, ports.held(80):
        pass
    assert str(caught.value) == (
        "Port 80 on 127.0.0.1 cannot be used: the operating system keeps ports below 1024 for "
        "root. Choose another port, for instance: make run PORT=8001"
    )
    assert list(tmp_path.iterdir()) == [], "no server is left to be stopped"


def test_the_number_of_a_killed_server_goes_before_the_port_is_tried(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_file = tmp_path / "server-8000.pid"
    pid_file.write_text("4711\n")
    seen: list[str] = []
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(ports, "try_out", lambda port: seen.append(pid_file.read_text()))
    with ports.held(8000):
        seen.append(pid_file.read_text())
    assert seen == ["", f"{os.getpid()}\n"]


@pytest.mark.parametrize(("taken", "advised"), [(80, 8001), (1024, 1025), (65535, 8001)])
def test_another_port_is_one_for_all(taken: int, advised: int) -> None:
    said = ports.refused(taken, OSError(errno.EADDRINUSE, "Address already in use"))
    assert str(said) == (
        f"Port {taken} on 127.0.0.1 cannot be used: Address already in use. Stop the program that "
        "has it (`make stop`, if it is this register) or choose another port, for instance: make "
        f"run PORT={advised}"
    )


def test_a_database_that_does_not_come_back_is_said_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRY_OUT = True
    results: list[bool | Exception] = []

    def revive(var_dir: Path) -> bool:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(embedded_postgres, "revive", revive)
    monkeypatch.setattr(serve, "LOOK_AGAIN", 0)
    watch = serve.Watch()
    full = embedded_postgres.ClusterRefusal("There is no room.")
    gone = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "/data/var/postgres")
    results[:] = [False, full, full, gone, True, False, gone, full]
    assert [watch.look() for _ in range(8)] == [
        "",
        "There is no room.\nIt is tried every 0 seconds.\n",
        "",
        "",
        "The embedded PostgreSQL could not be reached and was started again. What was saved is "
        "safe.\n",
        "",
        "The embedded PostgreSQL cannot be started again: /data/var/postgres: No such file or "
        "directory. Put back what is missing, or stop with Ctrl-C.\n"
        "It is tried every 0 seconds.\n",
        "",
    ]
    settings.TRY_OUT = False
    assert watch.look() == "", "the server of a DATABASE_URL is not ours to start"


def test_a_full_disk_that_keeps_a_database_away_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def revive(var_dir: Path) -> bool:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/var/postgres/log")

    settings.TRY_OUT = True
    monkeypatch.setattr(embedded_postgres, "revive", revive)
    assert serve.Watch().look() == (
        "/data/var/postgres/log could not be written: there is no room left on its disk. Make room "
        "and try again; what was saved is safe.\nIt is tried every 5 seconds.\n"
    )


HOLDER = """
import fcntl, os, sys
with open(sys.argv[1], "a") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.readline()
    file.write(str(os.getpid()))
    file.flush()
    sys.stdin.readline()
"""


def test_a_server_that_has_not_yet_said_its_number_is_stopped_when_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_file = tmp_path / "server-8000.pid"
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLDER, str(pid_file)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == "held\n"
        lets_it_write = [holder.stdin]

        def sleep(seconds: float) -> None:
            if lets_it_write:  # once: at a second line it would end by itself
                print(file=lets_it_write.pop(), flush=True)

        monkeypatch.setattr(time, "sleep", sleep)
        assert stop.stop_server(pid_file)
    assert holder.returncode == -15


def test_a_server_that_ends_by_itself_meanwhile_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_file = tmp_path / "server-8000.pid"
    assert not stop.stop_server(pid_file), "it ended before its file was opened"

    look, asked = stop.free, []
    with pid_file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        print(4711, file=held, flush=True)

        def free(descriptor: int) -> bool:
            pid_file.unlink(missing_ok=True)
            return look(descriptor)

        def kill(pid: int, signal: int) -> None:
            asked.append(pid)
            fcntl.flock(held, fcntl.LOCK_UN)
            raise ProcessLookupError

        monkeypatch.setattr(stop, "free", free)
        monkeypatch.setattr(os, "kill", kill)
        assert stop.stop_server(pid_file)
    assert asked == [4711]


def test_a_server_of_another_user_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(pid: int, signal: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    pid_file = tmp_path / "server-8000.pid"
    pid_file.write_text("1\n")
    monkeypatch.setattr(os, "kill", kill)
    with pytest.raises(CommandError) as caught, pid_file.open() as file:
        stop.ask(file)
    assert str(caught.value) == (
        "The server of server-8000.pid belongs to another user, and so it goes on. Stop it as the "
        "user who started it, or as root."
    )


def test_static_files_that_a_full_disk_cut_short_are_collected_anew(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    page = settings.STATIC_ROOT / "public.css"
    full = True

    def collect(*args: Any, **options: Any) -> None:
        page.parent.mkdir(exist_ok=True)
        if not page.exists():  # what is there and newer is not copied again
            page.write_text("" if full else "whole")
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(serve, "call_command", collect)
    with pytest.raises(OSError, match="No space left"):
        serve.collect_static()
    full = False
    serve.collect_static()
    assert page.read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["static"]


@pytest.mark.django_db
def test_what_a_cut_short_start_has_loaded_is_released_by_the_next() -> None:
    project = make_project("demo", publishing=Publishing.AT_ONCE)
    call_command("seed", if_empty=True)
    assert Release.objects.filter(project=project).count() == 1


def programs(folder: Path, **contents: str) -> dict[str, str]:
    for name, content in contents.items():
        (folder / name).write_text(f"#!/bin/sh\n{content}\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


@pytest.mark.parametrize(("given", "installs"), [({}, True), ({"INSTALL_CHROMIUM": "no"}, False)])
def test_root_is_told_what_is_installed_before_it_is_and_can_decline(
    tmp_path: Path, given: dict[str, str], installs: bool
) -> None:
    apt = programs(
        tmp_path, id="echo 0", uname="echo Linux", **{"apt-get": 'echo "apt-get $*" >&2'}
    )
    done = subprocess.run(
        ["/bin/sh", "tests/check_chromium.sh"],
        cwd=ROOT,
        env=apt | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    told = (
        "The browser tests need chromium, and it is not installed. You are root, so it is "
        "installed for the whole system now, with: apt-get update && apt-get install -y chromium "
        "(to decline, press Ctrl-C, and use: make test INSTALL_CHROMIUM=no)\n"
        "apt-get update -qq\napt-get install -qq -y chromium\n"
    )
    assert done.returncode == 1
    assert done.stdout == (told if installs else "") + (
        "The browser tests need chromium, and it is not installed. "
        "Install it as root with: apt-get install -y chromium\n"
    )


def test_a_clone_that_cannot_be_written_is_not_taken_for_a_lack_of_packages(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    tmp_path.chmod(0o555)
    done = subprocess.run(
        ["make", ".venv/made.stamp"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=without_powers,
    )
    tmp_path.chmod(0o755)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        f"The folder {tmp_path} cannot be written, and the virtual environment is made in it. Let "
        "yourself write there, or clone the repository into a folder of yours."
    )
