"""The trail as a list: what somebody asks for, page by page, and the seal that each event is under.

Its order is that of the moments. Each question has an index, except for the field, for which the
events of its table are read: docs/measurements.md has a million of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from audit.events.acting import UNKNOWN
from audit.events.history import NOT_TOLD, model_of
from audit.events.triggers import audited_tables
from audit.models import Balance, Event, Line, Operation
from audit.seals.sealing import RECENT

PAGE = 50  # events
Events = QuerySet[Event]


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the trail: events from a moment and before one, of a person, a way in, a table, and
    of one of its columns."""

    since: dt.datetime | None = None
    before: dt.datetime | None = None
    who: str = ""
    through: str = ""
    table: str = ""
    field: str = ""

    def of(self, events: Events) -> Events:
        given = {
            "at__gte": self.since,
            "at__lt": self.before,
            "who": self.who,
            "through": self.through,
            "table": self.table,
        }
        filtered = events.filter(**{name: value for name, value in given.items() if value})
        return _with_field(filtered, self.field) if self.field else filtered


def _with_field(events: Events, column: str) -> Events:
    """Those that changed the column, or added, found or deleted a row that had something in it."""
    held = Q(_new__gt="") | Q(_old__gt="")
    return events.alias(
        _new=KeyTextTransform(column, "after"), _old=KeyTextTransform(column, "before")
    ).filter(
        Q(operation=Operation.UPDATE, after__has_key=column)
        | ~Q(operation=Operation.UPDATE) & held
    )  # fmt: skip


def tables(about: str = "") -> list[tuple[str, str]]:
    """The tables that the trail is of and what they are called; those that belong to `about`."""
    named = [
        (model._meta.db_table, str(model._meta.verbose_name_plural))
        for model, trigger in audited_tables().items()
        if not about or about in trigger.about or about == model._meta.db_table
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())


def fields(table: str) -> list[tuple[str, str]]:
    """The columns of a table whose values the trail has, and their labels."""
    model = model_of(table)
    if model is None:
        return []
    left_out = {*audited_tables()[model].left_out, *NOT_TOLD}
    return [
        (str(field.column), str(field.verbose_name))
        for field in model._meta.concrete_fields
        if field.column not in left_out
    ]


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Events, newest first; the numbers from which newer and older ones go on, if there are any."""

    events: list[Event]
    newer: int | None
    older: int | None


def page_of(events: Events, older: str = "", newer: str = "") -> TrailPage:
    """The events before (`older`) or behind (`newer`) the one of this number; else the newest."""
    if mark := _event(events, newer):
        later = events.filter(at__gte=mark.at).exclude(at=mark.at, pk__lte=mark.pk)
        rows, more = _first(later.order_by("at", "pk"))
        if rows:
            return TrailPage(rows[::-1], rows[-1].pk if more else None, rows[0].pk)
    if mark := _event(events, older):
        events = events.filter(at__lte=mark.at).exclude(at=mark.at, pk__gte=mark.pk)
    rows, more = _first(events.order_by("-at", "-pk"))
    return TrailPage(rows, rows[0].pk if mark and rows else None, rows[-1].pk if more else None)


def _event(events: Events, number: str) -> Event | None:
    fits = number.isascii() and number.isdecimal() and len(number) < 19
    return events.filter(pk=number).first() if fits else None


def _first(events: Events) -> tuple[list[Event], bool]:
    rows = list(events[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def counted(events: Events, most: int) -> int:
    """How many there are; one more than `most` where there are more."""
    return events.order_by()[: most + 1].count()


def unknown(events: Events) -> Events:
    """Those that nobody is behind: written past the register."""
    return events.filter(who=UNKNOWN)


def unsealed(events: Events) -> Events:
    """Those that wait for the next seal."""
    newest = Line.objects.aggregate(newest=Max("event"))["newest"] or 0
    sealed = Exists(Line.objects.filter(event=OuterRef("pk")))
    return events.filter(~sealed, pk__gt=newest - RECENT)


def with_seals(events: Events) -> Events:
    """With `seal`, the number of the first one that each is under; None while it waits for it."""
    under = Balance.objects.filter(
        book__lines__event=OuterRef("pk"), lines__gte=F("book__lines__number")
    )
    return events.annotate(seal=Subquery(under.order_by("lines").values("seal")[:1]))
