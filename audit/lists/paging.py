"""The pages of a list, each at the price of the first."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Page
from django.db.models import Model, QuerySet

from audit.bases import RowsPaginator


class FromBothEnds(RowsPaginator):
    """A page past the middle is read from the end."""

    @property
    def rows(self) -> QuerySet[Model]:
        return cast("QuerySet[Model]", self.object_list)

    def page(self, number: int | str) -> Page[Model]:
        number = self.validate_number(number)
        begin, end = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        if begin <= self.count - end:
            return super().page(number)
        rows = self.rows.reverse()[self.count - end : self.count - begin]
        return Page([*rows][::-1], number, self)
