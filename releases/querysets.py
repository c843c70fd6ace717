"""Questions to the releases."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from releases.models import Release  # noqa: F401 - in the strings below


class ReleaseQuerySet(QuerySet["Release"]):
    def in_force(self, at: dt.date | None) -> Self:
        """Those made up to the end of that day (local time), the newest first; all when None."""
        newest_first = self.order_by("slug", "-number").defer("files")
        if at is None:
            return newest_first
        midnight = dt.datetime.combine(at + dt.timedelta(days=1), dt.time.min)
        return newest_first.filter(made_at__lt=timezone.make_aware(midnight))

    def made_on(self, day: dt.date) -> list[int]:
        """Their numbers, where several were made that day."""
        morning = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
        made = self.filter(made_at__gte=morning, made_at__lt=morning + dt.timedelta(days=1))
        numbers = list(made.order_by("number").values_list("number", flat=True))
        return numbers if len(numbers) > 1 else []

    def newest_of_each(self) -> Self:
        """One release per project. Call it last."""
        return self.distinct("slug")
