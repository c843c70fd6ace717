"""What waits for a person: the front page, the list's filter and the reminders ask here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Model, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from deliverables.ladder.models import Deliverable
from deliverables.ladder.querysets import DeliverableQuerySet
from deliverables.projects.access import Access, access_of
from deliverables.projects.models import Project

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SOON = 14  # days


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom, and on which day."""

    user: User
    access: Access
    today: dt.date


@dataclass(frozen=True, slots=True)
class WorkKind:
    """`verb` is the step that all of its rows wait for, where it is one."""

    key: str
    label: _StrOrPromise
    rows: Callable[[Reader], QuerySet[Model]]
    verb: TextChoices | None = None


def _mine(reader: Reader) -> DeliverableQuerySet:
    return Deliverable.objects.within(reader.access, Right.WORK)


KINDS = (
    WorkKind(
        "returned",
        _("Returned to me"),
        lambda reader: Deliverable.objects.returned_to(reader.access, reader.user.pk),
    ),
    WorkKind(
        "sign",
        _("Waiting for my signature"),
        lambda reader: Deliverable.objects.to_sign(reader.access),
    ),
    WorkKind(
        "check",
        _("Waiting for my check or acceptance"),
        lambda reader: Deliverable.objects.to_check(reader.access, reader.user.pk),
    ),
    WorkKind("overdue", _("Overdue"), lambda reader: _mine(reader).overdue(reader.today)),
    WorkKind(
        "due", _("Due in 14 days"), lambda reader: _mine(reader).due_within(reader.today, SOON)
    ),
    WorkKind("evidence", _("Lacking evidence"), lambda reader: _mine(reader).lacking_evidence()),
)


def counts(
    reader: Reader, kinds: Iterable[WorkKind] = KINDS, project: Project | None = None
) -> list[tuple[WorkKind, int]]:
    """How many rows of one table wait, where some do, in one project or in all; one query."""
    asked = {kind: kind.rows(reader) for kind in kinds}
    table = next(iter(asked.values())).model
    wanted = {
        kind.key: Count("pk", filter=Q(pk__in=rows.values("pk"))) for kind, rows in asked.items()
    }
    within = table._default_manager.filter(project=project) if project else table._default_manager
    numbers = within.aggregate(**wanted)
    return [(kind, numbers[kind.key]) for kind in asked if numbers[kind.key]]


def waiting(reader: Reader, kinds: Iterable[WorkKind], project: Project) -> int:
    """How many rows of a project wait in one way or another; one query."""
    asked = [kind.rows(reader).filter(project=project) for kind in kinds]
    in_some_way = reduce(or_, (Q(pk__in=rows.values("pk")) for rows in asked))
    return int(asked[0].model._default_manager.filter(in_some_way, project=project).count())


def reader_of(user: User | AnonymousUser, today: dt.date) -> Reader:
    return Reader(cast(User, user), access_of(user), today)
