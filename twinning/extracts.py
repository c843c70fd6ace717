"""All tables of a project at once: a workbook, and the audit pack."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Right
from audit.moment import one_moment
from deliverables.access import InProject, access_of
from deliverables.fields import TypedDay
from deliverables.models import Project
from exchange import exporting, workbook
from exchange.export_admin import own_transactions, refused
from exchange.exporting import Busy, Made, NoRoom
from exchange.extracts import XLSX, Extract, about_sheet
from exchange.models import ExportKind
from exchange.resources import TableResource
from releases import packs
from releases.extracts import ALL, rows_of


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return TypedDay(label=label, required=False, widget=widget)


class PackForm(forms.Form):
    first = _day(gettext_lazy("Audit log from"))
    last = _day(gettext_lazy("Audit log to"))
    evidence = forms.BooleanField(
        label=gettext_lazy("with the files of evidence"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            raise forms.ValidationError(_("The period ends before it begins."))
        return given


@own_transactions
def extracts_view(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET: what can be taken away; POST `what=workbook` or `what=pack`: the file."""
    access = access_of(request.user)
    seen = Project.objects.filter(InProject("pk").seen(access))
    project = seen.filter(slug=slug).first()
    if project is None or not access.somewhere(Right.SEE):
        raise Http404
    whole = access.may(Right.SEE, project.pk)
    form = PackForm(request.POST if request.POST.get("what") == "pack" else None)
    try:
        if request.method == "POST" and request.POST.get("what") == "workbook":
            return exporting.sent(lambda out: _workbook(out, project, request, whole), request.user)
        if whole and form.is_bound and form.is_valid():
            period = packs.Period(form.cleaned_data["first"], form.cleaned_data["last"])
            files = form.cleaned_data["evidence"]
            return exporting.sent(
                lambda out: packs.write(out, project, period=period, files=files, by=request.user),
                request.user,
            )
    except (Busy, NoRoom) as error:
        return refused(request, admin.site, error)
    context = admin.site.each_context(request) | {
        "title": _("Exports: %(project)s") % {"project": project.reference},
        "project": project,
        "form": form,
        "whole": whole,
    }
    return TemplateResponse(request, "admin/extracts.html", context)


def _tables(
    project: Project, request: HttpRequest, whole: bool
) -> list[tuple[type[TableResource], QuerySet[Any]]]:
    """Each table with the rows of the project that the person sees."""
    found = []
    for resource in ALL:
        rows = rows_of(resource, project)
        page: Any = admin.site._registry.get(resource.model())
        if not whole:
            if page is None:
                continue
            mine = page.get_queryset(request).order_by().values("pk")
            rows = rows.filter(pk__in=mine)
        found.append((resource, rows))
    return found


def _workbook(out: IO[bytes], project: Project, request: HttpRequest, whole: bool) -> Made:
    moment = timezone.now()
    about = [("project", project.reference), ("made_at", _utc(moment))]
    with one_moment(), exporting.slot(request.user):
        sheets, counted = [], 0
        for resource, rows in _tables(project, request, whole):
            extract = Extract(resource, rows)
            totals = extract.totals()
            counted += totals.rows
            about.append((f"{resource.table}: rows", str(totals.rows)))
            about += [(f"{resource.table}: {key}", str(n)) for key, n in totals.sums.items()]
            about.append((f"{resource.table}: sha256_csv", extract.digest()))
            sheets.append(extract.sheet())
        workbook.write(out, [*sheets, about_sheet(about)])
    name = exporting.stamped(project.slug, "all-tables", ".xlsx", moment)
    return Made(name, XLSX.media, counted, kind=ExportKind.PROJECT, project=project.slug)


def _utc(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
