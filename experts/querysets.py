"""Questions to the tables of who works on a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from experts.models import Assignment  # noqa: F401 - in the strings below


class AssignmentQuerySet(QuerySet["Assignment"]):
    def of_project(self, slug: str) -> Self:
        return self.filter(project__slug=slug)

    def named(self) -> Self:
        """Where a name may be shown today: a published function or an expert's consent."""
        published = Q(name_published=True) & ~Q(holder_name="")
        consenting = Q(expert__name_consent=True) & ~Q(expert__name="")
        return self.filter(published | consenting)
