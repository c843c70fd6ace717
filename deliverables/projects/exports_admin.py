"""The record of what was taken away, for those who may see all of a project, and for oneself."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from deliverables.projects.access import access_of, desk_of
from deliverables.projects.models import Project
from deliverables.projects.scoped_admin import Records
from exchange.models import Export


@admin.register(Export)
class ExportRecordAdmin(Records):
    list_display = ("name", "made_at", "made_by", "rows", "short_digest")
    list_filter = ("kind",)
    search_fields = ("name", "project", "sha256")
    list_select_related = ("made_by",)
    list_per_page = 50
    fields = ("name", "kind", "made_at", "made_by", "table", "project", "filter", "rows", "size",
              "sha256", "inside")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        access = access_of(request.user)
        rows = super().get_queryset(request)
        if desk := desk_of(request):
            rows = rows.filter(project=desk.slug)
        if access.everywhere(Right.SEE):
            return rows
        whole = Project.objects.filter(pk__in=access.projects(Right.SEE)).values("slug")
        return rows.filter(Q(made_by=request.user.pk) | Q(project__in=whole))

    @admin.display(description=_("SHA-256"))
    def short_digest(self, export: Export) -> str:
        return f"{export.sha256[:12]}…"

    @admin.display(description=_("files"))
    def inside(self, export: Export) -> str:
        return format_html("<code>{}</code>", len(export.files))
