"""`make run` and `make test`: what they start, say, keep and leave behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

import manage
from tests.tryout.test_embedded_postgres import without_copies
from tests.waiting import wait_for
from tryout import embedded_postgres, ports
from tryout.management.commands import serve
from twinning.management.commands import worker

pytestmark = pytest.mark.slow("installs nothing, but prepares and serves the whole register")
ROOT = Path(__file__).resolve().parents[2]
Serving = subprocess.Popen[str]


def new_folder() -> Path:
    """One that the user `nobody` can reach, unlike tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="twinning test "))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def var_dir() -> Iterator[Path]:
    folder = new_folder()
    yield folder
    embedded_postgres.remove(folder)
    shutil.rmtree(folder)


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var_dir: Path, port: int) -> dict[str, str]:
    """A newcomer's, whatever is in ours or in .env."""
    ours = {"SECRET_KEY": "", "DATABASE_URL": "", "VAR_DIR": str(var_dir), "PORT": str(port)}
    return {"PATH": os.environ["PATH"], "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "False"} | ours


def serving(var_dir: Path, port: int) -> Serving:
    """What `make run` does once everything is installed, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(var_dir, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def run(var_dir: Path, port: int) -> Iterator[Callable[[], Serving]]:
    started: list[Serving] = []

    def run() -> Serving:
        started.append(serving(var_dir, port))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):  # where a child of it holds the pipes
            process.communicate(timeout=10)


def said_until_ready(process: Serving) -> list[str]:
    assert process.stdout
    lines: list[str] = []
    while lines[-1:] != ["Ctrl-C stops it."]:
        line = process.stdout.readline()
        assert line, process.communicate()
        lines.append(line.rstrip("\n"))
    return lines


def status(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:  # noqa: S310
        return int(answer.status)


def addresses(port: int) -> list[str]:
    return [
        f"Dashboard  http://127.0.0.1:{port}/",
        f"Admin      http://127.0.0.1:{port}/admin/",
        f"Downloads  http://127.0.0.1:{port}/en/projects/ks-14-jb-jh-04/data/",
        "Ctrl-C stops it.",
    ]


def press_ctrl_c(process: Serving) -> tuple[int, str, str]:
    """As a terminal does it: everything in the process group gets the signal."""
    os.killpg(process.pid, signal.SIGINT)
    return end(process)


# What a process of the server says that was asked to end while it began; it had no request yet.
PATIENCE = serve.SECONDS_TO_FINISH + 30  # then it has ended by force what did not end
PANIC = ("thread '<unnamed>'", "thread caused", "panic in a", "note: run with", "stack back", "\n")


def end(process: Serving) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, without_copies(without_panics(err))


def without_panics(text: str) -> str:
    """Without what a worker of granian says that is ended while it begins."""
    lines = text.splitlines(keepends=True)
    if not any(line.startswith("thread '<unnamed>'") for line in lines):
        return text
    return "".join(line for line in lines if not line.startswith(PANIC))


def wait_until_free(port: int) -> None:
    def refuses() -> bool:
        with socket.socket() as probe:
            return bool(probe.connect_ex(("127.0.0.1", port)))

    wait_for(refuses)


def status_when_stopped_meanwhile(process: Serving, var_dir: Path, port: int, path: str) -> int:
    """Of a page that waits for the database when Ctrl-C is pressed."""
    to = embedded_postgres.settings(var_dir)
    login = {"host": to["HOST"], "port": to["PORT"], "user": to["USER"], "dbname": to["NAME"]}
    with (
        ThreadPoolExecutor() as pool,
        psycopg.connect(**login) as session,
        psycopg.connect(**login, autocommit=True) as watching,
    ):
        session.execute("LOCK TABLE releases_release IN ACCESS EXCLUSIVE MODE")
        page = pool.submit(status, port, path)
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
        wait_for(lambda: page.done() or watching.execute(waiting).fetchone())
        assert not page.done()
        os.killpg(process.pid, signal.SIGINT)
        wait_until_free(port)  # it takes no more requests, and finishes the one it has
        assert not page.done()
        session.rollback()
        return page.result()


@dataclass(frozen=True)
class FirstRun:
    """What the first `make run` of a newcomer said and left in var/, and how long it took."""

    var_dir: Path
    said: list[str]
    port: int
    seconds: float


@pytest.fixture(scope="module")
def first_run() -> Iterator[FirstRun]:
    folder, port = new_folder(), free_port()
    began = time.monotonic()
    process = serving(folder, port)
    said = said_until_ready(process)
    seconds = time.monotonic() - began
    assert press_ctrl_c(process) == (0, "", "")
    yield FirstRun(folder, said, port, seconds)
    embedded_postgres.remove(folder)
    shutil.rmtree(folder)


@pytest.fixture
def prepared(first_run: FirstRun, var_dir: Path) -> Path:
    """A copy of that var/, which is set up already."""
    subprocess.run(["cp", "-a", f"{first_run.var_dir}/.", var_dir], check=True)
    return var_dir


def test_run_and_run_again(
    first_run: FirstRun, prepared: Path, run: Callable[[], Serving], port: int
) -> None:
    kept = first_run.var_dir / "admin_password"
    assert first_run.said[-6:] == [
        f"First administrator: admin, password: {kept.read_text().strip()}",
        f"It is kept in {kept}, which only you can read: delete that file "
        "once you have changed the password or put it elsewhere.",
        *addresses(first_run.port),
    ]

    began = time.monotonic()
    second = run()
    assert said_until_ready(second) == addresses(port), "no second seed, no second administrator"
    took = time.monotonic() - began
    assert took < first_run.seconds, "what was set up once is not set up again"
    paths = [address.split(str(port))[1] for address in addresses(port)[:3]]
    assert [status(port, path) for path in paths] == [200, 200, 200]
    unkept = f"{paths[2]}?again"  # nobody asked for it, so that no process has it ready
    assert status_when_stopped_meanwhile(second, prepared, port, unkept) == 200
    assert end(second) == (0, "", "")

    log = (prepared / "postgres" / "log").read_text()
    assert log.splitlines()[-1].endswith("LOG:  database system is shut down")
    assert "interrupted" not in log
    assert sorted(path.name for path in prepared.iterdir()) == [
        "admin_password",
        "postgres",
        "prepare.lock",
        "secret_key",
        "static",
    ]


def test_stop_ends_a_server_and_a_killed_one_frees_its_port(
    run: Callable[[], Serving], prepared: Path, port: int
) -> None:
    killed = run()
    said_until_ready(killed)
    children = Path(f"/proc/{killed.pid}/task/{killed.pid}/children").read_text().split()
    for pid in [killed.pid, *map(int, children)]:
        os.kill(pid, signal.SIGKILL)
    killed.wait()
    wait_until_free(port)

    running = run()
    assert said_until_ready(running) == addresses(port)
    refused = run()
    assert refused.communicate(timeout=PATIENCE)[1] == (
        f"CommandError: Port {port} on 127.0.0.1 cannot be used: this register serves on it "
        "already. Stop the program that has it (`make stop`, if it is this register) or choose "
        f"another port, for instance: make run PORT={port + 1}\n"
    )
    assert refused.returncode == 1

    stop = subprocess.run(
        [sys.executable, "manage.py", "stop"],
        cwd=ROOT,
        env=environment(prepared, port),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (stop.returncode, stop.stderr) == (0, "")
    assert stop.stdout == (f"Stopped the server of server-{port}.pid.\nThe database is stopped.\n")
    assert running.wait(10) == 0


def workers_of(server: Serving) -> list[int]:
    """The processes beside the server's own that are workers of the queue."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    told = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in children}
    return [int(pid) for pid, command in told.items() if b"worker" in command]


def test_a_worker_stands_beside_the_server_is_replaced_and_ends_with_it(
    run: Callable[[], Serving], prepared: Path, port: int
) -> None:
    process = run()
    said_until_ready(process)
    wait_for(partial(workers_of, process))
    (first,) = workers_of(process)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: workers_of(process) not in ([], [first]))
    (second,) = workers_of(process)
    assert press_ctrl_c(process) == (0, "", serve.WORKER_ENDED.format(code=-9))
    assert not Path(f"/proc/{second}").exists()

    killed = run()
    said_until_ready(killed)
    wait_for(partial(workers_of, killed))
    (orphan,) = workers_of(killed)
    killed.kill()
    killed.wait()
    wait_for(lambda: not Path(f"/proc/{orphan}").exists())


def answer(port: int, method: str, path: str) -> tuple[int, str]:
    """Status, and the sentence of a page that is none."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def is_back(port: int, pid_file: Path, killed: list[int]) -> bool:
    """Whether another one runs and every page answers; one that does not, in a sentence."""
    paths = ["/lv/", "/healthz", "/en/projects/ks-14-jb-jh-04/release.json"]
    answers = [answer(port, "GET", path) for path in paths]
    seen = {status for status, _said in answers}
    assert seen <= {200, 503}, answers
    assert all("neatbild" in said or status == 200 for status, said in answers[:1])
    return seen == {200} and number_in(pid_file) not in killed


def number_in(pid_file: Path) -> int:
    return int(pid_file.read_text().split()[0])


def test_a_killed_database_comes_back_and_meanwhile_everybody_is_told(
    run: Callable[[], Serving], prepared: Path, port: int
) -> None:
    process = run()
    said_until_ready(process)
    log: list[str] = []
    assert process.stderr
    reading = threading.Thread(target=log.extend, args=(process.stderr,))  # or it fills the pipe
    reading.start()
    pid_file = prepared / "postgres" / "data" / "postmaster.pid"
    killed: list[int] = []
    for _time in range(2):
        killed.append(number_in(pid_file))
        os.kill(killed[-1], signal.SIGKILL)
        wait_for(partial(is_back, port, pid_file, killed))
        wait_for(lambda: "".join(log).count(serve.REVIVED) == len(killed))
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    reading.join()
    of_the_worker = (worker.AWAY, worker.BACK)
    others = ("Service Unavailable: ", *of_the_worker)
    lines = without_panics("".join(log)).splitlines(keepends=True)
    assert {line for line in lines if not line.startswith(others)} == {serve.REVIVED}


def test_a_port_of_another_program_is_refused_before_anything_is_prepared(
    port: int,
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(CommandError) as caught, ports.held(port):
            pass
    assert str(caught.value) == (
        f"Port {port} on 127.0.0.1 cannot be used: Address already in use. Stop the program that "
        "has it (`make stop`, if it is this register) or choose another port, for instance: "
        f"make run PORT={port + 1}"
    )


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CommandError) as caught:
        ports.wanted_port(text)
    assert str(caught.value) == (
        f"PORT is {text!r}, which is no port. Choose a number from 1024 to 65535, for instance: "
        "make run PORT=8001"
    )
    assert ports.wanted_port("8001") == 8001


@pytest.mark.django_db
def test_the_server_does_not_start_where_it_would_refuse_every_request(
    settings: Settings,
) -> None:
    settings.ALLOWED_HOSTS = []
    with pytest.raises(CommandError) as caught:
        call_command("serve")
    assert str(caught.value) == (
        "ALLOWED_HOSTS is empty, so the server would refuse every request. Set it to the names it "
        "is called by, for instance: ALLOWED_HOSTS=register.example,127.0.0.1"
    )


@pytest.mark.django_db
def test_the_first_administrator_gets_a_password_that_is_said_once_and_kept_for_us_alone(
    settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    kept_in = tmp_path / "admin_password"
    kept_in.write_text("of an earlier database\n")
    kept_in.chmod(0o644)
    before = os.umask(0)
    try:
        first, second = StringIO(), StringIO()
        call_command("create_first_admin", stdout=first)
        call_command("create_first_admin", stdout=second)
    finally:
        os.umask(before)

    password = kept_in.read_text().strip()
    assert len(password) == 20
    assert oct(kept_in.stat().st_mode) == "0o100600"
    assert first.getvalue() == (
        f"First administrator: admin, password: {password}\n"
        f"It is kept in {kept_in}, which only you can read: delete that file once you have "
        "changed the password or put it elsewhere.\n"
    )
    assert second.getvalue() == ""
    admin = get_user_model().objects.get()
    assert (admin.get_username(), admin.is_superuser) == ("admin", True)
    assert admin.check_password(password)


@pytest.mark.django_db
def test_without_the_file_there_is_no_administrator_nobody_knows_the_password_of(
    settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path / "a file, not a folder"
    settings.VAR_DIR.touch()
    with pytest.raises(FileExistsError):
        call_command("create_first_admin")
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize(
    ("command", "needs"),
    [
        ("", False),
        ("help migrate", False),
        ("migrate --help", False),
        ("--version", False),
        ("check --deploy", False),
        ("stop", False),
        ("serve", True),
        ("migrate", True),
        ("a_command_we_do_not_know", True),
    ],
)
def test_the_database_starts_for_the_commands_that_use_it(command: str, needs: bool) -> None:
    assert manage.needs_database(command.split()) is needs


def test_a_setting_that_is_missing_is_said_without_a_traceback(var_dir: Path) -> None:
    given = environment(var_dir, 8000) | {"DATABASE_URL": "postgres://register@/register"}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "SECRET_KEY is missing or shorter than 50 characters, so sessions could be forged. Set "
        "the environment variable SECRET_KEY to a long random text, for instance the output of: "
        "python -c 'import secrets; print(secrets.token_urlsafe(64))'\n"
    )


@pytest.mark.parametrize(
    ("system", "how"),
    [
        ("Linux", "Install it as root with: apt-get install -y chromium"),
        ("Darwin", "Install it with: brew install --cask chromium"),
    ],
)
def test_without_chromium_the_tests_say_what_to_install(
    tmp_path: Path, system: str, how: str
) -> None:
    ordinary_user = {"id": "1000", "uname": system}
    for name, says in ordinary_user.items():
        (tmp_path / name).write_text(f"#!/bin/sh\necho {says}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "tests/check_chromium.sh"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"The browser tests need chromium, and it is not installed. {how}\n"
