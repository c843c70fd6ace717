"""Which rows may be deleted: what was entered by mistake, is in no release, and nothing names.

A row was entered with its first event in the trail; a release of its project that was made since
then may hold it. The trail keeps what was deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress
from typing import Any

from django.db import models
from django.db.models import Exists, ManyToOneRel, Model, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from accounts.roles import Right
from audit.events.history import events_of
from deliverables.projects.access import Access
from deliverables.projects.models import Project
from deliverables.projects.querysets import rows_behind


def why_kept(row: Model, project: int | None, table: str, access: Access, person: str) -> str:
    """Why this person may not delete the row, as a sentence; "" where it may go. One query.

    `project` is the one that it belongs to, None where it serves several; `table` is where
    documents have it.
    """
    named = {f"n{number}": rows for number, rows in enumerate(naming(row))}
    since = rows_behind(Project, "releases").filter(made_at__gte=OuterRef("at"))
    if project:
        since = since.filter(project=project)
    else:
        since = since.filter(document__contains={table: [{"code": getattr(row, "code", "")}]})
    since = since.order_by("made_at", "number")
    asked: dict[str, Combinable] = {name: Exists(rows) for name, rows in named.items()}
    asked |= {name: Subquery(since.values(name)[:1]) for name in ("number", "slug")}
    entered = events_of(row).order_by("pk").annotate(**asked).values("who", *asked).first()
    if entered is None:
        return _("It cannot be deleted: it is older than the audit trail.")
    leads = access.may(Right.PUBLISH, project) if project else access.everywhere(Right.PEOPLE)
    if not leads and entered["who"] != person:
        return _("Only who entered it, or a project leader, may delete it.")
    if sentence := named_by(rows for name, rows in named.items() if entered[name]):
        return sentence
    if entered["number"]:
        return _(
            "It cannot be deleted: release %(number)s of %(slug)s was made since it was entered."
        ) % {"number": entered["number"], "slug": entered["slug"]}
    return ""


def why_draft_kept(row: Model) -> str:
    """Why a draft cannot be deleted by who may change it; "" where it may go. One query."""
    named = list(naming(row))
    asked = {f"n{number}": Exists(rows) for number, rows in enumerate(named)}
    found: Any = type(row)._base_manager.filter(pk=row.pk).annotate(**asked).values_list(*asked)
    return named_by(compress(named, found.get())) if asked else ""


def named_by(named: Iterable[QuerySet[Model]]) -> str:
    """The sentence that says which tables have these rows that name another one; "" for none."""
    names = dict.fromkeys(str(rows.model._meta.verbose_name_plural) for rows in named)
    sentence = _("It cannot be deleted while others name it: %(rows)s. Begin with those.")
    return sentence % {"rows": ", ".join(names)} if names else ""


def naming(
    row: Model, model: type[Model] | None = None, path: str = "", *, steps: bool = True
) -> Iterator[QuerySet[Model]]:
    """The rows of each table that would keep this one; without the records of `steps`, if told."""
    for relation in _relations(model or type(row)):
        related, column = relation.related_model, relation.field.name
        if relation.on_delete is models.PROTECT and (steps or not is_record(relation)):
            yield related._base_manager.filter(**{column + path: row.pk})
        elif relation.on_delete is models.CASCADE and not path:
            yield from naming(row, related, f"__{column}", steps=steps)


def parts(model: type[Model]) -> list[ManyToOneRel]:
    """What stands and falls with a row: its parts, and the records of steps taken with it."""
    return [
        relation
        for relation in _relations(model)
        if relation.on_delete is models.CASCADE or is_record(relation)
    ]


def is_record(relation: ManyToOneRel) -> bool:
    """Whether its rows are records of steps: written once, so without a version, by a person."""
    names = {field.name for field in relation.related_model._meta.concrete_fields}
    return relation.on_delete is models.PROTECT and "by" in names and "version" not in names


def _relations(model: type[Model]) -> Iterator[ManyToOneRel]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):  # or OneToOneRel, which is one
            yield relation
