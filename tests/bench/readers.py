"""Readers of a real server, each a connection that asks again once it has been answered."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from tests import databases
from tests.conftest import load_seed
from tests.tryout.test_threads import environment, prepare
from tests.tryout.test_two_commands import free_port
from tests.waiting import wait_for
from tryout.management.commands import serve

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Asked:
    """What a reader asks for, and with which headers besides."""

    path: str
    headers: tuple[str, ...] = ("Accept-Encoding: gzip",)

    def bytes(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1", *self.headers, "", ""]
        return "\r\n".join(lines).encode()


@dataclass
class Answers:
    """Seconds that each answer took, and how often each status came."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def within(self, part: float) -> float:
        """Within how many ms that part of the answers came."""
        return sorted(self.seconds)[int(len(self.seconds) * part)] * 1000


def read(
    port: int, asked: Sequence[Asked], readers: int, seconds: float, rest: float = 0
) -> Answers:
    """So many readers for so long, each of whom rests between an answer and the next question."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read, (port, asked, readers, seconds, rest))


def _read(port: int, asked: Sequence[Asked], readers: int, seconds: float, rest: float) -> Answers:
    drawn, answers = random.Random(7), Answers()  # noqa: S311 - the same each time
    waiting, resting = selectors.DefaultSelector(), []
    for _reader in range(readers):
        client = socket.create_connection(("127.0.0.1", port))
        resting.append((time.monotonic() + drawn.random() * rest, client))
    ended = time.monotonic() + seconds
    while (now := time.monotonic()) < ended:
        while resting and resting[0][0] <= now:
            _until, client = resting.pop(0)
            client.sendall(drawn.choice(asked).bytes())
            waiting.register(client, selectors.EVENT_READ, (time.monotonic(), bytearray()))
        for key, _events in waiting.select(0.001 if resting else 0.1):
            client, (began, got) = key.fileobj, key.data  # type: ignore[assignment]
            got += client.recv(1 << 18)
            if not (status := _whole(bytes(got))):
                continue
            answers.seconds.append(time.monotonic() - began)
            answers.statuses[status] = answers.statuses.get(status, 0) + 1
            waiting.unregister(client)
            resting.append((time.monotonic() + rest, client))
    return answers


def _whole(got: bytes) -> int:
    """The status of an answer; 0 while some of it is to come."""
    head, line, body = got.partition(b"\r\n\r\n")
    if not line:
        return 0
    status, length = int(head[9:12]), LENGTH.search(head)
    ended = len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")
    return status if ended or status == 304 else 0


@dataclass(frozen=True)
class Server:
    """`database` is the process of PostgreSQL whose sessions it uses."""

    port: int
    pid: int
    database: int

    def workers(self) -> list[int]:
        return [pid for pid, (parent, _s) in _processes().items() if parent == self.pid]

    def seconds(self) -> float:
        """Of the processor, so far: the server's, and those of PostgreSQL's sessions."""
        ours = {self.pid, self.database}
        return sum(spent for pid, (parent, spent) in _processes().items() if ours & {pid, parent})

    def megabytes(self) -> list[int]:
        """What each process that answers holds."""
        return [
            int(text.split("VmRSS:")[1].split()[0]) // 1024
            for pid in self.workers()
            if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()
            for text in [Path(f"/proc/{pid}/status").read_text()]
        ]


def _processes() -> dict[int, tuple[int, float]]:
    """Of each process its parent and its seconds of the processor."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            cells = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            found[int(folder.name)] = (int(cells[1]), sum(map(int, cells[11:13])) / TICKS)
    return found


@contextlib.contextmanager
def serving(folder: Path, application: str, **settings: str) -> Iterator[Server]:
    """A server over a copy of the seeded database, to which this process is connected, too."""
    port = free_port()
    with databases.copied("seeded", load_seed):
        prepare(folder)
        with pytest.MonkeyPatch.context() as patch:
            for name, text in (environment(folder) | settings).items():
                patch.setenv(name, text)
            server = serve.granian(port, application)
        try:
            wait_for(partial(serve.answers, port))
            yield Server(port, server.pid, _database())
        finally:
            serve.finish(server)


def _database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _processes()[cursor.fetchone()[0]][0]


def new_list() -> None:
    """What was laid down without triggers is another list."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE releases_edition SET token = gen_random_uuid()")
