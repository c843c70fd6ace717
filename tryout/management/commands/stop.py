from __future__ import annotations

import fcntl
import os
import signal
import time
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tryout import embedded_postgres

PATIENCE = 120  # seconds; more than the server gives to running requests and to its database


class Command(BaseCommand):
    help = "Stop what `make run` left running: servers, and the embedded database if unused."

    def handle(self, *args: object, **options: object) -> None:
        for pid_file in sorted(settings.VAR_DIR.glob("server-*.pid")):
            if stop_server(pid_file):
                self.stdout.write(f"Stopped the server of {pid_file.name}.")
        if settings.TRY_OUT:
            stopped = embedded_postgres.leave(settings.VAR_DIR)
            self.stdout.write(
                "The database is stopped."
                if stopped
                else "The database stays: another program uses it, and stops it when it ends."
            )


def stop_server(pid_file: Path) -> bool:
    """Ask the server that holds this file to stop, and wait; False when nobody holds it."""
    try:
        file = pid_file.open()
    except FileNotFoundError:  # it has ended by itself since we looked for it
        return False
    with file:
        if free(file.fileno()):
            pid_file.unlink(missing_ok=True)
            return False
        asked = False
        deadline = time.monotonic() + PATIENCE
        while not free(file.fileno()):
            asked = asked or ask(file)
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The server of {pid_file.name} does not stop within {PATIENCE} seconds. "
                    "Wait for the requests that it still answers, and try again."
                )
            time.sleep(0.05)
    return True


def ask(file: TextIO) -> bool:
    """Have the server end that holds this open file; False while its number is not yet in it."""
    file.seek(0)  # the file itself is removed when the server ends
    number = file.read().strip()
    if not number:
        return False
    try:
        os.kill(int(number), signal.SIGTERM)
    except ProcessLookupError:  # it ends already
        pass
    except PermissionError:
        raise CommandError(
            f"The server of {Path(file.name).name} belongs to another user, and so it goes on. "
            "Stop it as the user who started it, or as root."
        ) from None
    return True


def free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
