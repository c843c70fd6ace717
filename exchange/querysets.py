"""Questions to the imports and the prepared files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db.models import QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from exchange.models import Import

KEPT = dt.timedelta(days=1)  # a prepared file
GIVEN_UP = dt.timedelta(hours=1)  # none takes that long


class ImportQuerySet(QuerySet["Import"]):
    def last_of(self, user: Any) -> Import | None:
        """The last import that this person carried out."""
        done = self.filter(made_by=user.pk, state="applied").defer("content", "plan")
        return done.order_by("-applied_at").first()


class PreparedQuerySet(QuerySet[Any]):
    def of(self, user: Any) -> Self:
        """Those of this person that are still kept, newest first."""
        kept = self.filter(asked_by=user.pk, asked_at__gt=timezone.now() - KEPT)
        return kept.order_by("-asked_at")

    def waiting(self) -> Self:
        """Neither written nor refused."""
        return self.filter(export=None, told="", asked_at__gt=timezone.now() - GIVEN_UP)

    def over(self) -> Self:
        return self.filter(asked_at__lte=timezone.now() - KEPT)
