"""A draft as a whole: all that belongs to a project of which nothing was ever public."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.db import connection, transaction
from django.db.models import ManyToOneRel, Model
from django.utils.translation import gettext as _

from accounts.models import User
from audit.events.acting import acting
from audit.events.columns import Column
from audit.models import Through
from audit.rows.refused import Refused
from deliverables.evidence.models import File
from deliverables.evidence.models.file import store
from deliverables.projects.models import Change, Component, Project

LOOSENED = (Component, "evidence")
Rows = dict[type[Model], set[int]]  # by table, the keys of rows


def everything(project: Project) -> Rows:
    """The project, and each row that names one of these. What several projects share stays."""
    found: Rows = {Project: {project.pk}}
    waiting: list[tuple[type[Model], set[int]]] = [(Project, {project.pk})]
    while waiting:
        model, keys = waiting.pop()
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, ManyToOneRel):  # or OneToOneRel, which is one
                continue
            related = relation.related_model
            rows = related._base_manager.filter(**{f"{relation.field.name}__in": keys})
            new = set(rows.values_list("pk", flat=True)) - found.get(related, set())
            if new:
                found.setdefault(related, set()).update(new)
                waiting.append((related, new))
    return found


def counted(found: Mapping[type[Model], set[int]]) -> list[tuple[str, int]]:
    """What goes with the project, as people call it, and how many there are."""
    others = ((model, keys) for model, keys in found.items() if model not in (Project, Change))
    return sorted((str(model._meta.verbose_name_plural), len(keys)) for model, keys in others)


def mark(project: Project, found: Rows) -> str:
    """What the person decided on: another row, or another version of the project, is another."""
    return f"{project.version}.{sum(count for _name, count in counted(found))}"


def why_not_deleted(project: Project) -> str | None:
    if project.is_draft:
        return None
    return _("The project was published, so it stays on record. It can be withdrawn.")


def remove(project: Project, *, by: User, seen: str) -> None:
    """Nothing but the trail is left. Raises Refused, with nothing deleted."""
    with acting(by.code, Through.ACTION, "delete the draft"):
        locked = Project.objects.select_for_update().filter(pk=project.pk).first()
        if locked is None:
            raise Refused(_("The draft is deleted already."))
        if refusal := why_not_deleted(locked):
            raise Refused(refusal)
        found = everything(locked)
        if seen != mark(locked, found):
            raise Refused(
                _(
                    "Somebody changed the draft after this page was made, so nothing was deleted. "
                    "Read again below what would go."
                )
            )
        files = list(File.objects.filter(project=locked).values_list("key", flat=True))
        Component.objects.filter(project=locked).exclude(evidence=None).update(evidence=None)
        for model in _in_order(found):
            rows = model._base_manager.filter(pk__in=found[model])
            rows._raw_delete(using=connection.alias)
        Change.objects.of(project).delete()  # noted by what went
        for key in files:
            transaction.on_commit(partial(store().delete, key), robust=True)


def _in_order(found: Rows) -> list[type[Model]]:
    """The project first, with which what never changes may go; then nothing before what names it.

    A component names its evidence, which is of a deliverable, which is of a component.
    """
    left = [model for model in found if model is not Project]
    order: list[type[Model]] = [Project]
    while left:
        named = {f.related_model for model in left for f in _references(model)}
        free = [model for model in left if model not in named]
        if not free:
            raise ValueError(f"These tables name each other: {left}")
        order += free
        left = [model for model in left if model not in free]
    return order


def _references(model: type[Model]) -> list[Column]:
    fields = [f for f in model._meta.concrete_fields if f.is_relation]
    return [f for f in fields if f.related_model is not model and (model, f.name) != LOOSENED]
