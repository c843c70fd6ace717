"""Whose rows are whose where a row can serve several projects: institutions and experts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.roles import Right
from deliverables.access import Access
from experts.models import Assignment, Partnership


class OfInstitutions:
    """A directory for everybody. It is written by who may write every project that names a row."""

    def seen(self, access: Access) -> Q:
        return Q() if access.somewhere(Right.SEE) else Q(pk__in=())

    def edits(self, access: Access, row: Any) -> bool:
        mine = access.projects(Right.EDIT)
        if access.everywhere(Right.EDIT) or not mine:
            return access.everywhere(Right.EDIT)
        uses = Q(institution=row.pk)
        named = Partnership.objects.filter(uses).exclude(project__in=mine).exists()
        uses |= Q(expert__institution=row.pk)
        return row.pk is None or not (
            named or Assignment.objects.filter(uses).exclude(project__in=mine).exists()
        )

    def names(self, access: Access, row: Any) -> bool:
        return True


class OfExperts:
    """Experts are seen by the projects that they work on; new ones by who may write a project."""

    def seen(self, access: Access) -> Q:
        if access.everywhere(Right.SEE):
            return Q()
        own = Q(project__in=access.projects(Right.SEE))
        own |= Q(component__in=access.components(Right.SEE))
        assigned = Assignment.objects.filter(expert__isnull=False)
        found = Q(pk__in=assigned.filter(own).values("expert"))
        free = ~Q(pk__in=assigned.values("expert"))
        return found | free if access.projects(Right.EDIT) else found

    def edits(self, access: Access, row: Any) -> bool:
        mine = access.projects(Right.EDIT)
        if access.everywhere(Right.EDIT) or not mine:
            return access.everywhere(Right.EDIT)
        elsewhere = Assignment.objects.filter(expert=row.pk).exclude(project__in=mine)
        return row.pk is None or not elsewhere.exists()

    def names(self, access: Access, row: Any) -> bool:
        if access.everywhere(Right.NAMES) or row.pk is None:
            return True
        own = Q(project__in=access.projects(Right.NAMES))
        own |= Q(component__in=access.components(Right.NAMES))
        return self.edits(access, row) or row.assignments.filter(own).exists()
