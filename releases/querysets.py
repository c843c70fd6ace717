"""Questions to the releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Self, TypedDict, cast

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from exchange.tables.folding import fold

if TYPE_CHECKING:
    from releases.models import Listing, Release  # noqa: F401 - in the strings below


def end_of(day: dt.date) -> dt.datetime:
    """The midnight after it, in local time."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


class ReleaseQuerySet(QuerySet["Release"]):
    def in_force(self, at: dt.date | None) -> Self:
        """Those made up to the end of that day (local time), the newest first; all when None."""
        newest_first = self.order_by("slug", "-number").defer("files")
        if at is None:
            return newest_first
        return newest_first.filter(made_at__lt=end_of(at))

    def made_on(self, day: dt.date) -> list[int]:
        """Their numbers, where several were made that day."""
        morning = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
        made = self.filter(made_at__gte=morning, made_at__lt=morning + dt.timedelta(days=1))
        numbers = list(made.order_by("number").values_list("number", flat=True))
        return numbers if len(numbers) > 1 else []

    def newest_of_each(self) -> Self:
        """One release per project. Call it last."""
        return self.distinct("slug")


class PortfolioTotals(TypedDict):
    """How many projects are listed; and of those that are not fictitious sums in EUR, and by each
    sum `…_of`, how many projects state it. Amounts are of those that state both, None of none."""

    listed: int
    real: int
    whole: int
    reached: int
    whole_of: int
    people: int
    people_of: int
    budget: Decimal | None
    cost: Decimal | None
    cost_of: int
    late: int
    late_of: int


BY_REFERENCE = ("reference", "slug")
ORDERS = {
    "": BY_REFERENCE,
    "begun": ("-begins", *BY_REFERENCE),
    "ended": ("-ends", *BY_REFERENCE),
    "planned": (F("planned").desc(nulls_last=True), *BY_REFERENCE),
    "results": ("-results", *BY_REFERENCE),
    "released": ("-since", *BY_REFERENCE),
}


class ListingQuerySet(QuerySet["Listing"]):
    def in_force(self, at: dt.date | None) -> Self:
        """The project of each row is public, and its release the newest one, or that of the day."""
        public = self.filter(withdrawn=False)
        if at is None:
            return public.filter(until=None)
        midnight = end_of(at)
        return public.filter(since__lt=midnight).exclude(until__lt=midnight)

    def wanted(self, asked: Mapping[str, str], on: dt.date) -> Self:
        """Those that match each filter that is set: status, country, partner, year, late, q."""
        exact = {"status": "status", "country": "country", "partner": "partners__contains"}
        listed = self
        for name, lookup in exact.items():
            if value := asked.get(name):
                listed = listed.filter(**{lookup: [value] if name == "partner" else value})
        if year := asked.get("year"):
            listed = listed.filter(first_year__lte=int(year), last_year__gte=int(year))
        if asked.get("late"):
            listed = listed.filter(due__lt=on)
        for word in fold(asked.get("q", "")).split():
            listed = listed.filter(search_text__contains=word)
        return listed

    def sorted_by(self, by: str) -> Self:
        """Fictitious ones stand last; `by` is one of ORDERS."""
        return self.order_by("fictitious", *ORDERS[by])

    def totals(self, on: dt.date) -> PortfolioTotals:
        """In one query. `late` is who has a result overdue, of those that have one still due."""
        real = Q(fictitious=False)
        money = real & Q(planned__isnull=False, spent__isnull=False)
        sums = self.aggregate(
            listed=Count("pk"),
            real=Count("pk", filter=real),
            whole=Sum("results", filter=real, default=0),
            reached=Sum("delivered", filter=real, default=0),
            whole_of=Count("pk", filter=real & Q(results__gt=0)),
            people=Sum("experts", filter=real, default=0),
            people_of=Count("pk", filter=real & Q(experts__gt=0)),
            budget=Sum("planned", filter=money),
            cost=Sum("spent", filter=money),
            cost_of=Count("pk", filter=money),
            late=Count("pk", filter=real & Q(due__lt=on)),
            late_of=Count("pk", filter=real & Q(due__isnull=False)),
        )
        return cast("PortfolioTotals", sums)
