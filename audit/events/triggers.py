"""The trigger that records each write of a table, whatever the way in.

The work is done by the database function audit_note (migration 0001).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pgtrigger
from django.apps import apps
from django.contrib.postgres.functions import RandomUUID
from django.db import models

KEY = "audit_key"  # salts the hashes of a person's names; destroyed with the names


def key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    """The column audit_key of a table with personal columns; made by the database."""
    return models.UUIDField(db_default=RandomUUID(), editable=False)


class Posted(NamedTuple):
    """How rows that are public anyway are posted under the seals (audit.seals.notices): a fixed
    word, and the columns of their SHA-256 and of their number."""

    word: str
    sha256: str
    number: str


class Audited(pgtrigger.Trigger):
    """Writes one event for each row that an insert, update or delete really changes.

    `about` names what the row belongs to: table -> SQL with `{row}` that gives the id there.
    `personal` columns are recorded as "sha256:…" of the row's audit_key and the value, `secret`
    ones as "(secret)", `left_out` ones not at all: what the database derives from others, and
    what a machine keeps for itself. `posted`: how strangers find a row under the seals, if at all.
    """

    def __init__(
        self,
        about: Mapping[str, str] | None = None,
        *,
        personal: Sequence[str] = (),
        secret: Sequence[str] = (),
        left_out: Sequence[str] = (),
        posted: Posted | None = None,
    ) -> None:
        self.personal, self.secret = tuple(personal), tuple(secret)
        self.left_out = (*left_out, KEY) if personal else tuple(left_out)
        self.about, self.posted = dict(about or {}), posted
        super().__init__(
            name="audited",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        )

    def get_func(self, model: models.Model) -> str:
        of = model._meta.model
        given = ["TG_TABLE_NAME::text", "lower(TG_OP)", "to_jsonb(OLD)", "to_jsonb(NEW)"]
        given += [*self.lists(of), self.about_of(of, "NEW", "OLD")]
        return f"PERFORM audit_note({', '.join(given)}); RETURN NULL;"

    def about_of(self, model: type[models.Model], *rows: str) -> str:
        """What these rows are and belong to, as an SQL array."""
        table = model._meta.db_table
        refs = [f"('{table}:' || {row}.id)" for row in rows] + [
            f"('{other}:' || ({sql.format(row=row)}))"
            for other, sql in self.about.items()
            for row in rows
        ]
        values = f"(VALUES {', '.join(refs)}) AS refs (ref) WHERE ref IS NOT NULL ORDER BY 1"
        return f"ARRAY(SELECT DISTINCT ref FROM {values})"  # noqa: S608 - our own names

    def lists(self, model: type[models.Model]) -> list[str]:
        """What is left out, personal and secret, as SQL arrays."""
        left_out = (*self.left_out, *derived(model))
        return [_array(names) for names in (left_out, self.personal, self.secret)]

    @property
    def kept_back(self) -> set[str]:
        """The columns whose values no event holds, though they are written."""
        return {*self.left_out, *self.personal, *self.secret}


def derived(model: type[models.Model]) -> list[str]:
    """The columns that the database makes of others."""
    fields = model._meta.concrete_fields
    return [str(field.column) for field in fields if isinstance(field, models.GeneratedField)]


def _array(names: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"


def audited_tables() -> dict[type[models.Model], Audited]:
    """Every audited model and its trigger, in the order of the tables' names."""
    by_model: dict[type[models.Model], Audited] = {}
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        for trigger in getattr(model._meta, "triggers", ()):
            if isinstance(trigger, Audited):
                by_model[model] = trigger
    return by_model
