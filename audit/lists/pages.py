"""The base of every list: odd addresses get a sentence, and names are sorted as people do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from audit.bases import AnyAdmin
from audit.lists.ordering import NamesInOrder
from audit.lists.paging import FromBothEnds


class GuardedLists(AnyAdmin):
    """No questions about hidden columns, and no errors for broken ones."""

    paginator = FromBothEnds

    # Django's own log keeps no values and dies with the user; the audit trail has it all.
    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> list[LogEntry]:
        return []

    def lookup_allowed(
        self, lookup: str, value: object, request: HttpRequest | None = None
    ) -> bool:
        """Only the filters that the list offers: no questions about other columns by address."""
        names = [getattr(entry, "parameter_name", entry) for entry in self.list_filter]
        bare = lookup.removesuffix("__exact").removesuffix("__id").removesuffix("__isnull")
        return bare in names and "\0" not in str(value)

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return NamesInOrder

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The list; where the address asks what no list answers, all of it with a sentence."""
        if any("\0" in value for value in request.GET.values()):
            return self._left(
                request, _("The filter holds characters that no list has; it was left.")
            )
        if ERROR_FLAG in request.GET:  # Django's own way of saying so, without saying so
            return self._left(request, _("The list has no such filter or value; it was left."))
        try:
            response: HttpResponse = super().changelist_view(request, extra_context)
        except (DisallowedModelAdminLookup, ValidationError):
            return self._left(request, _("The list has no such filter or value; it was left."))
        return response

    def _left(self, request: HttpRequest, sentence: str) -> HttpResponse:
        messages.error(request, sentence)
        return HttpResponseRedirect(request.path)
