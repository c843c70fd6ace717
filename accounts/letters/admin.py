"""The list of letters: what was sent to whom, what was not, and why. For administrators."""

from __future__ import annotations

import re

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.letters import letters
from accounts.models import Letter
from audit.events.people import signed_in
from audit.lists.pages import GuardedLists

CODE = re.compile(r"U-\d+")  # of a person


@admin.register(Letter)
class LetterAdmin(GuardedLists):
    list_display = ("reader", "kind", "state", "entered_at", "tries", "next_try_at", "sent_at",
                    "why")  # fmt: skip
    list_display_links = None
    list_filter = ("state", "kind")
    search_fields = ("user__username", "user__email", "subscriber__email")
    search_help_text = gettext_lazy("User name or e-mail address")
    list_select_related = ("user", "subscriber")
    list_per_page = 50
    show_full_result_count = False
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """Those to nobody are gone as soon as a worker sees them."""
        return super().get_queryset(request).exclude(user=None, subscriber=None)

    @admin.display(description=gettext_lazy("reader"), ordering="user")
    def reader(self, row: Letter) -> str:
        return row.subscriber.email if row.subscriber else str(row.reader)

    @admin.display(description=gettext_lazy("reason"), ordering="reason")
    def why(self, row: Letter) -> str:
        """In the server's words; ours where a person sends it again, whose code it holds."""
        if CODE.fullmatch(row.reason):
            return _("Sent again by %s.") % row.reason
        return row.reason

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Letters"), **(extra_context or {})})

    @admin.action(description=gettext_lazy("Send again now"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        """What may have arrived already arrives twice then: the person who chooses it knows."""
        for letter in queryset.order_by("pk"):
            try:
                letters.send_again(letter, by=signed_in(request))
            except letters.NotSentAgain as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, _("%s is sent again now.") % letter)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
