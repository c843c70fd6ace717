"""What was entered by mistake and cannot be deleted any more: it is marked, and leaves every list.

It leaves its table, with its parts and the steps that were taken with it, so nothing that reads
the table can have it. The trail holds what they were, and gives them back. Releases that were made
stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, Model, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.events.columns import led_to
from audit.events.history import events_of, model_of
from audit.events.triggers import audited_tables, derived
from audit.models import Event, Operation, Through
from audit.rows.refused import Refused, as_seen, refusing
from deliverables.projects.access import access_of
from deliverables.projects.mistakes.deleting import is_record, naming, parts
from deliverables.projects.models import Mistake, Project
from deliverables.projects.models.mistake import owner_of
from exchange.tables.resources import Left

SHOWN = 5  # rows that are named of each table


def is_open(row: Model, project: int | None) -> bool:
    """Whether the public may have read the row, and no other row names it. One query."""
    read = Project.objects.published().filter(**{"pk": project} if project else {})
    asked = {f"n{n}": Exists(rows) for n, rows in enumerate(naming(row, steps=False))}
    known: Any = type(row)._base_manager.filter(pk=row.pk)
    found = known.annotate(read=Exists(read), **asked).values("read", *asked).get()
    return bool(found.pop("read")) and not any(found.values())


def why_not_marked(row: Model, project: Project | None, by: User) -> str:
    """Why the person may not mark the row, as a sentence; "" where nothing is known against it."""
    if project and project.is_draft:
        return _("Nothing of this project was ever public: what is wrong in it is deleted.")
    if named := _named_by(row):
        return _("It is no mistake while others name it: %(rows)s. Begin with those.") % {
            "rows": named
        }
    if any(getattr(row, name) for name in audited_tables()[type(row)].personal):
        return _("It holds the name of a person, which no mark keeps. Empty the name first.")
    hands = {*_hands(row)}
    if not hands:
        return ""
    entered = events_of(row).order_by("pk").values_list("who", flat=True).first()
    leads = access_of(by).may(Right.PUBLISH, project.pk if project else None)
    if leads and by.pk not in hands and by.code != entered:
        return ""
    return _(
        "Steps were taken with it, so others stood for it. Only a project leader who took none of "
        "them, and did not enter it, may say that it was a mistake."
    )


def _named_by(row: Model) -> str:
    """The rows that name it, by their tables and codes: items (D1.2.1, D1.2.2)."""
    told = []
    for rows in naming(row, steps=False):
        some = list(islice(rows[: SHOWN + 1], SHOWN + 1))
        codes = [str(code) for other in some if (code := getattr(other, "code", ""))]
        more = " …" if len(some) > SHOWN else ""
        name = str(rows.model._meta.verbose_name_plural)
        if some:
            told.append(f"{name} ({', '.join(codes[:SHOWN])}{more})" if codes else name)
    return "; ".join(told)


def _hands(row: Model) -> Iterator[int]:
    """Who took steps with the row, or with what it is a part or a proof of, by their ids."""
    references = [f for f in row._meta.concrete_fields if f.is_relation and led_to(f) != Project]
    for of in (row, *(getattr(row, field.name) for field in references)):
        for relation in parts(type(of)) if of else ():
            if is_record(relation):
                steps = relation.related_model._base_manager
                yield from steps.filter(**{relation.field.name: of}).values_list("by", flat=True)


def mark(
    row: Model, project: Project | None, component: int | None = None, *, by: User, seen: str,
    reason: str,
) -> Mistake:  # fmt: skip
    """The row of a project, and of a component, leaves its table. Raises Refused, with nothing
    written."""
    kept = _(
        "A rule of its table keeps it: what was signed, approved or handed in is put right by its "
        "own steps."
    )
    with _writing(by, reason.strip(), kept):
        if project:
            Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        stale = _("Somebody changed the row after this page was made. Look at it again.")
        held = as_seen(type(row)._base_manager.all(), row, seen, stale)
        if refusal := why_not_marked(held, project, by):
            raise Refused(refusal)
        given = Mistake(
            project=project, component=component, table=held._meta.db_table, row=held.pk,
            code=getattr(held, "code", ""), owner=_owner(held), reason=reason.strip(),
            by=by.code, at=timezone.now(),
            **{f"label_{language}": _called(held, language) for language in ("lv", "en")},
        )  # fmt: skip
        given.full_clean()
        given.save()
        for model, keys in _leaving(type(held), [held.pk]):
            model._base_manager.filter(pk__in=keys)._raw_delete(using=connection.alias)
    return given


@contextmanager
def _writing(by: User, why: str, kept: str) -> Iterator[None]:
    """One transaction; what the database says against it is told as `kept`."""
    try:
        with transaction.atomic(), acting(by.code, Through.ACTION, why), refusing():
            yield
            connection.check_constraints()
    except IntegrityError:
        raise Refused(kept) from None


def _owner(row: Model) -> int | None:
    name = owner_of(type(row))
    return getattr(row, f"{name}_id") if name else None


def _called(row: Model, language: str) -> str:
    with translation.override(language):
        return str(row)


def _leaving(model: type[Model], keys: Collection[int]) -> Iterator[tuple[type[Model], list[int]]]:
    """The rows of each table that leave together, parts first."""
    for relation in parts(model):
        own = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
        if found := list(own.values_list("pk", flat=True)):
            yield from _leaving(relation.related_model, found)
    yield model, list(keys)


def put_back(mistake: Mistake, *, by: User) -> Model:
    """The row and its parts, as they were. Raises Refused, with nothing written."""
    kept = _(
        "It cannot be put back: something that it names is not there any more, or another row has "
        "its place by now."
    )
    with _writing(by, "put back", kept):
        held = Mistake.objects.select_for_update().filter(pk=mistake.pk).first()
        model = model_of(held.table) if held else None
        if held is None or model is None:
            raise Refused(_("Somebody else has put it back already."))
        for event in _departures(held):  # the row itself, which left last, and then its parts
            _insert(event)
        row = model._base_manager.get(pk=held.row)
        row.full_clean()
        held.delete()
    return row


def _departures(mistake: Mistake) -> QuerySet[Event]:
    """The events of the rows that left, the last one first. Raises Refused where there are none."""
    written = events_of(mistake).get(operation=Operation.INSERT)
    leaving = Event.objects.filter(operation=Operation.DELETE, pk__gt=written.pk)
    last = leaving.filter(table=mistake.table, row=mistake.row).order_by("pk").first()
    if last is None:
        raise Refused(_("The audit trail does not have what the row held."))
    return leaving.filter(transaction=written.transaction, pk__lte=last.pk).order_by("-pk")


def _insert(event: Event) -> None:
    """The row of an event, as the trail has it; names of people are not in it."""
    model = model_of(event.table)
    if model is None:
        raise LookupError(f"{event.table} is no audited table")
    trigger, blank = audited_tables()[model], model()
    known = {str(field.column) for field in model._meta.concrete_fields} - {*derived(model)}
    own: dict[str, object] = {name: getattr(blank, name) for name in trigger.personal}
    if "version" in known:
        own["version"] = int((event.before or {}).get("version", 0)) + 1
    names = sorted(known & {*(event.before or {}), *own})
    columns, values = (", ".join(f'{of}"{name}"' for name in names) for of in ("", "r."))
    sql = (
        f'INSERT INTO "{event.table}" ({columns}) SELECT {values} FROM audit_event e, '  # noqa: S608 - our names
        f'jsonb_populate_record(NULL::"{event.table}", e.before || %s::jsonb) r WHERE e.id = %s'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(own), event.pk])


def left(table: type[Model], codes: Collection[str]) -> Left:
    """Of these codes, those that rows entered by mistake had, each with a sentence. One query."""
    rows = Mistake.objects.of_table(table).filter(code__in={*codes} - {""})
    return {(row.owner, row.code): _taken(row) for row in rows}


def why_not_new(row: Model) -> str:
    """Why no new row may have the code of this one; "" where it may. One query."""
    code = getattr(row, "code", "")
    return left(type(row), [code]).get((_owner(row), code), "") if code else ""


def _taken(row: Mistake) -> str:
    return _(
        "%(code)s was entered by mistake (%(reason)s), and no code is used twice. Choose another "
        "one, or put that row back."
    ) % {"code": row.code, "reason": row.reason[:100]}
