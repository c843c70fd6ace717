"""Questions to the imports and the prepared files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet
from django.utils import timezone

from audit.events.people import Person

if TYPE_CHECKING:
    from exchange.models import Import, Prepared  # noqa: F401 - in the strings below

KEPT = dt.timedelta(days=1)  # a prepared file
GIVEN_UP = dt.timedelta(hours=1)  # none takes that long


class ImportQuerySet(QuerySet["Import"]):
    def last_of(self, user: Person) -> Import | None:
        """The last import that this person carried out."""
        done = self.filter(made_by=user.pk, state="applied").defer("content", "plan")
        return done.order_by("-applied_at").first()


class PreparedQuerySet(QuerySet["Prepared"]):
    def of(self, user: Person) -> Self:
        """Those of this person that are still kept, newest first."""
        kept = self.filter(asked_by=user.pk, asked_at__gt=timezone.now() - KEPT)
        return kept.order_by("-asked_at")

    def waiting(self) -> Self:
        """Neither written nor refused."""
        return self.filter(export=None, told="", asked_at__gt=timezone.now() - GIVEN_UP)

    def over(self) -> Self:
        return self.filter(asked_at__lte=timezone.now() - KEPT)
