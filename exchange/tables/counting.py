"""Which rows of a table count in its sums: said once, for queries and for who makes them again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, Model, OuterRef, Q, Subquery, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.events.columns import column_of, led_to
from exchange.tables.columns import Column, Computed

# Each condition: a column or the way to one, values, and whether it has to have one of them.
Where = tuple[tuple[str, tuple[object, ...], bool], ...]


def holds(where: Where) -> Q:
    condition = Q()
    for path, values, wanted in where:
        condition &= Q(**{f"{path}__in": values}) if wanted else ~Q(**{f"{path}__in": values})
    return condition


@dataclass(frozen=True)
class Newest:
    """Of all that `where` holds for, the last by these columns counts, one for each `of`.

    `at` is the column by which a row names it, "" where it is the row itself. `by` are the columns
    that order it, each with the one in which a file has it.
    """

    of: str
    by: tuple[tuple[str, str], ...]
    where: Where
    at: str = ""


@dataclass(frozen=True)
class Counting:
    """Rows count for which `where` holds, that no other one names in the column `corrects`, and
    that are, or belong to, the newest one."""

    meaning: str | Promise
    where: Where = ()
    corrects: str = ""
    newest: Newest | None = None

    @property
    def column(self) -> Column:
        return Column("counts", computed=Computed("boolean", _("counts"), self.meaning))

    def expression(self, model: type[Model]) -> Case:
        """Whether a row of the model counts."""
        condition = holds(self.where)
        if self.corrects:
            condition &= Q(~Exists(model._base_manager.filter(**{self.corrects: OuterRef("pk")})))
        if newest := self.newest:
            of = led_to(column_of(model, newest.at)) if newest.at else model
            rows = of._base_manager.filter(holds(newest.where), **{newest.of: OuterRef(newest.of)})
            by = [f"-{name}" for name, _told in newest.by]
            condition &= Q(
                **{newest.at or "pk": Subquery(rows.order_by(*by, "-pk").values("pk")[:1])}
            )
        return Case(When(condition, then=True), default=False, output_field=BooleanField())
