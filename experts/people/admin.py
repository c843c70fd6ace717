"""The back office of who works on a project: institutions, partnerships, experts, functions."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from audit.lists.ordering import InListedOrder, Said
from deliverables.fields import countries
from deliverables.fields.language import said
from deliverables.projects.access import InProject, access_of
from deliverables.projects.scoped_admin import OfficeAdmin
from exchange.forms import RowForm
from experts.people import models, resources
from experts.people.access import OfExperts, OfInstitutions

OF_EXPERTS = OfExperts()


@admin.register(models.Institution)
class InstitutionAdmin(OfficeAdmin):
    resource = resources.InstitutionResource
    scope = OfInstitutions()
    form = RowForm
    list_display = ("code", "name", "abbreviation", "country")
    list_display_links = ("code", "name")
    ordering = (InListedOrder("country", countries.choices), "code_order", "code")
    list_filter = ("country",)
    search_fields = ("search_text__contains", "country")

    @admin.display(description=_("name"), ordering=Said("name"))
    def name(self, row: models.Institution) -> str:
        return said(row, "name")


@admin.register(models.Partnership)
class PartnershipAdmin(OfficeAdmin):
    resource = resources.PartnershipResource
    form = RowForm
    list_display = ("code", "country", "institution", "role", "project")
    list_filter = ("project", "role", "country")
    list_select_related = ("project", "institution")
    search_fields = ("code", "country", "institution__search_text__contains")
    autocomplete_fields = ("project", "institution", "evidence")
    together: ClassVar = {"institution": {"country": "country"}}


@admin.register(models.Expert)
class ExpertAdmin(OfficeAdmin):
    resource = resources.ExpertResource
    scope = OF_EXPERTS
    personal = ("name", "name_consent", "consent_on", "consent_basis", "consent_withdrawn_on")
    form = RowForm
    list_display = ("code", "name", "country", "institution", "name_consent")
    ordering = (InListedOrder("country", countries.choices), "code_order")
    list_filter = ("country", "name_consent")
    list_select_related = ("institution",)
    search_fields = ("search_text__contains",)
    autocomplete_fields = ("institution",)
    together: ClassVar = {"institution": {"country": "country"}}

    def offered(self, request: HttpRequest) -> QuerySet[models.Expert]:
        """Those of any desk: a row may name who has not worked on this project yet."""
        rows = cast("QuerySet[models.Expert]", self.seen(request))
        return rows.filter(OF_EXPERTS.named(access_of(request.user)))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """With names for who may see each of them."""
        columns = super().get_list_display(request)
        named = access_of(request.user).always(Right.NAMES)
        return [column for column in columns if named or column != "name"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Who may not see a name does not find out by searching for it either."""
        named = access_of(request.user).always(Right.NAMES)
        return super().get_search_fields(request) if named else ["code__folded__contains"]


@admin.register(models.Assignment)
class AssignmentAdmin(OfficeAdmin):
    resource = resources.AssignmentResource
    scope = InProject("project", "component")
    personal = ("holder_name", "name_published")
    form = RowForm
    list_display = ("code", "function", "expert", "institution", "component", "project")
    list_filter = ("project", "function")
    list_select_related = ("project", "expert", "institution", "component")
    search_fields = ("code", "expert__code")
    autocomplete_fields = ("project", "expert", "component", "institution", "evidence")
