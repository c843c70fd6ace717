"""Reading the trail: what a row was, who changed it last, and how values are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.events.columns import Column
from audit.events.people import named
from audit.events.triggers import audited_tables
from audit.models import Event, Operation, Through


def events_of(row: models.Model) -> models.QuerySet[Event]:
    return Event.objects.filter(table=row._meta.db_table, row=row.pk)


def last_change(row: models.Model) -> Event | None:
    return events_of(row).order_by("-pk").first()


def last_hand(row: models.Model) -> str:
    """Who changed the row or what belongs to it last, and when: ends a refusal that is told."""
    about = f"{row._meta.db_table}:{row.pk}"
    event = Event.objects.filter(about__contains=[about]).order_by("-pk").first()
    if event is None:
        return ""
    who = named([event.who]).get(event.who, event.who)
    at = date_format(timezone.localtime(event.at), "DATETIME_FORMAT")
    return _("Last change: %(who)s, %(at)s.") % {"who": who, "at": at}


def own_change(event: Event | None, person: str) -> str:
    """A sentence, where the person made that change; "" where it was somebody else."""
    if event is None or not person or event.who != person:
        return ""
    at = timezone.localtime(event.at)
    today = at.date() == timezone.localdate()
    given = {"at": date_format(at, "H:i" if today else "DATETIME_FORMAT")}
    if event.through == Through.FORM:
        return _("You saved this row yourself at %(at)s, in another window.") % given
    return _("You changed this row yourself at %(at)s (%(through)s).") % {
        **given, "through": Through(event.through).label
    }  # fmt: skip


def state_at(row: models.Model, version: int) -> dict[str, object]:
    """Columns that were changed after that version, with what they were at it."""
    later = events_of(row).filter(operation=Operation.UPDATE, before__version__gte=version)
    state: dict[str, object] = {}
    for before in later.order_by("-pk").values_list("before", flat=True):
        state |= before or {}
    state.pop("version", None)
    return state


NOT_TOLD = {"version", "id", "name_edition", "added_by_id", "key"}


def columns_of(events: models.QuerySet[Event]) -> list[tuple[str, str]]:
    """The columns that were changed, and their labels, for the filter."""
    names: dict[str, str] = {}
    for table, after in events.filter(operation=Operation.UPDATE).values_list("table", "after")[
        :500
    ]:
        for column in (after or {}).keys() - NOT_TOLD:
            names[column] = label_of(table, column)
    return sorted(names.items(), key=lambda pair: pair[1])


Rows = Callable[
    [type[models.Model]], models.QuerySet[models.Model]
]  # of a table, those that the reader may see
Address = Callable[
    [type[models.Model], int], str
]  # of a row of a table; "" where the reader may not open it


def every_row(model: type[models.Model]) -> models.QuerySet[models.Model]:
    return model._base_manager.all()


def nowhere(model: type[models.Model], key: int) -> str:
    return ""


@lru_cache(200)
def model_of(table: str) -> type[models.Model] | None:
    """The model of an audited table, or None."""
    return next((model for model in audited_tables() if model._meta.db_table == table), None)


def label_of(table: str, column: str) -> str:
    field = _field(model_of(table), column)
    return str(field.verbose_name) if field else column


def _field(model: type[models.Model] | None, column: str) -> Column | None:
    if model is None:
        return None
    return next((f for f in model._meta.concrete_fields if f.column == column), None)


def is_known(recorded: object) -> bool:
    """Whether the trail holds a value, and not its hash or that there was one."""
    return not str(recorded).startswith(("sha256:", "(secret"))
