"""What a row names and its reader does not see: the code of that stays, its words do not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy

from django.db.models import CharField, ForeignKey, Model, QuerySet, TextField

from audit.events.columns import led_to

Visible = Callable[[type[Model]], QuerySet[Model] | None]
KEPT = ("code", "kind")


def without_hidden(
    rows: Sequence[Model], visible: Visible, names: Collection[str] | None = None
) -> None:
    """Let the rows name stand-ins instead, to be shown and nothing else; a query a reference.

    `visible` gives the rows of a table that the reader sees, None where all do; `names` are the
    references that are shown, None for all.
    """
    fields = rows[0]._meta.concrete_fields if rows else ()
    for field in fields:
        if not isinstance(field, ForeignKey) or (names is not None and field.name not in names):
            continue
        keys = {key for row in rows if (key := getattr(row, field.attname)) is not None}
        readable = visible(led_to(field)) if keys else None
        if readable is None:
            continue
        known = set(readable.filter(pk__in=keys).order_by().values_list("pk", flat=True))
        for row in rows:
            if getattr(row, field.attname) in keys - known:
                field.set_cached_value(row, _stand_in(getattr(row, field.name)))


def _stand_in(row: Model) -> Model:
    stand_in = copy(row)
    for field in row._meta.concrete_fields:
        if isinstance(field, CharField | TextField) and field.name not in KEPT:
            setattr(stand_in, field.attname, "")
    return stand_in
