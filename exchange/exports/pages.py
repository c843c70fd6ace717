"""The page of a file that is being prepared, and the file; both are the person's who asked."""

from __future__ import annotations

import uuid

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.events.people import Person, signed_in
from exchange.exports import exporting, preparing
from exchange.exports.preparing import Given
from exchange.models import Prepared


def asked_for(kind: str, given: Given, title: str, by: Person) -> HttpResponse:
    """Have the file written by a worker, and lead to its page. Raises TooManyExports."""
    row = preparing.ask(kind, given, title, by)
    return HttpResponseRedirect(reverse("admin:prepared", args=[row.token]))


def prepared_view(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """How far it is: waiting, ready or refused; the script of the page asks until it changes."""
    row = _own(request, token)
    context = admin.site.each_context(request) | {"title": row.title, "row": row}
    if row.is_ready and not preparing.may_have(row):
        context["sentence"] = preparing.changed()
    elif row.is_given_up:
        context["sentence"] = _(
            "Nobody has written this file for an hour, so it is given up. Tell the people who run "
            "the register, and ask for it again later."
        )
    else:
        context["sentence"] = row.told
    return TemplateResponse(request, "admin/exchange/prepared.html", context)


def prepared_file(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """The file, while the person may see what it holds; else its page, which says why not."""
    row = _own(request, token)
    if row.export is None or not preparing.may_have(row):
        return HttpResponseRedirect(reverse("admin:prepared", args=[row.token]))
    try:
        stream = preparing.store().open(row.key)
    except OSError:
        messages.error(
            request,
            _(
                "The storage of this server does not have the file. Tell the people who run the "
                "register: with workers on other machines, PREPARED_STORAGE must be one that all "
                "of them reach."
            ),
        )
        return HttpResponseRedirect(reverse("admin:prepared", args=[row.token]))
    return exporting.answer(stream, row.export, row.media)


def _own(request: HttpRequest, token: uuid.UUID) -> Prepared:
    rows = Prepared.objects.of(signed_in(request)).filter(token=token)
    row: Prepared | None = rows.select_related("export", "asked_by").first()
    if row is None:
        raise Http404
    return row
