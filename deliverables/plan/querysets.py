"""Questions to the versions of the work plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import F, QuerySet

if TYPE_CHECKING:
    from deliverables.plan.models import WorkPlan  # noqa: F401 - in the strings below
    from deliverables.projects.models import Project


class WorkPlanQuerySet(QuerySet["WorkPlan"]):
    def approved(self) -> Self:
        """The newest first; the first one is in force."""
        return self.filter(state="approved").order_by("-approved_on", "-code_order", "-pk")

    def in_force(self, project: Project | int | F) -> Self:
        """The version in force of a project, or of OuterRef to one, as a set of one row."""
        return self.approved().filter(project=project)[:1]

    def original(self, project: Project | int | F) -> Self:
        """The work plan of the contract, once it is approved, as a set of one row."""
        return self.approved().filter(project=project, kind="contract")[:1]
