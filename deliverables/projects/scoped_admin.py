"""The base of the back office's tables: everybody sees and writes the rows of their own scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.desks import address
from accounts.roles import Right
from audit.bases import AnyAdmin, AnyForm, AnyFormSet, AnyInline
from audit.events.columns import Column
from deliverables.projects.access import InProject, Scope, access_of, desk_of, events_seen
from deliverables.projects.at_desk import AtDesk, ToDesks, desk_slug
from deliverables.projects.hiding import without_hidden
from deliverables.projects.mistakes import marking
from deliverables.projects.mistakes.deleting import why_draft_kept
from deliverables.projects.mistakes.deleting_admin import DeletableRows
from deliverables.projects.models import Project, Publishing
from deliverables.projects.pickers import Picking
from exchange.admin import GuardedList, TableAdmin
from exchange.forms import typed
from exchange.imports.intake import TableIntake
from exchange.tables.resources import TableResource
from steps.pages import PagesOfRows

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldGroups

NOT_YOURS = _(
    "This row would belong to a project or component in which you may not write. Choose one of "
    "your own, or ask its project leader."
)

# Of a request, what it was told of a row: a page asks once for each button.
_EDITS: WeakKeyDictionary[HttpRequest, dict[tuple[type[Model], object], bool]] = WeakKeyDictionary()


def published(resource: type[TableResource], rows: Sequence[Model]) -> tuple[list[str], list[str]]:
    """The projects that the rows belong to, and what of the rows is public at once."""
    if not resource.belongs:
        return [], []
    projects: dict[str, Project] = {}
    path = resource.belongs.rpartition("__")[0]
    for row in rows:
        project = attrgetter(path.replace("__", "."))(row) if path else row
        if isinstance(project, Project):
            projects.setdefault(project.slug, project)
    candidates = [p.pk for p in projects.values() if p.publishing == Publishing.AT_ONCE]
    at_once = [str(p) for p in Project.objects.published().filter(pk__in=candidates)]
    warning = gettext(
        "%(projects)s: publishing is at once, so the public pages show what they have of these "
        "rows soon after this is carried out."
    ) % {"projects": ", ".join(at_once)}
    return [str(project) for project in projects.values()], [warning] if at_once else []


class Scoped(Picking):
    """Rows and choices limited to the person's scope, for a table or an inline of one."""

    scope: ClassVar[Scope] = InProject()
    personal: ClassVar[tuple[str, ...]] = ()  # fields only for who may see names

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """The rows that the person sees: at a desk, those of its project."""
        rows, desk = self.seen(request), desk_of(request)
        return rows.filter(self.scope.of_project(desk.pk)) if desk else rows

    def seen(self, request: HttpRequest) -> QuerySet[Model]:
        """The rows that the person sees, wherever."""
        rows: QuerySet[Model] = super().get_queryset(request)
        return rows.filter(self.scope.visible_to(access_of(request.user)))

    def events_seen(self, request: HttpRequest) -> Q:
        code = getattr(request.user, "code", "")
        return events_seen(access_of(request.user), code)

    def visible(self, request: HttpRequest, model: type[Model]) -> QuerySet[Model] | None:
        """The rows of another table that this person sees; None where it has no page."""
        if not self.admin_site.is_registered(model):
            return None
        page = self.admin_site.get_model_admin(model)
        return page.offered(request) if isinstance(page, Scoped) else page.get_queryset(request)

    def offered(self, request: HttpRequest) -> QuerySet[Model]:
        """The rows that the person may name in rows of other tables: those that are seen."""
        return self.get_queryset(request)

    def hide(
        self, request: HttpRequest, rows: Sequence[Model], names: Collection[str] | None = None
    ) -> None:
        """Take from rows that are to be shown the words of what they name of other components.

        Who sees a row sees its project. `names` are the references that are shown, None for all.
        """
        if not access_of(request.user).components(Right.SEE):
            return

        def visible(model: type[Model]) -> QuerySet[Model] | None:
            if model is Project or not self.admin_site.is_registered(model):
                return None
            page = self.admin_site.get_model_admin(model)
            return page.get_queryset(request) if isinstance(page, Scoped) else None

        without_hidden(rows, visible, names)

    def get_form_class(self, request: HttpRequest, form: type[AnyForm]) -> type[AnyForm]:
        """The form, refusing a row that would stand outside the person's scope."""
        access, scope = access_of(request.user), self.scope

        def refuse_foreign(row: Model) -> None:
            if not scope.edits(access, row):
                raise ValidationError(NOT_YOURS, code="foreign")
            if row.pk is None and (taken := marking.why_not_new(row)):
                raise ValidationError(taken, code="taken")

        return type(form.__name__, (form,), {"refuse": staticmethod(refuse_foreign)})

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """For the table; the rows themselves are limited by get_queryset."""
        return access_of(request.user).somewhere(Right.SEE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        access = access_of(request.user)
        if obj is None or obj.pk is None:
            return access.somewhere(Right.EDIT)
        known, asked = _EDITS.setdefault(request, {}), (type(obj), obj.pk)
        if asked not in known:
            known[asked] = self.scope.edits(access, obj)
        return known[asked]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access_of(request.user).somewhere(Right.EDIT)


class Hiding(ToDesks):
    """A list that names nothing that the person does not see."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if isinstance(self.model_admin, ScopedPages):
            self.model_admin.hide(request, self.result_list)


class ScopedPages(Scoped, AtDesk):
    """The list and the page of a table, which name nothing that the person does not see."""

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return Hiding

    def beside(self, request: HttpRequest, row: Any) -> dict[str, object]:
        """What the page of a row shows beside its form."""
        return {}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Model | None = None,
    ) -> HttpResponse:
        if obj:
            context |= self.beside(request, obj)
            if not desk_of(request) and (slug := desk_slug(self.scope, obj)):
                context["at_desk"] = address(slug, request.get_full_path())
            writes = self.has_change_permission(request, obj)
            self.hide(request, [obj], self.get_readonly_fields(request, obj) if writes else None)
            for inline in context["inline_admin_formsets"]:
                parts = [form.instance for form in inline.formset.initial_forms]
                writes = inline.has_change_permission
                self.hide(request, parts, inline.readonly_fields if writes else None)
        return super().render_change_form(request, context, add, change, form_url, obj)


class OfficeAdmin(ScopedPages, DeletableRows, PagesOfRows, TableAdmin):
    """Base of the admin of a table of the register."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """With what a list names of each row, which its page names as well."""
        rows, named = super().get_queryset(request), self.list_select_related
        return rows.select_related(*named) if isinstance(named, tuple) else rows

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[AnyForm]:
        return self.get_form_class(request, super().get_form(request, obj, change, **kwargs))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> _FieldGroups:
        """Without the names of people where the person may not see them."""
        fields = super().get_fields(request, obj)
        if not self.personal or self._sees_names(request, obj):
            return fields
        return [name for name in fields if name not in self.personal]

    def _sees_names(self, request: HttpRequest, obj: Model | None) -> bool:
        access = access_of(request.user)
        if obj is None:
            return access.somewhere(Right.NAMES)
        return self.scope.names(access, obj)

    def intake(self, request: HttpRequest) -> TableIntake:
        """An import reads and writes what the person could by hand, and nothing else."""
        access, scope = access_of(request.user), self.scope
        resource = self.resource(
            visible=lambda model: self.visible(request, model),
            writable=lambda row: scope.edits(access, row),
            read_only=lambda row: self.get_readonly_fields(request, row),
            about=lambda rows: published(self.resource, rows),
            left=lambda codes: marking.left(self.model, codes),
        )
        return TableIntake(resource, rights=f"{access} {desk_of(request)}")


class DraftAdmin(OfficeAdmin):
    """Base of the admin of what begins as a draft: it may go until it is final, since it promised
    nothing yet. The trail keeps it; what is final is changed by the next one of its kind."""

    is_marked = False

    def why_kept(self, request: HttpRequest, row: Model) -> str:
        return why_draft_kept(row)


class Records(GuardedList):
    """Base of the lists of what the register itself wrote: to be read, and nothing else."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return access_of(request.user).somewhere(Right.SEE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OfficeInline(Scoped, AnyInline):
    """Base of the inlines; the page that they stand on says which row they belong to."""

    def formfield_for_dbfield(
        self, db_field: Column, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        return super().formfield_for_dbfield(db_field, request, **{**kwargs, **typed(db_field)})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """With what each row names, so that a page of many rows asks no more than one of few."""
        rows = super().get_queryset(request)
        return rows.select_related(*(f.name for f in self.model._meta.fields if f.many_to_one))

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[AnyFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = self.get_form_class(request, formset.form)
        return formset

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """`obj` is the row of the page; whoever may write that may write its inlines."""
        return bool(self._page().has_change_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self._page().has_change_permission(request, obj))

    def _page(self) -> AnyAdmin:
        return self.admin_site.get_model_admin(self.parent_model)
