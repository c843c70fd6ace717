"""The chain: each event becomes one line that holds the SHA-256 of the line before it.

Sealing takes no lock that a writer could wait for. It takes the events that are committed and not
yet sealed; what a long transaction commits later is taken by the next seal. One JSON object a line,
keys sorted, UTF-8; `prev` is the SHA-256 of the exact bytes of the previous line, 64 zeros first.
A line names its event by the SHA-256 of the event's own text, so the chain can be given to
everybody, and each event to those who may read it. Lines of the first edition hold the whole event.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit.models import Event, Line, Seal

NOTHING = "0" * 64
BATCH = 2000
LOCK = 7_246_001  # of sealers among themselves
_UNSEALED = """
    SELECT id, at, who, through, why, "table", "row", operation, before::text, after::text,
      transaction, about
    FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_line l WHERE l.event = e.id) ORDER BY id
"""
_COLUMNS = (
    *("event", "at", "who", "through", "why", "table", "row", "operation", "before", "after"),
    *("transaction", "about"),
)


def digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def as_text(cells: dict[str, Any]) -> str:
    """The exact text of an event or of a line: what is hashed."""
    return json.dumps(cells, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def rendered(cells: dict[str, Any], seq: int, prev: str) -> str:
    """A line that holds these cells: a seal's, or an event's of the first edition."""
    return as_text({**cells, "seq": seq, "prev": prev})


def line_of(event: dict[str, Any], seq: int, prev: str) -> str:
    """The line of an event."""
    cells = {"event": event["event"], "sha256": digest(as_text(event))}
    return rendered(cells, seq, prev)


def as_cells(row: tuple[Any, ...]) -> dict[str, Any]:
    """The cells of an event, from a row of _UNSEALED's columns."""
    cells = dict(zip(_COLUMNS, row, strict=True))
    cells["at"] = moment(cells["at"])
    for name in ("before", "after"):
        cells[name] = None if cells[name] is None else json.loads(cells[name])
    return cells


def event_cells(event: Event) -> dict[str, Any]:
    """The cells of an event that was read as a row of its model: its text is as_text of them."""
    return {
        "event": event.pk,
        "at": moment(event.at),
        **{name: getattr(event, name) for name in _COLUMNS[2:]},
    }


def moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def seal_cells(seal: Seal) -> dict[str, Any]:
    return {
        "seal": seal.number,
        "at": moment(seal.made_at),
        "occasion": seal.occasion,
        "events": seal.events,
    }


def seal(occasion: str) -> Seal | None:
    """Seal what is committed and not sealed yet; None when there is nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Line.objects.order_by("-seq").first()
        seq, prev, events = (last.seq, digest(last.text), 0) if last else (0, NOTHING, 0)
        for rows in _batches():
            lines = []
            for row in rows:
                seq += 1
                cells = as_cells(row)
                lines.append(Line(seq=seq, event=cells["event"], text=line_of(cells, seq, prev)))
                prev = digest(lines[-1].text)
            Line.objects.bulk_create(lines)
            events += len(lines)
        return _closed(occasion, seq + 1, prev, events) if events else None


def _batches() -> Iterator[list[tuple[Any, ...]]]:
    """The unsealed events of one snapshot; the lines that are written meanwhile do not count."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_UNSEALED)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _closed(occasion: str, seq: int, prev: str, events: int) -> Seal:
    newest = Seal.objects.aggregate(newest=Max("number"))["newest"] or 0
    made = Seal(
        number=newest + 1,
        seq=seq,
        events=events,
        made_at=timezone.now(),
        occasion=occasion[:200],
    )
    text = rendered(seal_cells(made), seq, prev)
    Line.objects.create(seq=seq, event=None, text=text)
    made.head = digest(text)
    made.save(force_insert=True)
    return made
