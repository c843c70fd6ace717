"""All-day events as iCalendar (RFC 5545). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 75  # bytes of a line, without its end
ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Day:
    """An event of one day; `uid` stays what it is while the rest changes."""

    uid: str
    on: dt.date
    summary: str
    description: str
    url: str


def written(name: str, days: Iterable[Day], sequence: int, made_at: dt.datetime) -> bytes:
    """A calendar; `sequence` counts its editions, `made_at` is the moment of this one."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Twinning//Register//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for day in days for line in _event(day, sequence, made_at)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _event(day: Day, sequence: int, made_at: dt.datetime) -> Iterator[str]:
    moment = f"{made_at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(day.uid)}"
    yield f"DTSTAMP:{moment}"
    yield f"LAST-MODIFIED:{moment}"
    yield f"SEQUENCE:{sequence}"
    yield f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.on + dt.timedelta(1):%Y%m%d}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_text(day.summary)}"
    yield f"DESCRIPTION:{_text(day.description)}"
    yield f"URL:{day.url}"
    yield "END:VEVENT"


def _text(text: str) -> str:
    return text.translate(ESCAPED)


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 bytes, none of which ends within a letter."""
    pieces, piece = [], b""
    for letter in line:
        if len(piece + letter.encode()) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += letter.encode()
    return b"\r\n".join([*pieces, piece])
