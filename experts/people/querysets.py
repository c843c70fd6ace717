"""Questions to the functions that people hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import CharField, Expression, F, Q, QuerySet
from django.db.models.functions import Cast, Left, Length

if TYPE_CHECKING:
    from experts.people.models import Assignment  # noqa: F401 - in the strings below


class AssignmentQuerySet(QuerySet["Assignment"]):
    def of_project(self, slug: str) -> Self:
        return self.filter(project__slug=slug)

    def on(self, day: Expression | F) -> Self:
        """Those that may hold on a day (an expression): a month or a year counts as a whole."""
        text = Cast(day, CharField())
        return self.filter(
            Q(from_on="") | Q(from_on__lte=text),
            Q(to_on="") | Q(to_on__gte=Left(text, Length("to_on"))),
        )

    def named(self) -> Self:
        """Where a name may be shown today: a published function or an expert's consent."""
        published = Q(name_published=True) & ~Q(holder_name="")
        consenting = Q(expert__name_consent=True) & ~Q(expert__name="")
        return self.filter(published | consenting)
