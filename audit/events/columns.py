"""The columns of a model, and the models that they lead to."""

from __future__ import annotations

from typing import TypeAlias

from django.core.exceptions import FieldDoesNotExist
from django.db import models

Column: TypeAlias = "models.Field[object, object]"


def column_of(model: type[models.Model], name: str) -> Column:
    """The field of this name. Raises FieldDoesNotExist where the model has no such column."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(f"{model.__name__} has no column {name!r}")
    return field


def led_to(reference: Column) -> type[models.Model]:
    """The model whose rows a reference names. Raises FieldDoesNotExist for any other column."""
    target = reference.related_model
    if target is None or isinstance(target, str):
        raise FieldDoesNotExist(f"{reference.name} names no row")
    return target
