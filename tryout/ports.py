"""The port that the register is served on: the one that is asked for, and held."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
from collections.abc import Iterator

from django.conf import settings
from django.core.management.base import CommandError

HOST = "127.0.0.1"
FIRST_FOR_ALL, LAST = 1024, 65535  # ports; those before the first are kept for root


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
            file.truncate(0)  # `make stop` must not take a killed server's number for ours
            try_out(port)
        except OSError as error:
            if not isinstance(error, BlockingIOError):
                path.unlink()
            raise refused(port, error) from None
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def refused(port: int, error: OSError) -> CommandError:
    """Why the port cannot be used, and one that could be."""
    another = port + 1 if FIRST_FOR_ALL <= port < LAST else 8001
    for_instance = f"another port, for instance: make run PORT={another}"
    if error.errno in (errno.EACCES, errno.EPERM):
        return CommandError(
            f"Port {port} on {HOST} cannot be used: the operating system keeps ports below "
            f"{FIRST_FOR_ALL} for root. Choose {for_instance}"
        )
    ours = isinstance(error, BlockingIOError)
    reason = "this register serves on it already" if ours else error.strerror
    return CommandError(
        f"Port {port} on {HOST} cannot be used: {reason}. Stop the program that has it "
        f"(`make stop`, if it is this register) or choose {for_instance}"
    )


def try_out(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignores closed sessions
        probe.bind((HOST, port))
