from __future__ import annotations

import contextlib
import ctypes
import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tryout import embedded_postgres, machine_errors
from tryout.ports import HOST, held, wanted_port

FIRST_PROJECT = "ks-14-jb-jh-04"
WORKERS = 2
THREADS = 4  # per worker, and one for /healthz; each keeps one database session
SECONDS_TO_FINISH = 30  # for the requests that run when the server is asked to stop
# The workers are spawned: a forked one has the server's own handler of SIGTERM until it has loaded,
# does not hear it, and is killed half a minute later.
GRANIAN = (
    "import multiprocessing; multiprocessing.set_start_method('spawn'); "
    "from granian.cli import entrypoint; entrypoint()"
)
REVIVED = (
    "The embedded PostgreSQL could not be reached and was started again. What was saved is safe.\n"
)
NEEDS_PROXY = (
    "HTTPS is on: a proxy has to stand before these addresses (without one, set HTTPS=False).\n"
)
ONE_ADDRESS = (
    "TRUSTED_PROXIES is 0: behind a proxy everybody counts as one address, and after wrong "
    "passwords of anybody all people wait who log in at a new browser. Set it to the number of "
    "your proxies.\n"
)
WORKER_ENDED = "The worker ended by itself with code {code} and was started again.\n"
LOOK = 0.5  # seconds from one look after the embedded database to the next
SETTLES = 2  # seconds from the first answer until all have loaded; who is ended before panics
LOOK_AGAIN = 5  # seconds to the next when it could not be started
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = (
        "Prepare the database (migrations, the seed into an empty one, the first administrator) "
        "and serve the register on http://127.0.0.1:8000 (PORT= changes it), with a worker beside "
        "it, until Ctrl-C."
    )

    def handle(self, *args: object, **options: object) -> None:
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
            collect_static()
            call_command("seed", if_empty=True, stdout=self.stdout)
            call_command("create_first_admin", stdout=self.stdout)

    def serve(self, port: int) -> int:
        """Run the server until it ends or a signal asks it to; 0 when it was asked."""
        server, worker = granian(port), Worker()
        for number in STOPPING:
            signal.signal(number, signal.default_int_handler)
        watch = Watch()
        said, since = False, 0.0
        try:
            while server.poll() is None:
                if not said and answers(port):
                    self.stdout.write(addresses(port))
                    self.stdout.flush()
                    said, since = True, time.monotonic()
                self.stderr.write(watch.look(), ending="")
                if said:  # until then it would only take time from the server
                    self.stderr.write(worker.look(), ending="")
                time.sleep(LOOK if said else 0.05)
            return server.returncode or 1
        except KeyboardInterrupt:
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C
            return 0
        finally:
            worker.terminate()
            time.sleep(max(0.0, since + SETTLES - time.monotonic()))
            if server.poll() is None:
                finish(server)
            worker.finish()


class Worker:
    """`manage.py worker` beside the server, and another one when it ends by itself."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.next = 0.0

    def look(self) -> str:
        """What there is to say, in whole lines; "" while it runs."""
        code = self.process.poll() if self.process else None
        if (self.process and code is None) or time.monotonic() < self.next:
            return ""
        with deaf():  # else it would run on where we are asked to stop before we know it
            self.process = beside([sys.executable, "manage.py", "worker", "--beside-server"])
        self.next = time.monotonic() + LOOK_AGAIN
        return "" if code is None else WORKER_ENDED.format(code=code)

    def terminate(self) -> None:
        """Ask it to end; it finishes the jobs that run."""
        if self.process:
            self.process.terminate()

    def finish(self) -> None:
        if self.process:
            wait_for(self.process)


class Watch:
    """Has the embedded database back when it is away, and says so; once, if it stays away."""

    def __init__(self) -> None:
        self.in_vain, self.next = False, 0.0

    def look(self) -> str:
        """What there is to say, in whole lines; "" while it runs, and for a DATABASE_URL."""
        if not settings.TRY_OUT or time.monotonic() < self.next:
            return ""
        try:
            revived = embedded_postgres.revive(settings.VAR_DIR)
        except (embedded_postgres.ClusterRefusal, OSError) as refusal:
            said_before, self.in_vain = self.in_vain, True
            self.next = time.monotonic() + LOOK_AGAIN
            if said_before:
                return ""
            return f"{why_it_stays_away(refusal)}\nIt is tried every {LOOK_AGAIN} seconds.\n"
        self.in_vain = False
        return REVIVED if revived else ""


def why_it_stays_away(error: embedded_postgres.ClusterRefusal | OSError) -> str:
    if isinstance(error, embedded_postgres.ClusterRefusal):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return machine_errors.sentence(error) or (
        f"The embedded PostgreSQL cannot be started again: {where}{error.strerror}. Put back what "
        "is missing, or stop with Ctrl-C."
    )


def collect_static() -> None:
    """Into var/static; from the beginning if an earlier time was cut short, by a full disk say."""
    unfinished = settings.VAR_DIR / "static-unfinished"
    if unfinished.exists():
        shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    unfinished.touch()
    call_command("collectstatic", interactive=False, verbosity=0)
    unfinished.unlink()


def finish(server: subprocess.Popen[bytes]) -> None:
    """Have the server answer the requests that run, and end; it cuts those that take too long."""
    server.terminate()
    wait_for(server)


def wait_for(process: subprocess.Popen[bytes]) -> None:
    """Wait as long as it may take, and end what does not end by itself or is left behind."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_FINISH + 10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def granian(port: int, application: str = "tryout.worker:application") -> subprocess.Popen[bytes]:
    """The production server."""
    command = [sys.executable, "-c", GRANIAN, "--interface", "asginl", "--no-ws", "--http", "1"]
    command += ["--host", HOST, "--port", str(port), "--log-level", "warning"]
    command += ["--workers", str(WORKERS)]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", str(SECONDS_TO_FINISH)]
    return beside([*command, application])


def beside(command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches it through us, once."""
    return subprocess.Popen(  # noqa: S603 - no shell; the port is a number
        command,
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=as_child,  # no other thread runs yet
    )


@contextlib.contextmanager
def deaf() -> Iterator[None]:
    """Signals that ask us to stop are heard afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def as_child() -> None:
    """What we start ends with us, and hears what we do not: our own handlers would swallow it."""
    end_with_parent()
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


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
    known = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    behind = (NEEDS_PROXY + ("" if known else ONE_ADDRESS)) if settings.HTTPS else ""
    return (
        f"Dashboard  {root}/\n"
        f"Admin      {root}/admin/\n"
        f"Downloads  {root}/en/projects/{FIRST_PROJECT}/data/\n"
        f"{behind}Ctrl-C stops it."
    )
