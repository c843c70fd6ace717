"""A second row like the first, and what the two ways in say to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import psycopg
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction

from deliverables.ladder.models import Deliverable
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from tests.breaches.table import Values
from tests.make import make_activity, make_component, make_deliverable


def a_deliverable(project: Project) -> Deliverable:
    return make_deliverable(make_component(project))


def an_activity(project: Project) -> Activity:
    return make_activity(make_component(project))


def filled(values: Values, first: Any) -> dict[str, Any]:
    """Values, with what functions make of the first row."""
    return {name: value(first) if callable(value) else value for name, value in values.items()}


def another(first: Any, values: Values) -> Any:
    """A row that is not in the database yet, like the first one but for these values."""
    fields = [
        field
        for field in type(first)._meta.concrete_fields
        if not field.generated and not isinstance(field, models.AutoField)
    ]
    row = type(first)(**{field.attname: getattr(first, field.attname) for field in fields})
    for name, value in values.items():
        setattr(row, name, value)
    return row


def said(row: Any) -> dict[str, list[str]]:
    """What a form says: the sentences of full_clean by field."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def of_fields(row: Any) -> dict[str, list[str]]:
    """What the fields themselves say: of a choice that is none, of an empty text."""
    try:
        row.clean_fields()
    except ValidationError as error:
        return error.message_dict
    return {}


def broken_by(row: Any) -> list[str]:
    """The constraints of the model that the row breaks."""
    return [one.name for one in row._meta.constraints if message_of(one, row)]


def message_of(constraint: models.BaseConstraint, row: Any) -> str:
    """What the constraint says of the row, with no field's own checks before it."""
    try:
        constraint.validate(type(row), row)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def refusal(write: Callable[[], object]) -> psycopg.errors.Diagnostic | None:
    """What the database refuses a write with; None where it passes. Nothing stays of it."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return cast(psycopg.Error, error.__cause__).diag
    return None


def undone(ask: Callable[[], dict[str, list[str]]]) -> dict[str, list[str]]:
    """What is said of rows that are taken back."""
    with transaction.atomic():
        found = ask()
        transaction.set_rollback(True)
    return found


def insert(row: Any) -> None:
    """Past every form, as a bulk operation does it."""
    type(row)._base_manager.bulk_create([row])


def run(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
