"""The back office of projects: their facts, components, titles and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import UserAdmin
from accounts.desks import address
from accounts.models import User
from accounts.roles import Right, Role
from audit.bases import AnyFormSet, AnyInline
from audit.lists.ordering import Alphabetical, InListedOrder, Said
from deliverables.fields.language import said
from deliverables.projects import models, resources
from deliverables.projects.access import Access, InProject, access_of, desk_of
from deliverables.projects.at_desk import of_project
from deliverables.projects.scoped_admin import OfficeAdmin, OfficeInline, ScopedPages
from exchange.admin import GuardedList, RowsInline
from exchange.forms import RowForm

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldGroups, _FieldsetSpec

PROPOSED = _(
    "The project’s part of its public address. Left empty, it is made of the reference or the "
    "title. It may change until the first release."
)


def _drafts(_access: Access) -> frozenset[int]:
    return frozenset(models.Project.objects.drafts().values_list("pk", flat=True))


class ProjectForm(RowForm):
    """Where a project is new, its address may be left to the register."""

    also_checked = ("slug",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = PROPOSED

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if not self.instance.pk and not given.get("slug") and "slug" not in self.errors:
            texts = (str(given.get(name, "")) for name in ("reference", "title_en", "title_lv"))
            given["slug"] = models.Project.objects.free_address(*texts)
        return given


@admin.display(description=_("title"), ordering=Said("title"))
def title(row: Model) -> str:
    return said(row, "title")


@admin.register(models.Project)
class ProjectAdmin(OfficeAdmin):
    resource = resources.ProjectResource
    scope = InProject("pk")
    locked = ("slug",)
    form = ProjectForm
    list_display = ("called", title, "status", "beneficiary_country", "publishing")
    list_filter = ("status", "publishing", "fictitious")
    search_fields = ("search_text__contains",)
    fieldsets = (
        (None, {"fields": ("reference", "slug", "title_lv", "title_en", "status")}),
        (
            _("What it is"),
            {
                "fields": (
                    "kind", "summary_lv", "summary_en", "beneficiary_country", "fund",
                    "contract_number", "reference_alias", "results_basis",
                )
            },
        ),
        (
            _("When"),
            {
                "fields": (
                    "start_planned", "start_actual", "end_planned", "end_current", "end_actual",
                    "implementation_months", "execution_months",
                )
            },
        ),
        (_("How long it is kept"), {"fields": ("retention_until", "legal_hold")}),
        (
            _("How it is shown"),
            {
                "fields": (
                    "publishing", "fictitious", "funding_statement_lv", "funding_statement_en",
                    "disclaimer_lv", "disclaimer_en", "footnote_lv", "footnote_en",
                )
            },
        ),
    )  # fmt: skip
    is_marked = False  # a project is withdrawn
    # A new project begins with what names it; the rest waits at its desk.
    first: ClassVar[_FieldsetSpec] = (
        (None, {
                "fields": (
                    "title_lv", "title_en", "reference", "kind", "status", "beneficiary_country",
                    "start_planned", "implementation_months", "end_planned", "slug",
                )
            }),
    )  # fmt: skip

    @admin.display(description=_("reference"), ordering="reference")
    def called(self, row: models.Project) -> str:
        return str(row)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> _FieldsetSpec:
        return super().get_fieldsets(request, obj) if obj else self.first

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        """The address of a draft may change. Who may not publish cannot switch a project to
        publishing by itself either."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is not None and obj.pk in access_of(request.user).once(_drafts):
            fixed = tuple(name for name in fixed if name != "slug")
        may_publish = access_of(request.user).may(Right.PUBLISH, obj.pk if obj else None)
        return fixed if may_publish else (*fixed, "publishing")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access_of(request.user).everywhere(Right.PEOPLE)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"title": gettext("New project"), **(extra_context or {})}
        return super().add_view(request, form_url, shown)

    def response_post_save_add(
        self, request: HttpRequest, obj: models.Project
    ) -> HttpResponseRedirect:
        """To its desk, which says what it has not yet."""
        return HttpResponseRedirect(address(obj.slug))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A draft goes as a whole, on a page of its own: releases.drafts."""
        return False

    def more_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """A whole project is for whoever may write something in one."""
        may = access_of(request.user).somewhere(Right.EDIT)
        return (
            [(gettext("Import a whole project"), reverse("admin:workbook_import"))] if may else []
        )


class ComponentForm(RowForm):
    code_is_final = False  # it is what the source prints; the number is the key


@admin.register(models.Component)
class ComponentAdmin(OfficeAdmin):
    resource = resources.ComponentResource
    scope = InProject("project", "pk")
    locked = ("project", "number")
    form = ComponentForm
    list_display = ("number", "code", title, "project")
    list_display_links = ("number", "code", title)
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("search_text__contains", "number__contains")
    autocomplete_fields = ("project", "evidence")


class MembershipForm(RowForm):
    also_checked = ("user", "project")


@admin.register(models.Membership)
class MembershipAdmin(ScopedPages, GuardedList):
    """Who may do what. Administrators give and withdraw roles; the project sees who has them."""

    form = MembershipForm
    list_display = ("project", "role", "component", "user")
    list_display_links = ("project", "role")
    ordering = (
        "project", InListedOrder("role", lambda: Role.choices), "component__number",
        Alphabetical("user__username"),
    )  # fmt: skip
    list_filter = ("project", "role", "user")
    list_select_related = ("project", "component", "user")
    search_fields = ("user__username", "project__search_text__contains")
    autocomplete_fields = ("user", "project", "component")
    list_per_page = 50

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        return ("user", "project") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access_of(request.user).everywhere(Right.PEOPLE)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


class RolesInline(OfficeInline, RowsInline):
    """The roles that a person is invited with."""

    model = models.Membership
    form = MembershipForm
    extra = 1
    verbose_name_plural = _("roles in projects")
    autocomplete_fields = ("project", "component")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> _FieldGroups:
        return ("role", "component") if desk_of(request) else ("project", "role", "component")

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[AnyFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        if desk := desk_of(request):
            formset.form = of_project(formset.form, desk)
        return formset


admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """The people of the office, who are invited with their first roles."""

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> tuple[type[AnyInline], ...]:
        return () if obj else (RolesInline,)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = {"title": gettext("Invite a colleague"), **(extra_context or {})}
        return super().add_view(request, form_url, shown)


@admin.register(models.Title)
class TitleAdmin(OfficeAdmin):
    resource = resources.TitleResource
    scope = InProject("project", "component")
    form = RowForm
    list_display = (title, "component", "project")
    list_filter = ("project",)
    list_select_related = ("project", "component")
    search_fields = ("title_lv", "title_en")
    autocomplete_fields = ("project", "component", "evidence")


@admin.register(models.Suspension)
class SuspensionAdmin(OfficeAdmin):
    resource = resources.SuspensionResource
    locked = ("project",)
    form = RowForm
    list_display = ("from_on", "to_on", "project")
    list_filter = ("project",)
    list_select_related = ("project",)
    search_fields = ("reason_lv", "reason_en")
    autocomplete_fields = ("project", "evidence")
