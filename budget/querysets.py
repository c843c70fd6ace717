"""Questions to the tables of what a project costs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db.models import DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from budget.models import Line  # noqa: F401 - in the strings below


class LineQuerySet(QuerySet["Line"]):
    def with_sums(self) -> Self:
        """Adds `planned` and `spent`, EUR: two filtered sums over one relation."""
        money: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)

        def total(kind: str) -> Coalesce:
            sums = Sum("entries__amount", filter=Q(entries__kind=kind))
            return Coalesce(sums, Decimal(0), output_field=money)

        annotated = self.annotate(planned=total("planned"), spent=total("spent"))
        return annotated.order_by("project", "code_order", "code")  # aggregates drop the default
