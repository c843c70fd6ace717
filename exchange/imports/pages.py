"""The pages of an import, of a table or of a workbook: upload, preview, carry out, take back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from audit.bases import AnyAdmin
from audit.events.acting import acting
from audit.events.people import signed_in
from audit.models import Through
from audit.rows.refused import Refused
from audit.templatetags.errors import PageError
from exchange.exports import xlsx as workbook
from exchange.exports.admin import own_transactions
from exchange.exports.extracts import XLSX
from exchange.imports import apply, blanks, preview, undo
from exchange.imports import intake as importing
from exchange.imports.intake import Intake, TableIntake
from exchange.imports.planned import Plan
from exchange.models import Import, ImportState
from exchange.reading.decoding import BALTIC
from exchange.reading.faults import Fault, Unreadable, UnsureOfEncoding
from exchange.reading.headers import columns_of
from exchange.tables import limits
from exchange.tables.resources import TableResource


def _mark(sentence: str) -> str:
    """How a form calls a warning that is ticked."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


class ImportPages:
    """The pages of an import, of one table or of a workbook with all tables of a project."""

    admin_site: AdminSite

    def has_import_permission(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def intake(self, request: HttpRequest) -> Intake:
        """What a file goes into, as this person may write it."""
        raise NotImplementedError

    def blanks(self, request: HttpRequest) -> list[workbook.Sheet]:
        """The workbook to fill in."""
        raise NotImplementedError

    def import_label(self) -> str:
        """How the names of its addresses begin."""
        raise NotImplementedError

    def import_context(self) -> dict[str, object]:
        """What a page says besides: `title`, the `back` address and `back_to` what."""
        raise NotImplementedError

    def upload_context(self, request: HttpRequest) -> dict[str, object]:
        """What the page of the upload says of the columns."""
        raise NotImplementedError

    def import_urls(self) -> list[URLPattern]:
        def page(where: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(
                where, self.admin_site.admin_view(view), name=f"{self.import_label()}_{name}"
            )

        return [
            page("import/", self.import_view, "import"),
            page("import/template.xlsx", self.template_view, "import_template"),
            page("import/<uuid:token>/", self.job_view, "import_job"),
            page("import/<uuid:token>/plan.xlsx", self.plan_view, "import_plan"),
            page("import/<uuid:token>/undo/", self.undo_view, "import_undo"),
        ]

    def _address(self, name: str, job: Import | None = None) -> str:
        args = [job.token] if job else []
        return reverse(f"admin:{self.import_label()}_{name}", args=args)

    def _where(self, job: Import) -> str:
        return self._address("import_job", job)

    def _page(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: object
    ) -> TemplateResponse:
        job = context.get("job")
        known = self.admin_site.each_context(request) | {
            "upload": self._address("import"),
            "template": self._address("import_template"),
            "undo": self._address("import_undo", job) if isinstance(job, Import) else "",
            **self.import_context(),
            **context,
        }
        return TemplateResponse(request, f"admin/exchange/{template}.html", known, status=status)

    @own_transactions
    def import_view(self, request: HttpRequest) -> HttpResponse:
        """GET: what a file has to look like; POST: take it in and show what it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._upload_page(request)
        upload = request.FILES.get("file")
        if upload is None:
            return self._upload_page(request, _("Choose a file first."), 400)
        size = upload.size or 0
        if size > limits.UPLOAD:
            sentence = _("The file has %(size).1f MB; at most %(most)s MB can be imported.")
            given = {"size": size / 1024 / 1024, "most": limits.UPLOAD // 1024 // 1024}
            return self._upload_page(request, sentence % given, 413)
        by, intake = signed_in(request), self.intake(request)
        job = importing.take_in(intake, str(upload.name), upload.read(), by)
        return HttpResponseRedirect(self._where(job))

    def _upload_page(
        self, request: HttpRequest, error: str = "", status: int = 200
    ) -> HttpResponse:
        return self._page(
            request, "import", status=status,
            wrong=[PageError(error, "file", _("File"))] if error else [],
            rows=limits.ROWS, megabytes=limits.UPLOAD // 1024 // 1024,
            **self.upload_context(request),
        )  # fmt: skip

    def _job(self, request: HttpRequest, token: UUID) -> Import:
        """The person's own import into this table; anybody else's is not there."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        importing.give_up_old_ones()
        job = Import.objects.filter(
            token=token, made_by=request.user.pk, table=self.intake(request).table
        ).first()
        if job is None:
            raise Http404
        return job

    @own_transactions
    def job_view(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """GET: what the import would do, or what it did; POST: carry it out."""
        job = self._job(request, token)
        if job.state != ImportState.PENDING:
            return self._outcome(request, job)
        if request.method == "POST" and request.POST.get("encoding") == BALTIC:
            job.encoding = BALTIC
            with acting(signed_in(request).code, Through.FORM, "encoding"):
                job.save(update_fields=["encoding"])
            return HttpResponseRedirect(self._where(job))
        intake = self.intake(request)
        try:
            plan = intake.plan(job)
        except UnsureOfEncoding as unsure:
            return self._page(request, "encoding", job=job, unsure=unsure)
        except Unreadable as unreadable:
            why, note = unreadable.faults, unreadable.note
            return self._page(request, "refused_file", job=job, faults=why, note=note)
        if request.method == "POST":
            return self._carry_out(request, job, intake, plan)
        return self._preview(request, job, plan)

    def _carry_out(
        self, request: HttpRequest, job: Import, intake: Intake, plan: Plan
    ) -> HttpResponse:
        if request.POST.get("seen") != plan.digest():
            if not Import.objects.filter(pk=job.pk, state=ImportState.PENDING).exists():
                return HttpResponseRedirect(self._where(job))  # another click was first
            messages.error(request, apply.changed_meanwhile())
            return self._preview(request, job, plan, 409)
        ticked = request.POST.getlist("warning")
        if any(_mark(sentence) not in ticked for sentence in plan.warnings()):
            messages.error(
                request, _("Tick each warning that you have read; nothing was written yet.")
            )
            return self._preview(request, job, plan, 400)
        taken = frozenset(request.POST.getlist("take"))
        try:
            intake.carry_out(job, plan, taken, signed_in(request))
        except Refused as refusal:
            Import.objects.filter(pk=job.pk).update(plan=None)  # it holds no more
            messages.error(request, str(refusal))
        return HttpResponseRedirect(self._where(job))

    @own_transactions
    def plan_view(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """GET only: what the preview says of every row, as a workbook."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        job = self._job(request, token)
        if job.state != ImportState.PENDING:
            return HttpResponseRedirect(self._where(job))
        try:
            plan = self.intake(request).plan(job)
        except (Unreadable, UnsureOfEncoding):
            return HttpResponseRedirect(self._where(job))
        return self._workbook([preview.sheet(plan)], plan.table, preview.SHEET)

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """GET only: a workbook to fill in."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        if not self.has_import_permission(request):
            raise PermissionDenied
        return self._workbook(self.blanks(request), self.intake(request).table, "template")

    def _workbook(self, sheets: list[workbook.Sheet], table: str, name: str) -> HttpResponse:
        out = io.BytesIO()
        workbook.write(out, sheets)
        response = HttpResponse(out.getvalue(), content_type=XLSX.media)
        response["Content-Disposition"] = f'attachment; filename="{table}-{name}.xlsx"'
        return response

    def _preview(
        self, request: HttpRequest, job: Import, plan: Plan, status: int = 200
    ) -> HttpResponse:
        ticked, taken = request.POST.getlist("warning"), request.POST.getlist("take")
        return self._page(
            request, "preview", job=job, plan=plan, status=status,
            seen=plan.digest(), **preview.listed(plan, request.GET),
            warnings=[
                (_mark(sentence), sentence, numbers, _mark(sentence) in ticked)
                for sentence, numbers in plan.warnings().items()
            ],
            conflicts=[
                (row, change, row.place(change), row.place(change) in taken)
                for row, change in plan.conflicts()
            ],
        )  # fmt: skip

    def _outcome(self, request: HttpRequest, job: Import) -> HttpResponse:
        if job.state == ImportState.REFUSED:
            faults = [
                Fault(sentence, row, column, value, sheet)
                for row, column, value, sentence, sheet in job.told["faults"]
            ]
            note = job.told.get("note", "")
            return self._page(request, "refused_file", job=job, faults=faults, note=note)
        applied = job.state == ImportState.APPLIED
        why_not = undo.why_not(job, self.intake(request).resources) if applied else ""
        return self._page(request, "outcome", job=job, told=job.told, why_not=why_not)

    @own_transactions
    def undo_view(self, request: HttpRequest, token: UUID) -> HttpResponse:
        """POST only: take an import back as a whole."""
        job = self._job(request, token)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            undo.undo(job, self.intake(request).resources, by=signed_in(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(self._where(job))


class ImportAdmin(ImportPages, AnyAdmin):
    """Adds the pages of an import to a table."""

    resource: ClassVar[type[TableResource]]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """An import adds and changes, so it needs both rights."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def intake(self, request: HttpRequest) -> TableIntake:
        return TableIntake(self.resource())

    def blanks(self, request: HttpRequest) -> list[workbook.Sheet]:
        return blanks.blank(self.intake(request).resource)

    def import_label(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def import_context(self) -> dict[str, object]:
        return {
            "opts": self.opts,
            "title": _("Import: %(table)s") % {"table": self.opts.verbose_name_plural},
            "back": self._address("changelist"),
            "back_to": self.opts.verbose_name_plural,
        }

    def upload_context(self, request: HttpRequest) -> dict[str, object]:
        return {"columns": columns_of(self.resource)}

    def get_urls(self) -> list[URLPattern]:
        return [*self.import_urls(), *super().get_urls()]
