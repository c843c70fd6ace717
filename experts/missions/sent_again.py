"""A new mission that is sent twice, as by a double click without script, is one draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.bases import AnyAdmin, AnyForm, AnyFormSet
from audit.events.people import signed_in
from audit.models import Event, Operation
from experts.missions.models import Mission
from experts.missions.status import State

MOMENT = dt.timedelta(minutes=1)  # in which the same draft again is a second click
TYPED = ("project", "activity", "from_on", "to_on", "place", "terms_lv", "terms_en")


class SentAgain(Exception):
    """The person saved this mission a moment ago: the first one is the answer."""

    def __init__(self, first: Mission) -> None:
        self.first = first


def sent_again(mission: Mission, *, by: User) -> Mission | None:
    """The same draft, if the person saved one a moment ago.

    To be asked in the transaction of `draft`, which lets no other draft of the project in between.
    """
    twins = Mission.objects.filter(**{name: getattr(mission, name) for name in TYPED})
    twins = twins.filter(state=State.DRAFT).exclude(pk=mission.pk)
    additions = Event.objects.filter(
        table=Mission._meta.db_table,
        operation=Operation.INSERT,
        row__in=twins.values("pk"),
        who=by.code,
        at__gt=timezone.now() - MOMENT,
    )
    goers = _goers(mission)
    twins = twins.filter(pk__in=additions.values("row"))
    return next((twin for twin in twins if _goers(twin) == goers), None)


def _goers(mission: Mission) -> list[tuple[int, int, int, str]]:
    return sorted(mission.experts.values_list("expert", "days", "travel_days", "grade"))


class OneDraft(AnyAdmin):
    """The form of new missions, sent twice."""

    def save_related(
        self, request: HttpRequest, form: AnyForm, formsets: Sequence[AnyFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        by = signed_in(request)
        if not change and (first := sent_again(form.instance, by=by)):
            raise SentAgain(first)  # what was saved is taken back

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SentAgain as again:
            sentence = _("You saved this mission a moment ago as %(code)s; nothing was added.")
            messages.info(request, sentence % {"code": again.first.code})
            return self.response_post_save_add(request, again.first)
