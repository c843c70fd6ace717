"""The rules of our tables, as PostgreSQL knows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from tests.sources import APPS

OWN = [
    model for model in apps.get_models() if model._meta.app_label in APPS and not model._meta.proxy
]
# Foreign keys of one column and NOT NULL come with a field, which tells them in every form.
CONSTRAINTS = """
    SELECT o.conrelid::regclass::text, o.conname, o.contype = 'u' AND o.conkey @> p.conkey,
      EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = o.conindid)
    FROM pg_constraint o
    JOIN pg_constraint p ON p.conrelid = o.conrelid AND p.contype = 'p'
    WHERE o.contype IN ('c', 'u', 'x') OR (o.contype = 'f' AND cardinality(o.conkey) > 1)
    UNION ALL
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, false, false
    FROM pg_index i
    WHERE i.indisunique AND NOT EXISTS (SELECT FROM pg_constraint
      WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1, 2
"""
TRIGGERS = """
    SELECT t.tgrelid::regclass::text, t.tgname, t.tgtype
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND p.prosrc ~* 'RAISE\\s+EXCEPTION'
    ORDER BY 1, 2
"""
OPERATIONS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}  # bits of tgtype
Rule = tuple[str, str]  # the model's label and the rule's name


@dataclass(frozen=True)
class Constraint:
    """`keyed`: a unique one over the primary key, which nothing breaks alone; `pointed_at` by a
    foreign key of several columns, for which it is there."""

    keyed: bool
    pointed_at: bool


def constraints() -> dict[Rule, Constraint]:
    return {(label, name): Constraint(*rest) for label, name, *rest in _of_our_tables(CONSTRAINTS)}


def triggers() -> dict[Rule, set[str]]:
    """Each trigger that refuses, by the name that its model gives it, and the operations."""
    return {
        (label, re.sub(r"^pgtrigger_(.+)_[0-9a-f]{5}$", r"\1", name)): {
            operation for operation, bit in OPERATIONS.items() if kind & bit
        }
        for label, name, kind in _of_our_tables(TRIGGERS)
    }


def counts(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    """Fields whose type is never less than zero: Django adds a check for each."""
    kinds = (
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.PositiveBigIntegerField,
    )
    return [field for field in model._meta.concrete_fields if isinstance(field, kinds)]


def check_of(field: models.Field) -> str:  # type: ignore[type-arg]
    return f"{field.model._meta.db_table}_{field.column}_check"


def _of_our_tables(sql: str) -> list[tuple[Any, ...]]:
    labels = {model._meta.db_table: model._meta.label for model in OWN}
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    return [(labels[table], *rest) for table, *rest in rows if table in labels]
