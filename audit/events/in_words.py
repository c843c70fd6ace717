"""Events as people read them: by day, by what one person did at once, and column by column."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events.acting import UNKNOWN
from audit.events.columns import Column, led_to
from audit.events.history import (
    NOT_TOLD,
    Address,
    Rows,
    every_row,
    is_known,
    model_of,
    nowhere,
)
from audit.events.people import named
from audit.models import Event, Operation, Through

Table: TypeAlias = type[models.Model]


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One column of one event, as people read it."""

    column: str
    label: str
    old: str
    new: str
    is_known: bool  # whether the trail holds what it was before, and not only that it was
    had: bool  # anything
    has: bool


@dataclass(frozen=True, slots=True)
class EventInWords:
    """One event as a sentence, with what was changed, or what a row held that was added, found or
    deleted; `row` is how the row is called now, `address` its page if the reader may open it."""

    event: Event
    what: str
    thing: str
    row: str
    address: str
    changes: tuple[ColumnChange, ...]
    values: tuple[ColumnChange, ...]


@dataclass(frozen=True, slots=True)
class TransactionInWords:
    """The events of one transaction: one person, one moment."""

    at: dt.datetime
    who: str
    through: str
    why: str
    events: list[EventInWords]
    is_known: bool  # whether anybody is behind it: else it was written past the register


# What the program itself gives as a reason; people's own reasons stand as they wrote them.
WHY = {
    "publish": gettext_lazy("publishing"),
    "attach": gettext_lazy("attaching files"),
    "sign": gettext_lazy("a signature"),
    "restore": gettext_lazy("an earlier value restored"),
    "erase": gettext_lazy("a person erased"),
    "import": gettext_lazy("an import"),
    "undo": gettext_lazy("an import taken back"),
    "export": gettext_lazy("an export"),
    "table": gettext_lazy("many rows at once, typed as a table"),
    "migrate": gettext_lazy("a new version of the software"),
}


def stories(
    events: list[Event], visible: Rows = every_row, address: Address = nowhere, field: str = ""
) -> list[tuple[dt.date, list[TransactionInWords]]]:
    """Events, newest first, by day and by what one person did at once; of one `field`, or of all.

    A row that is not `visible` to the reader, or no longer, is called by its code or number.
    """
    people = named({event.who for event in events})
    words = {entry.event.pk: entry for entry in in_words(events, visible, address, field)}
    days = []
    for day, of_day in groupby(events, key=lambda event: timezone.localdate(event.at)):
        done = []
        for _key, of_one in groupby(of_day, key=lambda event: (event.transaction, event.who)):
            group = list(of_one)
            first = group[0]
            done.append(
                TransactionInWords(
                    first.at,
                    people.get(first.who, first.who),
                    str(Through(first.through).label),
                    str(WHY.get(first.why.split(" ")[0], first.why)),
                    [words[event.pk] for event in group],
                    first.who != UNKNOWN,
                )
            )
        days.append((day, done))
    return days


def in_words(
    events: list[Event], visible: Rows = every_row, address: Address = nowhere, field: str = ""
) -> list[EventInWords]:
    """Each event as people read it; a query for each table that is named."""
    names = _names(events, visible)
    return [_told(event, names, address, field) for event in events]


Names = dict[tuple[str, object], str]


def _names(events: list[Event], visible: Rows) -> Names:
    """How the rows of the events, and those that they name, are called now; one query a table."""
    wanted: dict[Table, set[int]] = {}
    for event in events:
        if model := model_of(event.table):
            wanted.setdefault(model, set()).add(event.row)
            for side in (event.before, event.after):
                for of, key in _references(model, side or {}):
                    wanted.setdefault(of, set()).add(key)
    names: Names = {}
    for model, keys in wanted.items():
        parents = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = visible(model).select_related(*parents).order_by().in_bulk(keys)
        names |= {(model._meta.db_table, key): str(row) for key, row in rows.items()}
    return names


def _references(model: Table, values: dict[str, object]) -> Iterator[tuple[Table, int]]:
    for field in _told_fields(model):
        if field.is_relation and isinstance(key := values.get(str(field.column)), int):
            yield led_to(field), key


def _told(event: Event, names: Names, address: Address, column: str) -> EventInWords:
    model = model_of(event.table)
    values = event.after or event.before or {}
    gone = str(values.get("code") or f"#{event.row}")

    def called(of: Table, key: object) -> str:
        return names.get((of._meta.db_table, key), f"#{key}")

    changes = [
        _change(event, field, called)
        for field in (_told_fields(model) if model else ())
        if field.column in values and column in ("", field.column)
    ]
    is_changed = event.operation == Operation.UPDATE
    return EventInWords(
        event,
        str(Operation(event.operation).label),
        str(model._meta.verbose_name) if model else event.table,
        names.get((event.table, event.row), gone),
        address(model, event.row) if model and (event.table, event.row) in names else "",
        tuple(changes) if is_changed else (),
        () if is_changed else tuple(change for change in changes if change.had or change.has),
    )


Called = Callable[[Table, object], str]  # how a row of a model is called


def _change(event: Event, field: Column, called: Called) -> ColumnChange:
    old, new = ((side or {}).get(field.column) for side in (event.before, event.after))
    known = is_known((event.before or {}).get(field.column))
    before, after = (_in_words(field, value, called) for value in (old, new))
    filled = (not is_blank(old), not is_blank(new))
    return ColumnChange(str(field.column), str(field.verbose_name), before, after, known, *filled)


def _told_fields(model: Table) -> list[Column]:
    return [f for f in model._meta.concrete_fields if f.column not in NOT_TOLD]


def shown(field: Column, value: object, visible: Rows = every_row) -> str:
    """A value of a model's field as people read it; a row that is not `visible` is a number."""

    def called(model: Table, key: object) -> str:
        row = visible(model).filter(pk=key).first()
        return str(row) if row else f"#{key}"

    return _in_words(field, value, called)


BLANK = "–"


def is_blank(value: object) -> bool:
    return value is None or value in ("", [])


def _in_words(field: Column, value: object, called: Called) -> str:
    if is_blank(value):
        return BLANK
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value.startswith("sha256:"):
        return _("(a name)")
    if value == "(secret)":
        return _("(a secret)")
    if field.is_relation:
        return called(led_to(field), value)
    if isinstance(field, models.DecimalField) and isinstance(value, (int, float, Decimal)):
        return f"{Decimal(str(value)):.{field.decimal_places}f}"
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    choices = dict(getattr(field, "base_field", field).flatchoices)
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(part, part)) for part in parts)
