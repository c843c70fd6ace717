"""audit_log.csv: what a filter leaves of the trail, a line for each value, the oldest first."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from audit.events.in_words import EventInWords, in_words
from audit.events.moment import one_moment
from audit.events.people import named
from audit.lists import trail
from audit.models import Event
from audit.rows.pages import visible_to
from audit.seals.sealing import moment
from deliverables.projects.access import Access, access_of, events_of_rows
from deliverables.projects.models import Project
from exchange.exports import exporting
from exchange.exports.admin import asked_by
from exchange.exports.exporting import WrittenFile
from exchange.exports.extracts import EXCEL, FORMATS
from exchange.exports.preparing import KINDS, PreparedKind
from exchange.tables.cells import guard
from office.extracts import scope_of

KIND = "trail"
BATCH = 500  # events that are put into words together
COLUMNS = (
    *("event", "at", "who", "person", "through", "why", "what", "table", "row", "object"),
    *("field", "label", "old", "new", "transaction", "seal"),
)


def seen_by(access: Access, project: str = "") -> QuerySet[Event]:
    """The events of the projects and components that the person sees; of one project, or of all."""
    events = Event.objects.filter(events_of_rows(access))
    about = [f"{settings.AUDIT_BOOKS}:{project}"]
    return events.filter(Q(about__contains=about)) if project else events


def asked_of(access: Access, asked: dict[str, str]) -> QuerySet[Event]:
    """The events that TrailForm.asked asks for, as far as the person sees them."""
    since, before = (parse_datetime(asked[end]) for end in ("since", "before"))
    rest = {name: asked[name] for name in ("who", "through", "table", "field")}
    return trail.Filter(since, before, **rest).of(seen_by(access, asked["project"]))


def written(out: IO[bytes], asked: dict[str, str], by: User) -> WrittenFile:
    """The file. Its words are those of the page, in the language that is active."""
    made_at, format_ = timezone.now(), FORMATS[asked["format"]]
    slugs = dict(Project.objects.values_list("pk", "slug"))
    slug = slugs[int(asked["project"])] if asked["project"] else ""
    conditions = asked | {"project": slug, "format": ""}
    excel, rows = format_ is EXCEL, 0
    text = io.TextIOWrapper(out, "utf-8-sig" if excel else "utf-8", newline="")
    with one_moment(), exporting.slot(by):
        writer = csv.writer(text, delimiter=";" if excel else ",")
        writer.writerow(COLUMNS)
        for row in _rows(asked_of(access_of(by), asked), asked["field"], by):
            writer.writerow([cell if _is_number(cell) else guard(cell) for cell in row])
            rows += 1
    text.detach()  # flushes, and leaves the file open
    return WrittenFile(
        exporting.stamped(slug, "audit_log", format_.suffix, made_at),
        format_.media,
        rows,
        table="audit_log",
        project=slug,
        filter="; ".join(f"{name}: {value}" for name, value in conditions.items() if value),
    )


def _is_number(cell: object) -> bool:
    """Whether a minus sign in front begins no formula."""
    return bool(re.fullmatch(r"-\d+(\.\d+)?", str(cell), re.ASCII))


def _rows(events: QuerySet[Event], field: str, by: User) -> Iterator[tuple[object, ...]]:
    visible = visible_to(asked_by(by), admin.site)
    ordered = trail.with_seals(events).order_by("at", "pk").iterator(chunk_size=BATCH)
    while some := list(islice(ordered, BATCH)):
        people = named({event.who for event in some})
        for entry in in_words(some, visible, field=field):
            yield from _lines(entry, people)


def _lines(entry: EventInWords, people: dict[str, str]) -> Iterator[tuple[object, ...]]:
    """A line for each value; one of an event that has none to tell."""
    event: Any = entry.event
    head = (
        *(event.pk, moment(event.at), event.who),
        *(people.get(event.who, ""), event.through, event.why, event.operation),
        *(event.table, event.row, entry.row),
    )
    for value in (*entry.changes, *entry.values) or (None,):
        cells = ("",) * 4
        if value:
            values = value.old if value.had else "", value.new if value.has else ""
            cells = value.column, value.label, *values
        yield (*head, *cells, event.transaction, event.seal)


KINDS[KIND] = PreparedKind(written, scope_of)
