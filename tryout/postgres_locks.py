"""The lock files of a PostgreSQL: what they say of its server, and what in them is not true."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SERVER = "postgres"
NO_PROCESS = "2147483647"  # above every process number the operating system gives, and no shorter
STATUS = 7  # the line of postmaster.pid in which the server says what it does


def status(data: Path, *, answers: bool = False) -> str:
    """`starting`, `ready`, `stopping`, as the server of this folder says; "" if none runs.

    Who `answers` is the server: under an emulator its process has the emulator's name.
    """
    lines = _lines(data / "postmaster.pid")
    if not answers and not (lines and _is_server(lines[0], data)):
        return ""
    return lines[STATUS].strip() if len(lines) > STATUS else "starting"


def forget_stranger(lock: Path, data: Path) -> None:
    """Take from the lock file of a killed server a process that is not the server of this folder.

    If another program has its number by now, or nobody has collected the dead process (both usual
    in containers), PostgreSQL would not start. The rest of the file stays: by it PostgreSQL sees
    whether the old server's children are gone. A file without a number, as a full disk leaves it,
    says nothing and goes; and a file is never emptied before it is written, for that same reason.
    """
    lines = _lines(lock)
    if lines and _is_server(lines[0], data):
        return
    if not lines or not lines[0].strip().isdecimal():
        lock.unlink(missing_ok=True)
        return
    with lock.open("r+") as file:
        file.write("\n".join([NO_PROCESS, *lines[1:]]) + "\n")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _is_server(number: str, data: Path) -> bool:
    """Whether a server runs under this number in this folder.

    Where the operating system does not show in which folder a process works, by its name alone.
    """
    number = number.strip()
    if not number.isdecimal():
        return False
    if not Path("/proc/self/cmdline").exists():
        command = ["ps", "-o", "comm=", "-p", number]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return Path(shown.stdout.strip()).name == SERVER
    process = Path("/proc", number)
    try:
        command_line = process.joinpath("cmdline").read_bytes()
        if Path(os.fsdecode(command_line.split(b"\0")[0])).name != SERVER:
            return False
        return process.joinpath("cwd").samefile(data)
    except PermissionError:  # root of a container may be kept from seeing the folder
        return True
    except OSError:
        return False
