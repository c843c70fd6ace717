"""The audit trail of a person's projects: filtered, page by page, and as a file.

It is the front page of who audits and does nothing else (office.site).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access.sessions import BEFORE
from accounts.models import User
from accounts.roles import Right
from audit.events.acting import SUBSCRIBER, SYSTEM, UNKNOWN
from audit.events.in_words import stories
from audit.events.people import named, signed_in
from audit.lists import trail
from audit.models import Event, Seal, Through
from audit.rows.pages import address_for, visible_to
from audit.seals.sealing import RECENT
from deliverables.fields.forms import PeriodForm, typed_day
from deliverables.projects.access import Access, access_of, desk_of, projects_seen
from deliverables.projects.models import Membership, Project
from exchange.exports import exporting
from exchange.exports.admin import own_transactions, refused
from exchange.exports.exporting import FileNotWritten, TooManyExports
from exchange.exports.extracts import CSV, EXCEL, FORMATS
from exchange.exports.pages import asked_for
from exchange.models import Prepared
from exchange.tables import limits
from office.trail_file import KIND, asked_of, seen_by, written
from releases.models import Release

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

AS_TEXT = (CSV, EXCEL)


def _choice(label: _StrOrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class TrailForm(PeriodForm):
    """What of the trail; a field of a table can be chosen once the table is."""

    project = _choice(gettext_lazy("Project"))
    first = typed_day(gettext_lazy("From"))
    last = typed_day(gettext_lazy("To"))
    who = _choice(gettext_lazy("Person"))
    through = _choice(gettext_lazy("Through"))
    table = _choice(gettext_lazy("Table"))
    field = _choice(gettext_lazy("Field"))
    new = forms.BooleanField(label=gettext_lazy("only since my last visit"), required=False)

    def __init__(
        self, data: QueryDict, access: Access, projects: list[Project], visit: dt.datetime | None
    ) -> None:
        super().__init__(data)
        self.projects, self.visit = projects, visit
        about = "" if access.everywhere(Right.SEE) else settings.AUDIT_BOOKS
        choices: dict[str, list[tuple[str, str | Promise]]] = {
            "project": [(str(project.pk), str(project)) for project in projects],
            "who": [*_people(access, projects, str(data.get("who", "")))],
            "through": list(Through.choices),
            "table": [(key, capfirst(label)) for key, label in trail.tables(about)],
            "field": [
                (key, capfirst(label)) for key, label in trail.fields(str(data.get("table", "")))
            ],
        }
        for name, offered in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("all")), *offered]
        if not choices["field"]:
            del self.fields["field"]
        if visit is None:
            del self.fields["new"]

    def asked(self) -> dict[str, str]:
        """The choice, as what a worker can be told; of what is wrong, nothing."""
        self.is_valid()
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        since = [_midnight(first)] if first else []
        since += [self.visit] if self.visit and given.get("new") else []
        return {
            "project": given.get("project", ""),
            "since": max(since).isoformat() if since else "",
            "before": _midnight(last + dt.timedelta(1)).isoformat() if last else "",
            **{name: given.get(name, "") for name in ("who", "through", "table", "field")},
        }


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _people(access: Access, projects: list[Project], also: str) -> list[tuple[str, str]]:
    """Who has a role in the projects now, and the one of the address who wrote in them before."""
    members = Membership.objects.filter(project__in=projects).order_by().values_list("user")
    codes = {f"U-{key:04}" for (key,) in members.distinct()} | {SYSTEM, UNKNOWN}
    codes |= {SUBSCRIBER} if access.everywhere(Right.SEE) else set()
    asks = also and "\0" not in also and also not in codes
    if asks and seen_by(access).filter(who=also[:40]).exists():
        codes.add(also[:40])
    names = named(codes)
    people = sorted(((code, names.get(code, code)) for code in codes - {UNKNOWN}), key=str)
    return [(UNKNOWN, _("unknown: written past the register")), *people]


@own_transactions
def trail_view(request: HttpRequest) -> HttpResponseBase:
    """GET: a page of the trail; POST `format=csv` or `excel`: what the filter leaves, as a file."""
    access = access_of(request.user)
    if not access.somewhere(Right.SEE):
        raise PermissionDenied
    form = _form(request, access)
    format_ = FORMATS.get(request.POST.get("format", ""))
    if request.method == "POST" and format_ in AS_TEXT and form.is_valid():
        return _exported(request, form.asked() | {"format": request.POST["format"]})
    return _page(request, access, form)


def front(request: HttpRequest, tables: list[dict[str, object]]) -> TemplateResponse:
    """The page with the doors of each project, and all tables."""
    access = access_of(request.user)
    form = _form(request, access)
    newest = Release.objects.defer("document").in_force(None).newest_of_each()
    by_slug = {release.slug: release for release in newest}
    states = [(project, by_slug.get(project.slug)) for project in form.projects]
    return _page(request, access, form, states=states, app_list=tables)


def _form(request: HttpRequest, access: Access) -> TrailForm:
    projects = list(projects_seen(request))
    visit = parse_datetime(request.session.get(BEFORE, ""))
    asked = request.GET.copy()
    if desk := desk_of(request):
        asked["project"] = str(desk.pk)
    return TrailForm(asked, access, projects, visit)


def _page(
    request: HttpRequest, access: Access, form: TrailForm, **more: object
) -> TemplateResponse:
    asked = form.asked()
    context = admin.site.each_context(request) | {
        "title": _("Audit trail"),
        "filter": form,  # and not "form": nothing of it is saved
        "formats": AS_TEXT,
        "query": request.GET.urlencode(),
        **_shown(request, asked_of(access, asked), asked["field"]),
        **_standing(access, form.visit),
        "prepared": Prepared.objects.of(signed_in(request)),
        **more,
    }
    return TemplateResponse(request, "admin/trail.html", context)


def _shown(request: HttpRequest, events: QuerySet[Event], field: str) -> dict[str, object]:
    """The page of events that the address asks for."""
    given, most = request.GET, limits.EVENTS_AT_ONCE
    page = trail.page_of(trail.with_seals(events), given.get("older", ""), given.get("newer", ""))
    visible, address = visible_to(request, admin.site), address_for(request, admin.site)
    rest = given.copy()
    for name in ("older", "newer"):
        rest.pop(name, None)
    return {
        "days": stories(page.events, visible, address, field),
        "page": page,
        "rest": rest.urlencode(),
        "count": (count := trail.counted(events, most)),
        "most": most if count > most else 0,
    }


def _standing(access: Access, visit: dt.datetime | None) -> dict[str, object]:
    """What is new, under which seal the trail stands, and what nobody is behind."""
    events, most = seen_by(access), limits.EVENTS_AT_ONCE
    return {
        "visit": visit,
        "new": trail.counted(events.filter(at__gte=visit), most) if visit else None,
        "seal": Seal.objects.first(),
        "waiting": trail.counted(trail.unsealed(events), most),
        "unknown": trail.counted(trail.unknown(events), most),
        "limit": most,
        "recent": RECENT,
    }


def _exported(request: HttpRequest, asked: dict[str, str]) -> HttpResponseBase:
    """The file at once, or the page of one that a worker writes."""
    by = cast(User, request.user)
    try:
        events = asked_of(access_of(by), asked)
        if trail.counted(events, limits.EVENTS_AT_ONCE) > limits.EVENTS_AT_ONCE:
            return asked_for(KIND, asked, _("Audit trail"), by)
        return exporting.sent(lambda out: written(out, asked, by), by)
    except (TooManyExports, FileNotWritten) as error:
        return refused(request, admin.site, error)
