"""Whose rows are whose where a row can serve several projects: institutions and experts."""

from __future__ import annotations

from django.db.models import Model, Q

from accounts.roles import Right
from deliverables.projects.access import Access
from experts.people.models import Assignment, Partnership


class OfInstitutions:
    """A directory for everybody. It is written by who may write every project that names a row."""

    def visible_to(self, access: Access) -> Q:
        return Q() if access.somewhere(Right.SEE) else Q(pk__in=())

    def of_project(self, project: int) -> Q:
        return Q()

    def edits(self, access: Access, row: Model) -> bool:
        mine = access.projects(Right.EDIT)
        if access.everywhere(Right.EDIT) or not mine:
            return access.everywhere(Right.EDIT)
        return row.pk is None or row.pk not in access.once(self._elsewhere)

    @staticmethod
    def _elsewhere(access: Access) -> set[int]:
        """The institutions that a project names in which the person may not write."""
        mine = access.projects(Right.EDIT)
        partners = Partnership.objects.exclude(project__in=mine).values_list("institution")
        assigned = Assignment.objects.exclude(project__in=mine)
        named = assigned.values_list("institution").union(
            assigned.values_list("expert__institution"), partners
        )
        return {pk for (pk,) in named}

    def names(self, access: Access, row: Model) -> bool:
        return True


class OfExperts:
    """Experts are seen by the projects that they work on; new ones by who may write a project."""

    def visible_to(self, access: Access) -> Q:
        return Q() if access.everywhere(Right.SEE) else self._of(access, Right.SEE)

    def _of(self, access: Access, right: Right) -> Q:
        own = Q(project__in=access.projects(right))
        own |= Q(component__in=access.components(right))
        assigned = Assignment.objects.filter(expert__isnull=False)
        within = Q(pk__in=assigned.filter(own).values("expert"))
        free = ~Q(pk__in=assigned.values("expert"))
        return within | free if access.projects(Right.EDIT) else within

    def of_project(self, project: int) -> Q:
        """Who works on it, and who works on none yet: a new one has just been entered."""
        assigned = Assignment.objects.filter(expert__isnull=False)
        within = assigned.filter(project=project).values("expert")
        return Q(pk__in=within) | ~Q(pk__in=assigned.values("expert"))

    def named(self, access: Access) -> Q:
        """Those that a person may name in own rows: whom auditing shows does not become known by
        an assignment of one's own."""
        if access.everywhere(Right.EDIT):
            return Q()
        return self._of(access, Right.NAMES)

    def edits(self, access: Access, row: Model) -> bool:
        mine = access.projects(Right.EDIT)
        if access.everywhere(Right.EDIT) or not mine:
            return access.everywhere(Right.EDIT)
        return row.pk is None or row.pk not in access.once(self._elsewhere)

    @staticmethod
    def _elsewhere(access: Access) -> set[int]:
        """The experts who work on a project in which the person may not write."""
        others = Assignment.objects.exclude(project__in=access.projects(Right.EDIT))
        return set(others.values_list("expert", flat=True).distinct())

    def names(self, access: Access, row: Model) -> bool:
        if access.everywhere(Right.NAMES) or row.pk is None:
            return True
        return self.edits(access, row) or row.pk in access.once(self._known)

    @staticmethod
    def _known(access: Access) -> set[int]:
        """The experts on projects and components of which the person may see the names."""
        own = Q(project__in=access.projects(Right.NAMES))
        own |= Q(component__in=access.components(Right.NAMES))
        return set(Assignment.objects.filter(own).values_list("expert", flat=True).distinct())
