"""What the machine around the register refuses, told from faults of our own, in sentences.

Imported before the settings are read, so it reads none.
"""

from __future__ import annotations

import errno
import logging
import os
import pwd
from collections.abc import Iterator

import psycopg

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
IN_THE_WAY = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
NO_RIGHT = {errno.EACCES, errno.EPERM}
# SQLSTATEs: no session; no room or memory for one; the server is told to end, crashed, is starting.
AWAY_CLASSES = {"08", "53"}
AWAY = {"57P01", "57P02", "57P03"}
LONGEST = 300  # characters of a line about what a stranger sent
ELSEWHERE = "choose another folder for the data with VAR_DIR"


def database_is_away(error: BaseException | None) -> bool:
    """Whether something failed because the database does not serve, whatever was asked of it."""
    return _of_the_database(error) is not None


def sentence(error: BaseException) -> str | None:
    """What was refused, why, and what would work; None for what only a programmer can mend."""
    away = _of_the_database(error)
    if away:
        return _of_database(away)
    return _of_file(error) if isinstance(error, OSError) else None


class OneLine(logging.Filter):
    """Leaves one line of a request that failed because the database is away, or that is refused
    for what it asks: a foreign Host, a forged cookie. A traceback would tell nothing of either."""

    def filter(self, record: logging.LogRecord) -> bool:
        away = _of_the_database(record.exc_info[1]) if record.exc_info else None
        if away:
            record.msg, record.args = f"{record.getMessage()}: {_words(away)}", ()
            record.exc_info = record.exc_text = None
        elif record.name.startswith("django.security."):
            message = "".join(c if c.isprintable() else "\ufffd" for c in record.getMessage())
            record.msg, record.args = message[:LONGEST], ()
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def _of_the_database(error: BaseException | None) -> psycopg.OperationalError | None:
    """The driver's error of a database that does not serve: this one, or what it came from."""
    for each in _chain(error):
        if isinstance(each, psycopg.OperationalError):
            state = each.sqlstate
            if state is None or state[:2] in AWAY_CLASSES or state in AWAY:
                return each
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        hidden = error.__suppress_context__  # "from None": it did not fail because of that
        error = error.__cause__ or (None if hidden else error.__context__)


def _words(error: BaseException) -> str:
    """What the driver said, without what it supposes on further lines."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _of_database(error: psycopg.OperationalError) -> str:
    if os.environ.get("DATABASE_URL"):
        return (
            f"The database that DATABASE_URL names cannot be used: {_words(error)}. Have it run "
            "and let us in, or correct DATABASE_URL in the environment or in .env, and try again."
        )
    return (
        f"The embedded PostgreSQL went away: {_words(error)}. What was saved is safe. Make room if "
        "its disk is full, and try again: it starts by itself."
    )


def _of_file(error: OSError) -> str | None:
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None
    where = f"{path} " if path else "A file "
    if error.errno in NO_ROOM:
        return (
            f"{where}could not be written: there is no room left on its disk. Make room and try "
            "again; what was saved is safe."
        )
    if error.errno == errno.EROFS:
        return (
            f"{where}could not be written: its file system is read-only. Mount it for writing, or "
            f"{ELSEWHERE}."
        )
    if error.errno in IN_THE_WAY and path:
        return (
            f"{path} is not what it should be, a file for a folder or the other way round. Move it "
            f"away, or {ELSEWHERE}."
        )
    if error.errno in NO_RIGHT and path:
        return (
            f"{path} is closed to user {_we()}, who started this. Let that user read and write "
            f"there (chown, chmod), or {ELSEWHERE}."
        )
    return None


def _we() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
