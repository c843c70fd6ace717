"""Looking into a file that somebody chose as evidence, in a process of its own that has limits.

What is in the file can so neither stop nor fill a process that answers people. macOS does not keep
the limit of memory; that of time holds everywhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePath
from typing import IO, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deliverables.evidence import contents
from deliverables.evidence.file_kinds import EXTENSIONS, FileKind, WrongFile, named_well
from exchange.tables import limits

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5
MEMORY = 256 * 1024 * 1024  # bytes of address space
# Without our environment, site-packages or settings: it starts in a few hundredths of a second.
PROGRAM = """
import contextlib, os, resource, stat, sys
for what, most in (
    (resource.RLIMIT_CPU, int(sys.argv[2])), (resource.RLIMIT_AS, int(sys.argv[3])),
    (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
):
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(what, (most, most))
sys.path.append(sys.argv[1])
from deliverables.evidence.contents import judge
about = os.fstat(0)
data = os.pread(0, about.st_size, 0) if stat.S_ISREG(about.st_mode) else sys.stdin.buffer.read()
print(judge(data))
"""
LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # where Python itself is found, if set

WHY: dict[str, str | Promise] = {
    contents.OLD_OFFICE: _(
        "It is an old Office file (.doc, .xls). Save it as DOCX or XLSX, or as PDF."
    ),
    contents.MARKUP: _("It is a web page or a drawing of code (HTML, SVG, XML). Save it as PDF."),
    contents.DAMAGED: _(
        "It is damaged or protected by a password. Open it, and save it again without."
    ),
    contents.BOMB: _("It would unpack to far more than it seems to be. Save it again, or as PDF."),
    contents.MACROS: _("It holds macros or embedded programs. Save it without them, or as PDF."),
}


def kind_of(name: str, file: IO[bytes], size: int) -> FileKind:
    """The kind of a file that may be kept, its position at the start again. Raises WrongFile."""
    named_well(name)
    if size == 0:
        raise WrongFile(gettext("It is empty (0 bytes). Choose the file itself."))
    if size > limits.EVIDENCE:
        raise WrongFile(
            gettext(
                "It has %(size).1f MB; at most %(most)s MB are kept. Make it smaller or split it."
            )
            % {"size": size / 1024 / 1024, "most": limits.EVIDENCE // 1024 // 1024}
        )
    kind = _kept(inspected(file))
    extension = PurePath(name).suffix.lstrip(".").casefold()
    if EXTENSIONS.get(extension) is not kind:
        raise WrongFile(
            gettext(
                "It is called “%(name)s”, but what is in it is: %(kind)s. Give it the right "
                "ending, or choose the file that you meant."
            )
            % {"name": name[:50], "kind": kind.label}
        )
    return kind


def inspected(file: IO[bytes]) -> str:
    """What contents.py says of the file; "" when it came to no end within limits."""
    command = [sys.executable, "-I", "-S", "-B", "-c", PROGRAM]
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the file is its input
            [*command, str(ROOT), str(SECONDS), str(MEMORY)],
            **_as_input(file),
            env={name: os.environ[name] for name in LOADER if name in os.environ},
            cwd="/",
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode().strip() if done.returncode == 0 else ""


class _Input(TypedDict, total=False):
    """One of them: the file, or its bytes."""

    stdin: int
    input: bytes


def _as_input(file: IO[bytes]) -> _Input:
    """The file itself where it is one, read past its position; else the bytes of it."""
    file.seek(0)
    try:
        return {"stdin": file.fileno()}
    except OSError:
        data = file.read()
        file.seek(0)
        return {"input": data}


def _kept(word: str) -> FileKind:
    """The kind that a word names. Raises WrongFile for a reason."""
    if word in FileKind:
        return FileKind(word)
    if word in WHY:
        raise WrongFile(str(WHY[word]))
    if word == contents.NOT_KEPT:
        kept = ", ".join(kind.value.upper() for kind in FileKind)
        raise WrongFile(
            gettext("It is an archive or a kind that is not kept. Kept are: %s.") % kept
        )
    raise WrongFile(
        gettext(
            "It could not be looked through within %(seconds)s seconds and %(memory)s MB of "
            "memory, so it is not kept. Save it again in a simpler form, or as PDF."
        )
        % {"seconds": SECONDS, "memory": MEMORY // 1024 // 1024}
    )
