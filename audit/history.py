"""Reading the trail: what a row was, who changed it last, and how values are shown."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from audit.models import Event, Operation


def events_of(row: models.Model) -> models.QuerySet[Event]:
    return Event.objects.filter(table=row._meta.db_table, row=row.pk)


def last_change(row: models.Model) -> Event | None:
    return events_of(row).order_by("-pk").first()


def state_at(row: models.Model, version: int) -> dict[str, Any]:
    """Columns that were changed after that version, with what they were at it."""
    later = events_of(row).filter(operation=Operation.UPDATE, before__version__gte=version)
    state: dict[str, Any] = {}
    for before in later.order_by("-pk").values_list("before", flat=True):
        state |= before or {}
    state.pop("version", None)
    return state


def shown(field: Any, value: Any) -> str:
    """A value of a model's field as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value.startswith("sha256:"):
        return _("(a name)")
    if field.is_relation:
        found = field.remote_field.model._base_manager.filter(pk=value).first()
        return str(found) if found else f"#{value}"
    choices = dict(getattr(field, "base_field", field).flatchoices)
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(part, part)) for part in parts)
