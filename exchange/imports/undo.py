"""Taking an import back as a whole, while nothing else has touched its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter

from django.db import IntegrityError, OperationalError, connection, models
from django.db.models import ManyToOneRel
from django.utils.translation import gettext as _
from psycopg.errors import ForeignKeyViolation

from audit.events.acting import acting
from audit.events.columns import led_to
from audit.events.history import model_of
from audit.events.people import Person
from audit.models import Event, Operation, Through
from audit.rows.refused import Refused
from exchange.imports import rules
from exchange.imports.apply import in_use, is_held
from exchange.models import Import, ImportState
from exchange.tables.resources import TableResource


def undo(job: Import, resources: Sequence[TableResource], *, by: Person) -> Import:
    """Put back what the import changed and remove what it added, as far as `resources` may write
    their rows now, before and after. Raises Refused."""
    try:
        with acting(by.code, Through.ACTION, f"undo {job.pk}"):
            return _undo(job, resources)
    except IntegrityError as error:
        if isinstance(error.__cause__, ForeignKeyViolation):
            why = _("It cannot be taken back: a row that it added is in use by another one now.")
        else:
            why = _("It cannot be taken back: a rule of the table keeps a row that it wrote.")
        raise Refused(why) from None
    except OperationalError as error:
        if not is_held(error):
            raise
        raise Refused(in_use()) from None


def why_not(job: Import, resources: Sequence[TableResource]) -> str:
    """Why the import into these tables cannot be taken back, as a sentence; "" where it can."""
    if job.state != ImportState.APPLIED:
        return _("Only an import that was carried out can be taken back.")
    return _why_not(job, _events(job), resources)


def _why_not(job: Import, events: list[Event], resources: Sequence[TableResource]) -> str:
    added = {event.table for event in events if event.operation == Operation.INSERT}
    is_founded = any(resource.is_root() and _table(resource) in added for resource in resources)
    if not is_founded and any(
        resource.append_only and _table(resource) in added for resource in resources
    ):
        return _(
            "It cannot be taken back: it added rows of a table in which no row is ever removed. "
            "Correct each of them by a new row."
        )
    if not _trail(job).exists():
        return _(
            "It cannot be taken back: it is older than the audit trail, which alone knows what it "
            "changed."
        )
    known = {_table(resource) for resource in resources}
    return (
        _changed_since(events, known)
        or _first(_grown, events, resources)
        or _first(_not_yours, events, resources)
    )


def _table(resource: TableResource) -> str:
    return resource.model()._meta.db_table


def _first(
    reason: Callable[[list[Event], TableResource], str],
    events: list[Event],
    resources: Sequence[TableResource],
) -> str:
    """The first reason that one of the tables has."""
    return next(filter(None, (reason(events, resource) for resource in resources)), "")


def _trail(job: Import) -> models.QuerySet[Event]:
    """The events of the import's own row; none where it is older than the trail."""
    return Event.objects.filter(table=Import._meta.db_table, row=job.pk)


def _events(job: Import) -> list[Event]:
    """What its transaction wrote, steps with reasons of their own included, newest first.

    The trail of the import's own row bounds it: a restored register counts transactions anew.
    """
    between = _trail(job).aggregate(first=models.Min("pk"), last=models.Max("pk"))
    if between["first"] is None:
        return []
    written = Event.objects.filter(
        transaction=job.transaction or 0, pk__gt=between["first"], pk__lt=between["last"]
    )
    return list(written.exclude(table=Import._meta.db_table).order_by("-pk"))


def _grown(events: list[Event], resource: TableResource) -> str:
    """Why a project that it added has to stay: what belongs to it, and came another way."""
    if not resource.is_root():
        return ""
    added: dict[str, set[int]] = {}
    for event in events:
        if event.operation == Operation.INSERT:
            added.setdefault(event.table, set()).add(event.row)
    projects = added.get(_table(resource), set())
    fields = resource.model()._meta.get_fields(include_hidden=True) if projects else ()
    for relation in (field for field in fields if isinstance(field, ManyToOneRel)):
        if not relation.one_to_many:
            continue
        rows = relation.related_model
        own = rows._base_manager.filter(**{f"{relation.field.name}__in": projects})
        theirs = own.exclude(pk__in=added.get(rows._meta.db_table, set()))
        if relation.on_delete is not models.DO_NOTHING and theirs.exists():
            return _(
                "It cannot be taken back: the project has something since that the import did not "
                "add: %(rows)s."
            ) % {"rows": rows._meta.verbose_name_plural}
    return ""


def _changed_since(events: list[Event], known: set[str]) -> str:
    if not events:
        return _("It changed nothing.")
    if any(map(_hides_a_name, events)):
        return _(
            "It cannot be taken back: it changed names of people, and the trail keeps no names."
        )
    others = {event.table for event in events} - known
    if not all(map(_is_edited, others)):
        return _(
            "It cannot be taken back as a whole: it took steps, or voided signatures. Take these "
            "back on the pages of the rows."
        )
    if others:
        return _("You cannot take it back: you may not write into all of its tables any more.")
    rows = {(event.table, event.row): event.pk for event in reversed(events)}
    for table in {event.table for event in events}:
        keys = {row for of, row in rows if of == table}
        last = Event.objects.filter(table=table, row__in=keys).values("row")
        newest = dict(last.annotate(last=models.Max("pk")).values_list("row", "last"))
        for row, pk in newest.items():
            if pk != rows[table, row]:
                return _(
                    "It cannot be taken back: some of its rows were changed again since. Their "
                    "history says by whom, and puts single values back."
                )
    return ""


def _not_yours(events: list[Event], resource: TableResource) -> str:
    """Rights end while an import stays: its rows as they are now have to be the person's."""
    model = resource.model()
    keys = {event.row for event in events if event.table == model._meta.db_table}
    rows = model._base_manager.select_related(*resource.related).filter(pk__in=keys)
    if all(resource.may_write(row) for row in rows):
        return ""
    return _(
        "You cannot take it back: some of its rows are, or would be again, in a project or "
        "component in which you may not write. Ask its project leader."
    )


def _not_as_typed(events: list[Event], resource: TableResource) -> str:
    """Why the form would not take the rows as they are put back: the first reason."""
    model, columns = resource.model(), dict[int, set[str]]()
    for event in events:
        if event.table == model._meta.db_table and event.operation == Operation.UPDATE:
            columns.setdefault(event.row, set()).update(event.before or {})
    rows = model._base_manager.select_related(*resource.related).filter(pk__in=columns)
    resource.prepare(list(rows))
    for row in rows:
        fields = [field for field in row._meta.concrete_fields if field.column in columns[row.pk]]
        sentences = [sentence for _column, sentence in rules.of_row(resource, row, is_new=False)]
        if {field.name for field in fields} & {*resource.read_only(row)}:
            sentences.append(str(rules.ONLY_SHOWN))
        if sentences:
            given = {"row": row, "told": sentences[0]}
            return _("It cannot be taken back: %(row)s. %(told)s") % given
    return ""


def _not_offered(events: list[Event], resource: TableResource) -> str:
    """Why the person could not choose what the rows would name again; a query a reference."""
    model = resource.model()
    before = [event.before or {} for event in events if event.table == model._meta.db_table]
    for field in model._meta.concrete_fields:
        keys = {values[field.column] for values in before if values.get(field.column)}
        related = field.related_model
        rows = resource.visible(related) if resource.visible and related and keys else None
        if rows is not None and keys - set(rows.filter(pk__in=keys).values_list("pk", flat=True)):
            return _(
                "You cannot take it back: a row of it would name again what is in a project or "
                "component that you do not see. Ask its project leader."
            )
    return ""


def _hides_a_name(event: Event) -> bool:
    """Whether what it changed is in the trail as a digest alone; what it added goes as a whole."""
    values = [*(event.before or {}).values(), *(event.after or {}).values()]
    named = any(str(value).startswith("sha256:") for value in values)
    return named and event.operation == Operation.UPDATE


def _is_edited(table: str) -> bool:
    """Whether its rows are edited, so have a version; the others are written by steps."""
    model = model_of(table)
    return model is not None and any(field.name == "version" for field in model._meta.fields)


def _rows(table: str) -> models.QuerySet[models.Model]:
    """The rows of an audited table. Raises LookupError where it is none."""
    model = model_of(table)
    if model is None:
        raise LookupError(f"{table} is no audited table")
    return model._base_manager.all()


def _undo(job: Import, resources: Sequence[TableResource]) -> Import:
    job = Import.objects.select_for_update().get(pk=job.pk)
    if job.state == ImportState.UNDONE:
        return job
    events = _events(job)
    for table in sorted({event.table for event in events}):
        keys = {event.row for event in events if event.table == table}
        rows = _rows(table).filter(pk__in=keys).order_by("pk")
        list(rows.select_for_update().values_list("pk"))
    if refusal := _why_not(job, events, resources):
        raise Refused(refusal)
    added = {(event.table, event.row) for event in events if event.operation == Operation.INSERT}
    kept = [event for event in events if (event.table, event.row) not in added]
    # before: what an own row names is seen by that
    hidden = _first(_not_offered, kept, resources)
    for event in kept:
        _back(event)
    _remove(events, resources)
    if (
        refusal := _first(_not_yours, kept, resources)
        or hidden
        or _first(_not_as_typed, kept, resources)
    ):
        raise Refused(refusal)
    job.state = ImportState.UNDONE
    job.save()
    return job


def _remove(events: list[Event], resources: Sequence[TableResource]) -> None:
    """The rows that were added: projects first, with which the others may go, then the last."""
    _loosen(events)
    added = [event for event in events if event.operation == Operation.INSERT]
    roots = {_table(resource) for resource in resources if resource.is_root()}
    added.sort(key=lambda event: event.table not in roots)
    for table, some in groupby(added, key=attrgetter("table")):
        keys = {event.row for event in some}
        _rows(table).filter(pk__in=keys)._raw_delete(using=connection.alias)
    for resource in resources:
        resource.removed({event.row for event in added if event.table == _table(resource)})


def _loosen(events: list[Event]) -> None:
    """Rows that were added, of what was added after them: that goes first."""
    added = {(e.table, e.row): e.pk for e in events if e.operation == Operation.INSERT}
    for event in events:
        since = added.get((event.table, event.row))
        if since is None or event.operation != Operation.UPDATE:
            continue
        rows = _rows(event.table).filter(pk=event.row)
        for field in rows.model._meta.concrete_fields:
            named = (event.after or {}).get(field.column) if field.is_relation else None
            if named and field.null and added.get((led_to(field)._meta.db_table, named), 0) > since:
                rows.update(**{field.attname: None})


def _back(event: Event) -> None:
    """What an update changed, as it was."""
    before = {name: value for name, value in (event.before or {}).items() if name != "version"}
    names = ", ".join(f'"{name}"' for name in before)
    values = ", ".join(f'r."{name}"' for name in before)
    sql = (
        f'UPDATE "{event.table}" AS t SET ({names}) = (SELECT {values} '  # noqa: S608 - our names
        "FROM jsonb_populate_record(t, %s::jsonb) AS r) WHERE t.id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(before), event.row])
