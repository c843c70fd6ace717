"""Attaching files on a deliverable's page, the list of files, and the way to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.roles import Right
from audit.rows.unsaved import typed
from deliverables.evidence.attaching import Sniffed, attach, sniff
from deliverables.evidence.models import Evidence, File
from deliverables.evidence.serving import Gone, download
from deliverables.fields.forms import choose_among
from deliverables.ladder.models import Deliverable
from deliverables.projects.access import Access, InProject, access_of
from deliverables.projects.scoped_admin import ScopedPages
from exchange.admin import GuardedList
from exchange.forms import RowForm
from exchange.tables import limits
from steps.pages import Page

MOST = 4  # files at once; more do not fit into one request


class SeveralFiles(forms.FileField):
    """All chosen files, unread."""

    widget = type("Chooser", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: object, initial: object = None) -> list[object]:
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class AttachForm(forms.Form):
    uploads = SeveralFiles(
        label=gettext_lazy("New files"),
        required=False,
        help_text=gettext_lazy(
            "PDF, PNG, JPEG, DOCX, XLSX, ODS, CSV or EML; at most 25 MB each, four at once."
        ),
    )
    kept = forms.ModelMultipleChoiceField(
        File.objects.none(),
        label=gettext_lazy("Files that the project already has"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shows_lv = forms.CharField(
        label=gettext_lazy("What they show, in Latvian"), max_length=limits.TITLE
    )
    shows_en = forms.CharField(
        label=gettext_lazy("What they show, in English"),
        max_length=limits.TITLE,
        help_text=gettext_lazy("The public reads this, whether or not the file is public."),
    )
    others = forms.ModelMultipleChoiceField(
        Deliverable.objects.none(),
        label=gettext_lazy("They also prove"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, row: Deliverable, access: Access, request: HttpRequest) -> None:
        data = typed(request)
        super().__init__(data, None if data is None else request.FILES)
        self.row = row
        self.held_path = getattr(request, "held_path", False)
        kept = File.objects.filter(FilesScope().visible_to(access), project=row.project_id)
        mine = Deliverable.objects.filter(project=row.project_id, active=True).exclude(pk=row.pk)
        self._offer("kept", kept)
        self._offer("others", mine.within(access, Right.EDIT))
        self.sniffed: list[Sniffed] = []

    def _offer(self, name: str, rows: QuerySet[Model]) -> None:
        """A field is there only where there is something to choose."""
        if rows:
            choose_among(self.fields[name], rows)
        else:
            del self.fields[name]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        uploads = cleaned.get("uploads") or []
        if self.held_path:
            self.add_error(
                "uploads",
                _(
                    "The name of a file holds a path. Rename it to plain letters and numbers, and "
                    "choose it again."
                ),
            )
        elif len(uploads) > MOST:
            self.add_error("uploads", _("At most four files are taken at once."))
        elif not uploads and not cleaned.get("kept"):
            self.add_error("uploads", _("Choose a file, or one that the project already has."))
        else:
            self.sniffed, wrong = sniff(uploads)
            for sentence in wrong:
                self.add_error("uploads", sentence)
        return cleaned

    def attach(self, *, by: User) -> list[Evidence]:
        """What is made of the chosen files. Raises Refused."""
        given = self.cleaned_data
        files: Sequence[Sniffed | File] = [*self.sniffed, *given.get("kept", ())]
        texts = {name: given[name] for name in ("shows_lv", "shows_en")}
        return attach([self.row, *given.get("others", ())], files, by=by, **texts)


def served(request: HttpRequest, row: File, *, back: str) -> HttpResponse:
    """The file, for somebody who may have it; lost by the storage, the page it was asked on."""
    try:
        return cast(HttpResponse, download(row, row.name))
    except Gone:
        messages.error(
            request,
            _(
                "The storage does not have this file any more. Tell an administrator: "
                "“manage.py check_data” names what is missing, and a backup may hold it."
            ),
        )
        return redirect(back)


class FilesScope(InProject):
    """Who sees a deliverable sees its files; who may publish says which are public."""

    def visible_to(self, access: Access) -> Q:
        if access.everywhere(Right.SEE):
            return Q()
        own = Deliverable.objects.filter(component__in=access.components(Right.SEE))
        proved = File.objects.filter(evidence__deliverable__in=own).values("pk")
        return Q(project__in=access.projects(Right.SEE)) | Q(pk__in=proved)

    def edits(self, access: Access, row: Model) -> bool:
        return isinstance(row, File) and access.may(Right.PUBLISH, row.project_id)


class AttachPage(Page):
    """All chosen files or none; each that is wrong gets a sentence."""

    name = "deliverables_deliverable_attach"
    address = "<int:pk>/attach/"
    template = "admin/deliverables/attach.html"
    verb = gettext_lazy("Attach files")

    def is_open(self) -> bool:
        return bool(self.owner.has_change_permission(self.request, self.row))

    def get_form(self) -> AttachForm:
        return AttachForm(self.row, access_of(self.by), self.request)

    def take(self) -> str:
        pieces: list[Evidence] = self.form.attach(by=self.by)
        sentence = ngettext(
            "%(n)s piece of evidence was added.", "%(n)s pieces of evidence were added.",
            len(pieces),
        )  # fmt: skip
        return sentence % {"n": len(pieces)}

    def refuse(self, refusal: str) -> None:
        self.form.add_error("uploads", refusal)

    def get_title(self) -> str:
        return _("Attach files: %s") % (self.row,)


@admin.register(File)
class FileAdmin(ScopedPages, GuardedList):
    """The files of evidence. They come in on a deliverable's page; here they are found again."""

    scope = FilesScope()
    form = RowForm
    list_display = ("name", "kind", "megabytes", "proves", "public", "project")
    list_filter = ("project", "kind", "public")
    list_select_related = ("project",)
    search_fields = ("name", "sha256")
    fields = ("project", "name", "download", "kind", "size", "sha256", "added_by", "added_at",
              "proves", "public")  # fmt: skip
    readonly_fields = fields[:-1]
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[File]:
        rows = cast("QuerySet[File]", super().get_queryset(request))
        return rows.prefetch_related("evidence__deliverable")

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def megabytes(self, row: File) -> str:
        return f"{row.size / 1024 / 1024:.2f} MB"

    @admin.display(description=gettext_lazy("proves"))
    def proves(self, row: File) -> str:
        rows = [piece.deliverable for piece in row.evidence.all() if piece.deliverable]
        return ", ".join(sorted({deliverable.code for deliverable in rows})) or "–"

    @admin.display(description=gettext_lazy("download"))
    def download(self, row: File) -> str:
        address = reverse("admin:deliverables_file_download", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row.name)

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:pk>/download/",
            self.admin_site.admin_view(self.download_view),
            name="deliverables_file_download",
        )
        return [page, *super().get_urls()]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return served(request, row, back=reverse("admin:deliverables_file_change", args=[row.pk]))
