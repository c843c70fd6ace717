from __future__ import annotations

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

HOST = "127.0.0.1"
FIRST_PROJECT = "ks-14-jb-jh-04"
WORKERS = 2
THREADS = 4  # per worker; each keeps one database session
SECONDS_TO_FINISH = 30  # for the requests that run when the server is asked to stop
# The workers are spawned: a forked one has the server's own handler of SIGTERM until it has loaded,
# does not hear it, and is killed half a minute later.
GRANIAN = (
    "import multiprocessing; multiprocessing.set_start_method('spawn'); "
    "from granian.cli import entrypoint; entrypoint()"
)
NEEDS_PROXY = (
    "HTTPS is on: a proxy has to stand before these addresses (without one, set HTTPS=False).\n"
)
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = (
        "Prepare the database (migrations, the seed into an empty one, the first administrator) "
        "and serve the register on http://127.0.0.1:8000 (PORT= changes it) until Ctrl-C."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOWED_HOSTS:
            raise CommandError(
                "ALLOWED_HOSTS is empty, so the server would refuse every request. Set it to the "
                "names it is called by, for instance: ALLOWED_HOSTS=register.example,127.0.0.1"
            )
        port = wanted_port(os.environ.get("PORT") or "8000")
        with held(port):
            self.prepare()
            code = self.serve(port)
        if code:
            raise CommandError(
                f"The server ended by itself with code {code}; what it said is above. "
                "The data is safe: mend the cause and start again."
            )

    def prepare(self) -> None:
        with (settings.VAR_DIR / "prepare.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another one may prepare for another port
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            call_command("seed", if_empty=True, stdout=self.stdout)
            call_command("create_first_admin", stdout=self.stdout)

    def serve(self, port: int) -> int:
        """Run the server until it ends or a signal asks it to; 0 when it was asked."""
        server = granian(port)
        for number in STOPPING:
            signal.signal(number, signal.default_int_handler)
        try:
            while server.poll() is None and not answers(port):
                time.sleep(0.05)
            if server.poll() is None:
                self.stdout.write(addresses(port))
                self.stdout.flush()
            return server.wait() or 1
        except KeyboardInterrupt:
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C
            finish(server)
            return 0


def finish(server: subprocess.Popen[bytes]) -> None:
    """Have the server answer the requests that run, and end; it cuts those that take too long."""
    server.terminate()
    try:
        server.wait(SECONDS_TO_FINISH + 10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


def wanted_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CommandError(
            f"PORT is {text!r}, which is no port. Choose a number from 1024 to 65535, "
            "for instance: make run PORT=8001"
        )
    return int(text)


@contextlib.contextmanager
def held(port: int) -> Iterator[None]:
    """Hold var/server-<port>.pid, locked, for `make stop`; refuse a port that is taken.

    Asked before anything is prepared: two servers can share a port without noticing each other.
    """
    path = settings.VAR_DIR / f"server-{port}.pid"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try_out(port)
        except OSError as error:
            ours = isinstance(error, BlockingIOError)
            reason = "this register serves on it already" if ours else error.strerror
            raise CommandError(
                f"Port {port} on {HOST} cannot be used: {reason}. Stop the program that has it "
                "(`make stop`, if it is this register) or choose another port, for instance: "
                f"make run PORT={port + 1 if port < 65535 else 8001}"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def try_out(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignores closed sessions
        probe.bind((HOST, port))


def granian(port: int) -> subprocess.Popen[bytes]:
    """The production server, in a session of its own: Ctrl-C reaches it through us, once."""
    command = [sys.executable, "-c", GRANIAN, "--interface", "wsgi", "--no-ws"]
    command += ["--host", HOST, "--port", str(port), "--log-level", "warning"]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", str(SECONDS_TO_FINISH)]
    return subprocess.Popen(  # noqa: S603 - no shell; the port is a number
        [*command, "twinning.worker:application"],
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=end_with_parent,  # no other thread runs yet
    )


def end_with_parent() -> None:
    """Linux: what we start must not hold the port when we are killed and cannot stop it."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def answers(port: int) -> bool:
    """Whether a worker answers: the port is open long before the first of them has loaded."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".*") or HOST
    try:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        connection.request("GET", "/healthz", headers={"Host": host})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def addresses(port: int) -> str:
    root = f"http://{HOST}:{port}"
    return (
        f"Dashboard  {root}/\n"
        f"Admin      {root}/admin/\n"
        f"Downloads  {root}/en/projects/{FIRST_PROJECT}/data/\n"
        f"{NEEDS_PROXY if settings.HTTPS else ''}Ctrl-C stops it."
    )
