"""The rules of a table for rows that are not written yet: as forms and database have them.

A form asks the database about each constraint of each row. Here all rows are checked at once, by
the very conditions of the table's constraints.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events.columns import column_of
from exchange.imports.planned import DraftRow, Value
from exchange.tables.resources import TableResource

ONLY_SHOWN = gettext_lazy(
    "The page of the row only shows this column now, so it is not changed here either."
)


def not_yours() -> str:
    return _("This row is not in a project or component in which you may write.")


def of_row(resource: TableResource, row: models.Model, is_new: bool) -> Iterator[tuple[str, str]]:
    """What the row's own checks say: column ("" for the row), sentence."""
    for field in row._meta.concrete_fields:
        needed = field.editable and not field.blank and not field.primary_key
        if needed and getattr(row, field.attname) in (None, ""):
            yield field.name, _("This column cannot be empty.")
    try:
        row.clean()
        resource.check_row(row, is_new)
    except ValidationError as error:
        by_column = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for column, messages in by_column.items():
            for message in messages:
                yield "" if column == NON_FIELD_ERRORS else column, str(message)
    if not resource.may_write(row):
        yield "", not_yours()


def only_shown(resource: TableResource, draft: DraftRow) -> Iterator[tuple[str, str]]:
    """The changed cells of a saved row that its form only shows; steps move the `fixed` ones."""
    shown = () if draft.is_new or resource.founding else resource.read_only(draft.row)
    for change in draft.changes:
        if change.column in shown and change.column not in resource.fixed:
            yield change.column, str(ONLY_SHOWN)


def as_json(row: models.Model, names: Sequence[str] | None = None) -> dict[str, Value]:
    """The columns of a row as PostgreSQL reads them from JSON; all that are written, or some."""
    cells = {}
    for field in row._meta.concrete_fields:
        written = not isinstance(field, models.GeneratedField) and not field.primary_key
        if written and (names is None or field.name in names):
            value = getattr(row, field.attname)
            if not hasattr(value, "resolve_expression"):  # what the database itself fills in
                cells[str(field.column)] = str(value) if isinstance(value, Decimal) else value
    return cells


def from_json(model: type[models.Model], cells: Mapping[str, Value]) -> models.Model:
    """A new row with these columns, as `as_json` gives them."""
    row = model()
    for field in row._meta.concrete_fields:
        if str(field.column) in cells:
            setattr(row, field.attname, field.to_python(cells[str(field.column)]))
    return row


def of_table(
    model: type[models.Model], rows: Sequence[tuple[int, models.Model]]
) -> Iterator[tuple[int, str]]:
    """The check constraints that rows break: number, sentence. One query for all of them."""
    checks = [
        check for check in model._meta.constraints if isinstance(check, models.CheckConstraint)
    ]
    if not checks or not rows:
        return
    given = [{**as_json(row), "_n": number} for number, row in rows]
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        conditions = [f"({check._get_check_sql(model, editor)})" for check in checks]  # type: ignore[attr-defined]
    holds = ", ".join(f"COALESCE({condition}, true)" for condition in conditions)
    sql = (
        f"SELECT (d.cell ->> '_n')::int, {holds} "  # noqa: S608 - conditions of our own models
        "FROM jsonb_array_elements(%s::jsonb) AS d (cell), "
        f'jsonb_populate_record(NULL::"{model._meta.db_table}", d.cell) AS t'
    )
    for number, *kept in _asked(sql, given):
        for check, holds_ in zip(checks, kept, strict=True):
            if not holds_:
                yield number, str(check.get_violation_error_message())


def unique(resource: TableResource, planned: Sequence[DraftRow]) -> Iterator[tuple[DraftRow, str]]:
    """Rows that break a unique constraint other than that of the key, by the register or file.
    One query for each of the constraints."""
    model = resource.model()
    for rule in model._meta.constraints:
        if not isinstance(rule, models.UniqueConstraint) or set(rule.fields) == set(resource.key):
            continue
        sentence = str(rule.get_violation_error_message())
        rows = [
            draft
            for draft in planned
            if draft.is_new or any(change.column in rule.fields for change in draft.changes)
        ]
        said: set[tuple[object, ...]] = set()
        columns = [column_of(model, name).attname for name in rule.fields]
        by_number = {draft.number: draft for draft in rows}
        for number, is_taken in _bound(rule, model, {draft.number: draft.row for draft in rows}):
            draft = by_number[number]
            own = tuple(getattr(draft.row, name) for name in columns)
            if is_taken or own in said:
                yield draft, sentence
            if None not in own:
                said.add(own)


def _bound(
    rule: models.UniqueConstraint, model: type[models.Model], rows: dict[int, models.Model]
) -> list[tuple[int, bool]]:
    """The rows for which the rule holds, in their order, and whether the register already has
    another one like it."""
    if not rows:
        return []
    given = [{**as_json(row), "id": row.pk, "_n": number} for number, row in rows.items()]
    columns = [f'"{column_of(model, name).column}"' for name in rule.fields]
    same = " AND ".join(f"t.{column} = e.{column}" for column in columns)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        condition = rule._get_condition_sql(model, editor)  # type: ignore[attr-defined]
    only = f" WHERE {condition}" if condition else ""
    table = f'"{model._meta.db_table}"'
    sql = (
        f"SELECT t._n, EXISTS (SELECT FROM (SELECT * FROM {table}{only}) AS e "  # noqa: S608 - our own names
        f"WHERE {same} AND e.id IS DISTINCT FROM t.id) "
        "FROM (SELECT (d.cell ->> '_n')::int AS _n, r.* "
        "FROM jsonb_array_elements(%s::jsonb) AS d (cell), "
        f"jsonb_populate_record(NULL::{table}, d.cell) AS r{only}) AS t ORDER BY t._n"
    )
    return [(number, bool(taken)) for number, taken in _asked(sql, given)]


def _asked(sql: str, given: list[dict[str, Value]]) -> list[tuple[Any, ...]]:
    """What a query over rows in JSON says; the one place for a parameter is %s::jsonb, and the
    conditions may hold per cent signs."""
    with connection.cursor() as cursor:
        sql = sql.replace("%", "%%").replace("%%s::jsonb", "%s::jsonb")
        cursor.execute(sql, [json.dumps(given, default=str)])
        return list(cursor.fetchall())
