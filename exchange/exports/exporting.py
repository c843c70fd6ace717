"""Giving a file out: written whole to a nameless file first, recorded, then sent."""

from __future__ import annotations

import base64
import datetime as dt
import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.events.acting import SYSTEM, acting
from audit.events.people import Person
from audit.models import Through
from exchange.models import Export, ExportKind

AT_ONCE = 5  # exports that one person may have written at the same time
RETRY = 10  # seconds
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG)
SLOTS = 7_246_100  # advisory locks, one pair a slot: this and AT_ONCE * person + slot


class TooManyExports(Exception):
    """The person has as many exports under way as are allowed."""


class FileNotWritten(Exception):
    """The file could not be written, as a sentence."""


@dataclass(slots=True)
class WrittenFile:
    """A file that was written, and what is recorded of it."""

    name: str
    media: str
    rows: int
    kind: ExportKind = ExportKind.TABLE
    table: str = ""
    project: str = ""
    filter: str = ""
    inside: list[dict[str, str]] = field(default_factory=list)


def stamped(project: str, what: str, suffix: str, moment: dt.datetime) -> str:
    """A file's name: project, table and UTC time."""
    at = moment.strftime("%Y%m%dT%H%M%SZ")
    return f"{project or 'register'}_{what}_{at}{suffix}"


@contextmanager
def slot(person: Person | None) -> Iterator[None]:
    """One of the person's AT_ONCE places, until the transaction ends. Raises TooManyExports.

    The places are advisory locks of the transaction, so a killed worker leaves none taken.
    """
    with connection.cursor() as cursor:
        for place in range(AT_ONCE):
            key = (person.pk if person else 0) * AT_ONCE + place
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SLOTS, key % 2**31])
            if cursor.fetchone()[0]:
                break
        else:
            raise TooManyExports
    yield


def new_file() -> IO[bytes]:
    """A file without a name in the register's own folder: nothing of it is left behind."""
    folder = Path(settings.VAR_DIR) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


@contextmanager
def told_where_full() -> Iterator[None]:
    """Raises FileNotWritten where the disk is full or cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise FileNotWritten(
            _(
                "The server has no room to write this file, so nothing was sent. Tell the people "
                "who run the register; smaller exports may still work."
            )
        ) from None


@contextmanager
def kept(path: Path) -> Iterator[IO[bytes]]:
    """A file at `path`: whole when this ends well, and not there when it does not.

    Raises FileNotWritten, also where there is a file of that name already.
    """
    if path.exists():
        raise FileNotWritten(
            _("%(path)s is there already, and is not written over.") % {"path": path}
        )
    with told_where_full():
        half = path.with_name(f".{path.name}.half")
        try:
            with half.open("w+b") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            half.rename(path)
        finally:
            half.unlink(missing_ok=True)


def digest_of(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def record(written: WrittenFile, file: IO[bytes], by: Person | None) -> Export:
    """Note that this file is given out. `by` is None for a command."""
    sha256 = digest_of(file)
    size = file.seek(0, 2)
    who = by.code if by else SYSTEM
    with acting(who, Through.FORM if by else Through.COMMAND, "export"):
        return Export.objects.create(
            kind=written.kind,
            made_at=timezone.now(),
            made_by=by,
            name=written.name[:200],
            table=written.table,
            project=written.project,
            filter=written.filter[:10_000],
            rows=written.rows,
            size=size,
            sha256=sha256,
            files=[{"path": written.name, "sha256": sha256}, *written.inside],
        )


def sent(write: Callable[[IO[bytes]], WrittenFile], by: Person | None) -> FileResponse:
    """Write a file, record it and answer with it. Raises TooManyExports and FileNotWritten, with
    nothing sent.

    `write` reads in a moment of its own, in which it takes the person's slot.
    """
    with told_where_full():
        out = new_file()
        try:
            written = write(out)
            out.flush()
            return answer(out, record(written, out, by), written.media)
        except BaseException:
            out.close()
            raise


def answer(out: IO[bytes], export: Export, media: str) -> FileResponse:
    """The file with its exact length and digest: one that is cut on the way is recognised."""
    out.seek(0)
    response = FileResponse(out, content_type=media, as_attachment=True, filename=export.name)
    response.block_size = 64 * 1024
    response.headers["Content-Length"] = str(export.size)
    response.headers["X-Content-SHA256"] = export.sha256
    raw = base64.b64encode(bytes.fromhex(export.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{raw}:"
    return response
