"""Export of a list of the back office, with the filter that it has on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, ClassVar, TypeVar

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.bases import AnyAdmin
from audit.events.moment import one_moment
from audit.events.people import Person, signed_in
from exchange.exports import exporting
from exchange.exports import xlsx as workbook
from exchange.exports.exporting import FileNotWritten, TooManyExports, WrittenFile
from exchange.exports.extracts import FORMATS, XLSX, Extract, Format, Totals
from exchange.exports.pages import asked_for
from exchange.exports.preparing import Given
from exchange.models import Prepared
from exchange.tables import limits
from exchange.tables.resources import TableResource

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def own_transactions(view: View) -> View:
    """A view that opens its transactions itself: it reads one moment, or writes in the end only."""
    view.__dict__["own_transactions"] = True
    return view


def refused(request: HttpRequest, page: AdminSite, error: Exception) -> HttpResponse:
    """Too many exports as 429, no room as 507, each as a page with a sentence."""
    status, sentence = 507, str(error)
    if isinstance(error, TooManyExports):
        status = 429
        sentence = _(
            "%(most)s exports of yours are being written right now; more at once are not made. "
            "Wait until one of them has arrived, and ask again."
        ) % {"most": exporting.AT_ONCE}
    context = page.each_context(request) | {"title": _("No export now"), "sentence": sentence}
    response = TemplateResponse(request, "admin/exchange/refused.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(exporting.RETRY)
    return response


def about(
    title: str, filter_: str, totals: Totals, sha256: str, resource: type[TableResource]
) -> list[tuple[str, str]]:
    """The lines of a workbook's second sheet."""
    moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        (_("Table"), f"{title} ({resource.table})"),
        (_("Made at"), moment),
        (_("Filter"), filter_ or _("none")),
        (_("Rows"), str(totals.rows)),
        *((_counted(key, kind), str(n)) for (key, kind), n in totals.counted.items()),
        (_("SHA-256 of the rows as CSV"), sha256),
    ]
    model = resource.model()
    for column in resource.extract_columns():
        meaning = resource.meaning(column)
        label = capfirst(column.label(model))
        unit = f" [{column.unit}]" if column.unit else ""
        lines.append((column.key, f"{label}{unit}{'. ' + meaning if meaning else ''}"))
    return lines


def _counted(column: str, kind: str) -> str:
    """What is counted, of the rows that count."""
    label = _("Sum of %(column)s") % {"column": column} if column else _("Rows that count")
    return f"{label}: {kind}" if kind else label


class ExportAdmin(AnyAdmin):
    """Adds the page that exports the list. Whoever sees the list may take it away."""

    resource: ClassVar[type[TableResource]]
    change_list_template = "admin/exchange/change_list.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name=name), *super().get_urls()]

    def place(self, request: HttpRequest) -> Given:
        """Where the list was asked for, as what a worker can be told."""
        return {}

    def put(self, request: HttpRequest, place: Given) -> None:
        """Make a request of a worker's as if it were asked there."""

    def more_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What the list offers besides: names and addresses."""
        return []

    def totals(self, rows: QuerySet[Model]) -> list[tuple[str, str]]:
        """Sums of all rows of a list, EUR, by what they are of."""
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        more = {
            "may_export": self.has_export_permission(request),
            "more_tools": self.more_tools(request),
            "query": request.GET.urlencode(),
        }
        response = super().changelist_view(request, more | (extra_context or {}))
        shown = response.context_data if isinstance(response, TemplateResponse) else None
        if shown and "cl" in shown:
            shown["totals"] = self.totals(shown["cl"].queryset)
        return response

    @own_transactions
    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """GET: what would be exported, and the formats; POST: the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            messages.error(request, _("The filter in the address is not one of this list."))
            return HttpResponseRedirect("../")
        if request.method == "POST":
            return self._exported(request, listed)
        return self._choice(request, listed)

    def _choice(self, request: HttpRequest, listed: ChangeList) -> HttpResponse:
        rows = listed.queryset.count()
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Export: %(table)s") % {"table": self.opts.verbose_name_plural},
            "formats": FORMATS.values(),
            "filter": described(listed),
            "query": request.GET.urlencode(),
            "prepared": Prepared.objects.of(signed_in(request)),
            "counted": ngettext("%(rows)s row", "%(rows)s rows", rows) % {"rows": rows},
        }
        return TemplateResponse(request, "admin/exchange/export.html", context)

    def _exported(self, request: HttpRequest, listed: ChangeList) -> HttpResponseBase:
        format_ = FORMATS.get(request.POST.get("format", ""))
        if format_ is None:
            messages.error(request, _("Choose a format."))
            return self._choice(request, listed)
        by = signed_in(request)
        try:
            if listed.queryset.count() > limits.ROWS_AT_ONCE:
                title = _("Export: %(table)s") % {"table": self.opts.verbose_name_plural}
                query = request.GET.urlencode()
                given = {"list": self.opts.label, "query": query, "format": format_.key}
                given |= self.place(request)
                return asked_for("list", given, title, by)
            return exporting.sent(lambda out: self.write_list(out, listed, format_, by), by)
        except (TooManyExports, FileNotWritten) as error:
            return refused(request, self.admin_site, error)

    def write_list(
        self, out: IO[bytes], listed: ChangeList, format_: Format, by: Person
    ) -> WrittenFile:
        """The rows of a list, however many pages it has."""
        keys = listed.queryset.order_by().values("pk")
        rows = self.resource.model()._default_manager.filter(pk__in=keys)
        # The record and the trail hold no name, so no words that were searched for one.
        named = any(column.personal for column in self.resource.columns)
        filter_ = described(listed, "…" if named else listed.query)
        return written(out, self.resource, rows, format_, filter_, by)


def asked_by(person: Person, query: str = "") -> HttpRequest:
    """A request as the person would make it, for what a worker reads of a list."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(query), person
    return request


def prepared_list(out: IO[bytes], given: Given, by: Person) -> WrittenFile:
    """What `export_view` would have sent, for a worker (exchange.exports.preparing)."""
    page = admin.site.get_model_admin(apps.get_model(given["list"]))
    if not isinstance(page, ExportAdmin):
        raise PermissionDenied
    request = asked_by(by, given["query"])
    page.put(request, given)
    if not page.has_export_permission(request):
        raise PermissionDenied
    listed = page.get_changelist_instance(request)
    return page.write_list(out, listed, FORMATS[given["format"]], by)


def written(
    out: IO[bytes],
    resource: type[TableResource],
    rows: QuerySet[Model],
    format_: Format,
    filter_: str,
    by: Person | None,
) -> WrittenFile:
    """One table into an open file, as of one moment."""
    moment = timezone.now()
    title = capfirst(str(resource.model()._meta.verbose_name_plural))
    with one_moment(), exporting.slot(by):
        extract = Extract(resource, rows)
        totals = extract.totals()
        if format_ is XLSX:
            if totals.rows > workbook.LONGEST:
                raise FileNotWritten(
                    _("XLSX holds at most 1 048 575 rows, and these are more. Choose CSV.")
                )
            extract.write(out, format_, about(title, filter_, totals, extract.digest(), resource))
        else:
            extract.write(out, format_)
        project = resource.project_of(rows)
    name = exporting.stamped(project, resource.table, format_.suffix, moment)
    return WrittenFile(
        name, format_.media, totals.rows, table=resource.table, project=project, filter=filter_
    )


def described(listed: ChangeList, words: str = "") -> str:
    """The filter of a list as its reader chose it: "status: Closed; search: law".

    `words` stand for those that were searched for, where they are not to be told.
    """
    parts = []
    for chooser in listed.filter_specs:
        chosen = [
            str(choice["display"])
            for choice in list(chooser.choices(listed))[1:]
            if choice.get("selected")
        ]
        if chosen:
            parts.append(f"{chooser.title}: {', '.join(chosen)}")
    if listed.query:
        parts.append(_("search: %(words)s") % {"words": words or listed.query})
    return "; ".join(parts)
