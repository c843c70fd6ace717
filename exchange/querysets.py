"""Questions to the imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from exchange.models import Import


class ImportQuerySet(QuerySet["Import"]):
    def last_of(self, user: Any) -> Import | None:
        """The last import that this person carried out."""
        done = self.filter(made_by=user.pk, state="applied").defer("content")
        return done.order_by("-applied_at").first()
