"""The back office of who works on a project."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from deliverables.language import said
from exchange.admin import TableAdmin
from exchange.forms import RowForm
from experts import models, resources


@admin.register(models.Institution)
class InstitutionAdmin(TableAdmin):
    resource = resources.InstitutionResource
    form = RowForm
    list_display = ("code", "name", "abbreviation", "country")
    list_display_links = ("code", "name")
    list_filter = ("country",)
    search_fields = ("search_text__contains",)

    @admin.display(description=_("name"), ordering="name_lv")
    def name(self, row: models.Institution) -> str:
        return said(row, "name")


@admin.register(models.Partnership)
class PartnershipAdmin(TableAdmin):
    resource = resources.PartnershipResource
    form = RowForm
    list_display = ("code", "country", "institution", "role", "project")
    list_filter = ("project", "role", "country")
    list_select_related = ("project", "institution")
    search_fields = ("code", "institution__search_text__contains")
    autocomplete_fields = ("project", "institution", "evidence")


@admin.register(models.Expert)
class ExpertAdmin(TableAdmin):
    resource = resources.ExpertResource
    form = RowForm
    list_display = ("code", "country", "institution", "name_consent")
    list_filter = ("country", "name_consent")
    list_select_related = ("institution",)
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("institution",)


@admin.register(models.Assignment)
class AssignmentAdmin(TableAdmin):
    resource = resources.AssignmentResource
    form = RowForm
    list_display = ("code", "function", "expert", "institution", "component", "project")
    list_filter = ("project", "function")
    list_select_related = ("project", "expert", "institution", "component")
    search_fields = ("code", "expert__code")
    autocomplete_fields = ("project", "expert", "component", "institution", "evidence")
