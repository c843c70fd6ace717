"""The rows of the register that a file names, found in a few queries however long it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from audit.events.columns import column_of
from audit.models import Event, Operation
from exchange.imports import rules
from exchange.imports.planned import Key, Value
from exchange.tables.cell_text import alike
from exchange.tables.references import ReferenceWidget
from exchange.tables.resources import TableResource

State = Callable[[str], tuple[bool, Value]]  # of a column: is it known, and what it was


class Existing:
    """Rows by natural key. A part of a key is a tuple of one value, which may be None."""

    def __init__(self, resource: TableResource, keys: Iterable[Key | None]) -> None:
        self.resource, self.model = resource, resource.model()
        known = [key for key in keys if key is not None]
        named = self._named(known)
        self.visible = {self._key(row): row for row in resource.get_queryset().filter(named)}
        self.hidden: set[Key] = set()
        if resource.visible is not None:
            every = self.model._base_manager.filter(named)
            self.hidden = {self._key(row) for row in every} - self.visible.keys()
        self._alike: dict[Key, dict[str, str]] | None = None
        self._known = known
        codes = [str(key[-1][0]) for key in known] if resource.key[-1] == "code" else []
        self._left = resource.left(codes)
        self._past: dict[int, list[dict[str, Any]]] | None = None

    def _named(self, keys: list[Key]) -> models.Q:
        named = models.Q(pk__in=[]) if not keys else models.Q()
        for position, name in enumerate(self.resource.key):
            values = {key[position][0] for key in keys}
            some = models.Q(**{f"{name}__in": values - {None}})
            if None in values:
                some |= models.Q(**{f"{name}__isnull": True})
            named &= some
        return named

    def _key(self, row: models.Model) -> Key:
        """With ids for references, so that no row is fetched for them."""
        fields = (column_of(type(row), name) for name in self.resource.key)
        return tuple((_plain(getattr(row, field.attname)),) for field in fields)

    @staticmethod
    def _by_id(key: Key) -> Key:
        return tuple((part.pk,) if isinstance(part, models.Model) else (part,) for (part,) in key)

    def row(self, key: Key) -> models.Model | None:
        return self.visible.get(self._by_id(key))

    def why_not_new(self, key: Key) -> str:
        """Why no row of this key may be added; "" where it may."""
        plain = self._by_id(key)
        if plain in self.hidden:
            return str(rules.not_yours())
        for name, (part,) in zip(self.resource.key, key, strict=True):
            widget = self.resource.fields[name].widget
            if (
                isinstance(part, models.Model)
                and isinstance(widget, ReferenceWidget)
                and part.pk in widget.only_named
            ):
                return str(widget.unknown(widget.render(part), {}))
        (last,) = plain[-1]
        if not isinstance(last, str):
            return ""
        owner = plain[-2][0] if len(plain) > 1 else None
        if isinstance(owner, int | None) and (owner, last) in self._left:
            return self._left[owner, last]
        meant = self._codes().get(plain[:-1], {}).get(alike(last))
        if meant is None or meant == last:
            return ""
        return _("“%(value)s” looks like %(meant)s, which is there. Did you mean %(meant)s?") % {
            "value": last[:50],
            "meant": meant,
        }

    def _codes(self) -> dict[Key, dict[str, str]]:
        """The codes that stand beside the keys of the file, by what the eye takes them for."""
        if self._alike is None:
            *parents, _last = self.resource.key
            within = models.Q()
            for position, name in enumerate(parents):
                within &= models.Q(**{f"{name}__in": {key[position][0] for key in self._known}})
            self._alike = {}
            rows = self.resource.get_queryset().select_related(None).filter(within)
            for *parts, code in rows.values_list(*self.resource.key):
                parent = tuple((part,) for part in parts)
                self._alike.setdefault(parent, {})[alike(str(code))] = str(code)
        return self._alike

    def state(self, row: models.Model, version: int) -> State:
        """Columns of a row as they were at a version: (known, value) by the column's name."""
        events = self._events().get(row.pk, [])
        later = [before for before in events if before.get("version", 0) >= version]
        known = any(before.get("version") == version for before in later)
        was: dict[str, Value] = {}
        for before in later:  # newest first, so the oldest has the last word
            was |= before

        def at(column: str) -> tuple[bool, Value]:
            field = next(f for f in row._meta.concrete_fields if f.column == column)
            return known, was.get(column, getattr(row, field.attname))

        return at

    def _events(self) -> dict[int, list[dict[str, Any]]]:
        if self._past is None:
            self._past = {}
            events = Event.objects.filter(
                table=self.model._meta.db_table,
                row__in=[row.pk for row in self.visible.values()],
                operation=Operation.UPDATE,
            )
            for pk, before in events.order_by("-pk").values_list("row", "before"):
                self._past.setdefault(pk, []).append(before or {})
        return self._past


def _plain(value: Value) -> Value:
    """A day as its text, as a file names it."""
    return value.isoformat() if isinstance(value, dt.date) else value
