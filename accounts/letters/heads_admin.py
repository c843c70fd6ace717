"""The addresses that heads are mailed to: entered and removed by administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from django.contrib import admin, messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.letters import heads as mailing
from accounts.letters.letters import Kind, State
from accounts.models import Letter, Subscriber
from audit.bases import AnyForm, Deleted
from audit.lists.pages import GuardedLists
from audit.rows.pages import HistoryPages


class _WithLetter(Protocol):
    """A row of the list, with its newest letter."""

    month: dt.date | None
    sent_at: dt.datetime | None
    state: str | None


@admin.register(Subscriber)
class SubscriberAdmin(GuardedLists, HistoryPages):
    list_display = ("email", "language", "entered_at", "confirmed_at", "last_letter")
    fields = ("email", "language")
    search_fields = ("email",)
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        newest = Letter.objects.filter(subscriber=OuterRef("pk"), kind=Kind.HEADS).order_by("-pk")
        of_it = {name: Subquery(newest.values(name)[:1]) for name in ("state", "sent_at")}
        rows: QuerySet[Subscriber] = super().get_queryset(request).annotate(**of_it)
        return rows

    @admin.display(description=gettext_lazy("last letter"), ordering="month", empty_value="–")
    def last_letter(self, row: _WithLetter) -> str | None:
        """When it went, or what became of it; its month alone once that is forgotten."""
        if row.sent_at:
            return date_format(timezone.localtime(row.sent_at), "SHORT_DATETIME_FORMAT")
        if row.month is None:
            return None
        month = date_format(row.month, "YEAR_MONTH_FORMAT")
        return f"{month}: {State(row.state).label}" if row.state else month

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        titled = {"title": _("Addresses for heads")}
        return super().changelist_view(request, titled | (extra_context or {}))

    def save_model(
        self, request: HttpRequest, obj: Subscriber, form: AnyForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        mailing.ask(obj)
        sentence = _(
            "A letter asks %(email)s to confirm the address within a week. Nothing else is mailed "
            "there before."
        )
        messages.info(request, sentence % {"email": obj.email})

    def get_deleted_objects(
        self, objs: Sequence[Model] | QuerySet[Model], request: HttpRequest
    ) -> Deleted:
        """Its letters go along, which nobody deletes by themselves."""
        rows, counts, _rights, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    has_module_permission = has_add_permission = has_delete_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Another address is another reader, who has to confirm it."""
        return False
