"""Questions to the tables of what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from deliverables.status import Rung, at_least

if TYPE_CHECKING:
    from deliverables.models import Change, Project  # noqa: F401 - in the strings below


class ProjectQuerySet(QuerySet["Project"]):
    def with_results(self) -> Self:
        """Adds `results_in_force` and `results_delivered`, counts of one relation."""
        in_force = Q(deliverables__active=True) & ~Q(deliverables__rung=Rung.DROPPED)
        delivered = Q(deliverables__rung__in=at_least("delivered"))
        annotated = self.annotate(
            results_in_force=Count("deliverables", filter=in_force),
            results_delivered=Count("deliverables", filter=in_force & delivered),
        )
        return annotated.order_by("fictitious", "reference")  # aggregates drop the default

    def with_changed(self) -> Self:
        """Adds `changed`: something was changed since the last release took up changes."""
        return self.annotate(changed=self._changed())

    def changed(self) -> Self:
        return self.filter(self._changed())

    def _changed(self) -> Exists:
        from deliverables.models import Change

        return Exists(Change.objects.filter(project=OuterRef("pk")))


class ChangeQuerySet(QuerySet["Change"]):
    def of(self, project: Project) -> Self:
        return self.filter(project=project)
