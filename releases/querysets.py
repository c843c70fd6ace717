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

    def newest_of_each(self) -> Self:
        """One release per project. Call it last."""
        return self.distinct("slug")
