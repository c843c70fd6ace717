"""All tables of a project at once: a workbook, and the audit pack."""

from __future__ import annotations

import datetime as dt
from typing import IO

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Right
from audit.events.moment import one_moment
from audit.events.people import signed_in
from deliverables.fields.forms import PeriodForm, typed_day
from deliverables.projects.access import access_of, projects_seen
from deliverables.projects.models import Project
from exchange.exports import exporting
from exchange.exports import xlsx as workbook
from exchange.exports.admin import asked_by, own_transactions, prepared_list, refused
from exchange.exports.exporting import FileNotWritten, TooManyExports, WrittenFile
from exchange.exports.extracts import XLSX, Extract, about_sheet
from exchange.exports.pages import asked_for
from exchange.exports.preparing import KINDS, Given, PreparedKind
from exchange.models import ExportKind, Prepared
from exchange.tables import limits
from exchange.tables.resources import TableResource
from releases.document.extracts import ALL, rows_of
from releases.packs import pack as packs
from releases.packs.periods import Period


class PackForm(PeriodForm):
    first = typed_day(gettext_lazy("Period from"))
    last = typed_day(gettext_lazy("Period to"))
    heads = forms.CharField(
        label=gettext_lazy("Heads that you hold"),
        required=False,
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "SHA-256 of seals, one in a line: the pack can then be compared with each. Those "
            "before the period, of the end of each month and of each release are in it anyway."
        ),
    )
    evidence = forms.BooleanField(
        label=gettext_lazy("with the files of evidence"), required=False, initial=True
    )

    def clean_heads(self) -> list[str]:
        heads = str(self.cleaned_data["heads"]).casefold().split()
        try:
            packs.numbers_of(heads)
        except packs.NoSuchHead as missing:
            raise forms.ValidationError(str(missing)) from None
        return heads

    def asked(self) -> Given:
        """The choice, as what a worker can be told."""
        first, last = (self.cleaned_data[end] for end in ("first", "last"))
        return {
            "first": first and first.isoformat(),
            "last": last and last.isoformat(),
            "files": self.cleaned_data["evidence"],
            "heads": self.cleaned_data["heads"],
        }


@own_transactions
def extracts_view(request: HttpRequest, slug: str) -> HttpResponseBase:
    """GET: what can be taken away; POST `what=workbook` or `what=pack`: the file."""
    access = access_of(request.user)
    project = projects_seen(request).filter(slug=slug).first()
    if project is None or not access.somewhere(Right.SEE):
        raise Http404
    sees_all = access.may(Right.SEE, project.pk)
    form = PackForm(request.POST if request.POST.get("what") == "pack" else None)
    try:
        if request.method == "POST" and request.POST.get("what") == "workbook":
            return _taken(request, "workbook", project, {})
        if sees_all and form.is_bound and form.is_valid():
            return _taken(request, "pack", project, form.asked())
    except (TooManyExports, FileNotWritten) as error:
        return refused(request, admin.site, error)
    context = admin.site.each_context(request) | {
        "title": _("Exports: %(project)s") % {"project": project},
        "project": project,
        "form": form,
        "whole": sees_all,
        "may_import": access.somewhere(Right.EDIT),
        "prepared": Prepared.objects.of(signed_in(request)),
    }
    return TemplateResponse(request, "admin/extracts.html", context)


def _taken(request: HttpRequest, kind: str, project: Project, given: Given) -> HttpResponseBase:
    """The file at once, or the page of one that a worker writes.

    Raises TooManyExports and FileNotWritten.
    """
    given |= {"project": project.pk}
    files = bool(given.get("files"))
    if packs.is_large(project, files=files):
        title = f"{TITLES[kind]}: {project}"
        return asked_for(kind, given, title, signed_in(request))
    by = signed_in(request)
    return exporting.sent(lambda out: KINDS[kind].write(out, given, by), by)


def scope_of(given: Given, by: User) -> str:
    """The roles of the person: while they are the same, so is what may be seen."""
    return str(access_of(by)) if by.is_active else ""


def _pack(out: IO[bytes], given: Given, by: User) -> WrittenFile:
    project = Project.objects.get(pk=given["project"])
    first, last = (given[end] and dt.date.fromisoformat(given[end]) for end in ("first", "last"))
    period = Period(first, last)
    files, heads = given["files"], given.get("heads", ())
    return packs.write(out, project, period=period, files=files, by=by, heads=heads)


def _tables(project: Project, by: User) -> list[tuple[type[TableResource], QuerySet[Model]]]:
    """Each table with the rows of the project that the person sees."""
    sees_all = access_of(by).may(Right.SEE, project.pk)
    tables = []
    for resource in ALL:
        rows = rows_of(resource, project)
        if not sees_all:
            if not admin.site.is_registered(resource.model()):
                continue
            page = admin.site.get_model_admin(resource.model())
            mine = page.get_queryset(asked_by(by)).order_by().values("pk")
            rows = rows.filter(pk__in=mine)
        tables.append((resource, rows))
    return tables


def _workbook(out: IO[bytes], given: Given, by: User) -> WrittenFile:
    project = Project.objects.get(pk=given["project"])
    moment = timezone.now()
    about = [("project", str(project)), ("made_at", _utc(moment))]
    with one_moment(), exporting.slot(by):
        sheets, counted = [], 0
        for resource, rows in _tables(project, by):
            extract = Extract(resource, rows)
            totals = extract.totals()
            counted += totals.rows
            about.append((f"{resource.table}: rows", str(totals.rows)))
            about += [
                (" ".join(filter(None, (f"{resource.table}:", key or "counting", kind))), str(n))
                for (key, kind), n in totals.counted.items()
            ]
            about.append((f"{resource.table}: sha256_csv", extract.digest()))
            sheets.append(extract.sheet())
        workbook.write(out, [*sheets, about_sheet(about)])
    name = exporting.stamped(project.slug, "all-tables", ".xlsx", moment)
    return WrittenFile(name, XLSX.media, counted, kind=ExportKind.PROJECT, project=project.slug)


def _utc(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


TITLES = {
    "workbook": gettext_lazy("All tables in one workbook"),
    "pack": gettext_lazy("Audit pack"),
}
KINDS |= {
    "list": PreparedKind(prepared_list, scope_of),
    "workbook": PreparedKind(_workbook, scope_of),
    "pack": PreparedKind(_pack, scope_of),
}
