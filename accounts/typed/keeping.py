"""Nothing typed is lost: a form that is turned away is kept for who typed it, and offered again.

Turned away is a form that comes when the session is over, with the CSRF token of an earlier log-in,
before a second factor that is demanded, with more fields than are read, or beyond the person's
rights. A page that answers with the form itself has what was typed in it, and nothing is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.desks import OFFICE, split
from accounts.models import Draft
from accounts.typed import drafts
from accounts.typed.drafts import MARK, TITLE, TypedForm

GetResponse = Callable[[HttpRequest], HttpResponse]
SOME = "drafts"  # in a session: the person has some
OURS, NEVER = OFFICE, "/admin/account/"  # log-in, passwords and second factor are never kept
MARKED = re.compile(rf"(?:^|&){MARK}=([^&]*)")
# What stands in a form beside what people type.
MADE = re.compile(r"(^|-)(seen|digest|id|[A-Z_]+_FORMS)$")


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft as a page tells of it."""

    draft: Draft
    typed: TypedForm

    @property
    def at(self) -> str:
        """14:02, with the day where it is not today."""
        at = timezone.localtime(self.draft.kept_at)
        today = at.date() == timezone.localdate()
        return date_format(at, "H:i" if today else "DATETIME_FORMAT")

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Label and text of what was typed, to be read."""
        labels = _labels(self.typed.address)
        return [
            (labels.get(name) or name.replace("_", " "), ", ".join(filter(None, values)))
            for name, values in self.typed.fields.lists()
            if any(values) and not MADE.search(name)
        ]


class Keeping:
    """Before all that turns a form away, so that it sees the answers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(OURS) or request.path_info.startswith(NEVER):
            return response
        if request.method == "POST" and response.status_code != 503:
            return _answered(request, response)
        offer = getattr(request, "unsaved", None)
        if isinstance(offer, Offer) and 400 <= response.status_code < 500:
            return _refused(request, response, offer)
        return response

    def process_view(
        self, request: Any, view: object, args: object, kwargs: dict[str, object]
    ) -> None:
        """Reached when nobody has turned the request away. A page gets what was kept of it."""
        request.let_in = True
        ours = request.path_info.startswith(OURS) and not request.path_info.startswith(NEVER)
        if ours and request.method == "GET" and request.session.get(SOME):
            address = drafts.address_of(request.get_full_path())
            newest = Draft.objects.of(request.user).filter(address=address).first()
            if newest and (typed := drafts.read(newest)):
                request.FILES  # noqa: B018 - what a GET has: none; Django reads both at once
                request.unsaved, request.POST = Offer(newest, typed), typed.fields


def _answered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    form = sent(request)
    if form is None:
        return response
    owner, typed = form
    own = request.user.pk == owner
    if request.user.is_authenticated and _is_done(request, response.status_code):
        if own and 300 <= response.status_code < 400 and request.session.get(SOME):
            drafts.forget(owner, typed)
        return response
    draft = _kept(owner, typed)
    if draft is None:
        return response
    if own:
        request.session[SOME] = True
        return _refused(request, response, Offer(draft, typed))
    if request.user.is_authenticated:
        return response  # somebody else at the same browser is told nothing
    messages.info(request, _("What you typed is kept for a day, for you alone."))
    login = reverse("admin:login")
    return redirect(f"{login}?{urlencode({'next': draft.address})}")


def _is_done(request: HttpRequest, status: int) -> bool:
    """Whether nobody turned the form away, and the answer leaves nothing to be kept."""
    if not hasattr(request, "let_in") or hasattr(request, "not_saved"):
        return False
    return request.path_info != reverse("language") and (status < 400 or status == 409)


def _kept(owner: int, typed: TypedForm) -> Draft | None:
    try:
        return drafts.keep(owner, typed)
    except DatabaseError:
        return None


def _refused(request: HttpRequest, response: HttpResponse, offer: Offer) -> HttpResponse:
    """The refusal, with what was typed to be read in it; or the form itself, where only the CSRF
    token was of an earlier log-in."""
    status = response.status_code
    if status == 403 and not hasattr(request, "let_in"):
        return redirect(offer.draft.address)
    if not 400 <= status < 500:
        return response
    return _page(request, offer, getattr(response, "sentence", ""), status)


def _page(request: HttpRequest, offer: Offer, sentence: str, status: int = 200) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": _("Not saved yet"),
        "sentence": sentence,
        "offer": offer,
    }
    return render(request, "admin/kept.html", context, status=status)


def sent(request: HttpRequest) -> tuple[int, TypedForm] | None:
    """Who typed what is sent, and what; None where no mark of ours says so."""
    fields, files = _fields(request)
    address = request.get_full_path()
    if request.path_info == reverse("language"):  # sent with the choice: static/twinning/typed.js
        address = fields.get("next", "")
        fields = _if_ours(fields.get("typed", ""), address.partition("?")[0])
    owner = drafts.owner_of(fields.get(MARK, ""), address.partition("?")[0])
    if owner is None or not split(address)[1].startswith(OURS):
        return None
    return owner, TypedForm(drafts.address_of(address), fields.get(TITLE, ""), fields, files)


def _fields(request: HttpRequest) -> tuple[QueryDict, tuple[str, ...]]:
    """The fields and the names of the files, also where they are more than Django reads."""
    try:
        names = tuple(file.name or "" for _name, files in request.FILES.lists() for file in files)
        return request.POST or _all_fields(request), names
    except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError):
        return _all_fields(request), ()


def _all_fields(request: HttpRequest) -> QueryDict:
    body: bytes = getattr(request, "_body", b"")
    return _if_ours(body.decode(errors="replace"), request.path)


def _if_ours(text: str, path: str) -> QueryDict:
    """The fields of an urlencoded text that has a mark of ours for this page; millions of fields
    take their time, so no others are read."""
    marked = MARKED.search(text)
    if marked is None or drafts.owner_of(unquote_plus(marked[1]), path) is None:
        return QueryDict()
    return drafts.pairs(text)


def _labels(address: str) -> dict[str, str]:
    """What the fields of a page of a table are called."""
    try:
        page = resolve(split(address.partition("?")[0])[1]).func
    except Resolver404:
        return {}
    table = getattr(page, "model_admin", None)
    fields = table.opts.concrete_fields if table else ()
    return {field.name: str(capfirst(field.verbose_name)) for field in fields}


def waiting(request: HttpRequest) -> list[Offer]:
    """What the person has not saved yet; asked only where the session says that there is some."""
    if not request.session.get(SOME):
        return []
    kept = ((draft, drafts.read(draft)) for draft in Draft.objects.of(request.user))
    return [Offer(draft, typed) for draft, typed in kept if typed]


def look_for_drafts(request: HttpRequest, user: AbstractBaseUser) -> None:
    """At a log-in: whether some wait."""
    if Draft.objects.of(user).exists():
        request.session[SOME] = True


def draft_view(request: HttpRequest, draft: int) -> HttpResponse:
    """GET shows what was typed, to be read; POST discards it and leads to the page."""
    row = Draft.objects.of(request.user).filter(pk=draft).first()
    typed = drafts.read(row) if row else None
    if row is None or typed is None:
        raise Http404
    if request.method == "POST":
        row.delete()
        messages.success(request, _("What you had typed is discarded."))
        return redirect(row.address)
    return _page(request, Offer(row, typed), "")


def marks(request: HttpRequest) -> dict[str, object]:
    """For the templates of forms (templates/admin/parts/_typed.html)."""
    return {"typed_by": lambda: drafts.mark_of(request.user, request.path)}
