"""A whole project as one workbook, taken in: the pages of its import."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Right
from audit.events.people import signed_in
from deliverables.projects.access import access_of, desk_of
from deliverables.projects.models import Project
from exchange.exports.xlsx import Sheet
from exchange.imports import blanks
from exchange.imports.intake import TableIntake
from exchange.imports.pages import ImportAdmin, ImportPages
from exchange.imports.project_workbook import TABLE, WorkbookIntake
from exchange.tables import limits
from releases.document.tables import IN_ORDER, RESOURCES


class WorkbookPages(ImportPages):
    """Whoever may write something somewhere may try; each row asks for itself."""

    def __init__(self, site: AdminSite) -> None:
        self.admin_site = site

    def has_import_permission(self, request: HttpRequest) -> bool:
        return access_of(request.user).somewhere(Right.EDIT)

    def intake(self, request: HttpRequest) -> WorkbookIntake:
        parts: dict[str, TableIntake] = {}
        for table in IN_ORDER:
            page = self.admin_site.get_model_admin(RESOURCES[table].model())
            if isinstance(page, ImportAdmin) and page.has_import_permission(request):
                parts[table] = page.intake(request)
        rights = f"{access_of(request.user)} {desk_of(request)}"
        return WorkbookIntake(parts, signed_in(request), rights, {*IN_ORDER} - {*parts})

    def blanks(self, request: HttpRequest) -> list[Sheet]:
        return blanks.blank_workbook(self.intake(request).resources)

    def import_label(self) -> str:
        return TABLE

    def import_context(self) -> dict[str, object]:
        return {
            "title": _("Import: a whole project"),
            "back": reverse("admin:deliverables_project_changelist"),
            "back_to": Project._meta.verbose_name_plural,
        }

    def upload_context(self, request: HttpRequest) -> dict[str, object]:
        tables = [(resource.table, resource.named()) for resource in self.intake(request).resources]
        return {"tables": tables, "most": limits.WORKBOOK}
