"""A table at the desk of a project: nothing asks for the project, and nothing repeats it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib import admin
from django.core.paginator import Page
from django.db.models import Count, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.desks import address
from audit.bases import AnyAdmin, AnyForm
from audit.events.columns import column_of
from audit.lists.ordering import NamesInOrder
from audit.lists.paging import FromBothEnds
from deliverables.fields import dates
from deliverables.fields.columns import PartialDateField
from deliverables.projects.access import InProject, desk_of, seat
from deliverables.projects.models import Component, Project
from exchange.exports.preparing import Given

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec

PART = "part"  # the column of a list that says project and component
REPEATED = ("project", "component", "institution", "activity", "deliverable", "line", "mission")
OF = "project"  # the column that says whose a row is, where a table has one


class _InComponent(Protocol):
    component: Component


class ProjectByProject(FromBothEnds):
    """Pages of rows that stand project by project: only those of a page's projects are sorted."""

    @cached_property
    def of_each(self) -> list[tuple[int, int]] | None:
        """How many rows each project has, in order; None where they stand otherwise."""
        if self.rows.query.order_by[:1] != (OF,):
            return None
        counts = dict(self.rows.order_by().values_list(f"{OF}_id").annotate(Count("pk")))
        projects = Project.objects.order_by(*(Project._meta.ordering or ()), "pk")
        ids = projects.values_list("pk", flat=True)
        return [(project, counts[project]) for project in ids if project in counts]

    @cached_property
    def count(self) -> int:
        if self.of_each is None:
            return self.rows.count()
        return sum(count for _project, count in self.of_each)

    def page(self, number: int | str) -> Page[Model]:
        if self.of_each is None:
            return super().page(number)
        number = self.validate_number(number)
        begin, end, before = (number - 1) * self.per_page, number * self.per_page, 0
        shown: dict[int, int] = {}  # projects of the page, and how many rows stand before them
        for project, count in self.of_each:
            if before < end and before + count > begin:
                shown[project] = before
            before += count
        first = min(shown.values(), default=0)
        rows = self.rows.filter(**{f"{OF}__in": shown})
        rows = rows.order_by(OF, f"{OF}_id", *self.rows.query.order_by[1:])
        return Page(rows[begin - first : end - first], number, self)


class AtDesk(AnyAdmin):
    """Lists without the project, and forms that know it."""

    paginator = ProjectByProject

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        names = self._without(request, super().get_list_display(request))
        columns = [in_words(self.model, name) for name in names]
        return ["part_here" if name == PART and desk_of(request) else name for name in columns]

    @admin.display(description=_("component"), ordering="component__number")
    def part_here(self, row: _InComponent) -> str:
        return str(row.component.number)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        filters = super().get_list_filter(request)
        return [entry for entry in filters if not (desk_of(request) and _names(entry) == OF)]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        links = super().get_list_display_links(request, list_display)
        return self._without(request, links or ())

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> _FieldsetSpec:
        sets = super().get_fieldsets(request, obj)
        return [
            (name, {**options, "fields": self._without(request, options["fields"])})
            for name, options in sets
        ]

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[AnyForm]:
        form = super().get_form(request, obj, change, **kwargs)
        desk = desk_of(request)
        known = desk and any(field.name == OF for field in self.opts.concrete_fields)
        return of_project(form, desk) if desk and known and obj is None else form

    def response_add(self, request: HttpRequest, obj: Model, *args: Any, **kwargs: Any) -> Any:
        """“Save and add another” begins with what is likely to repeat."""
        response = super().response_add(request, obj, *args, **kwargs)
        again = {name: request.POST[name] for name in REPEATED if request.POST.get(name)}
        if "_addanother" in request.POST and isinstance(response, HttpResponseRedirect) and again:
            more = "&" if "?" in response.url else "?"
            return HttpResponseRedirect(f"{response.url}{more}{urlencode(again)}")
        return response

    def place(self, request: HttpRequest) -> Given:
        desk = desk_of(request)
        return {"desk": desk.pk} if desk else {}

    def put(self, request: HttpRequest, place: Given) -> None:
        if "desk" not in place:
            return
        seat(request, Project.objects.filter(pk=place["desk"]).first())
        if desk_of(request) is None:
            raise Http404

    def _without(self, request: HttpRequest, names: Collection[Any]) -> list[Any]:
        """Names of columns, some of them beside each other in a row of the form."""
        if not desk_of(request):
            return list(names)
        rows = [
            tuple(part for part in name if part != OF) if isinstance(name, list | tuple) else name
            for name in names
        ]
        return [name for name in rows if name not in (OF, ())]


class ToDesks(NamesInOrder):
    """A list over all projects, from which each row opens at the desk of its own."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Model]) -> list[Any]:
        """At a desk all rows are of one project, and nothing is sorted by it."""
        ordering = super().get_ordering(request, queryset)
        return [name for name in ordering if not (desk_of(request) and name == OF)]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.stays = self.is_popup or desk_of(request) is not None
        self.desks = {} if self.stays else desks(self.model_admin, self.result_list)

    def url_for_result(self, result: Model) -> str:
        where = super().url_for_result(result)
        return address(self.desks[result.pk], where) if result.pk in self.desks else where

    @property
    def added_at(self) -> str:
        """The page that adds a row to a project, where none is known yet."""
        scope = getattr(self.model_admin, "scope", None)
        if self.stays or not isinstance(scope, InProject) or scope.project == "pk":
            return ""
        return f"{self.opts.app_label}_{self.opts.model_name}_add"


def desks(page: AnyAdmin, rows: Sequence[Model]) -> dict[object, str]:
    """Of each row that is of one project, at whose desk it stands; one query."""
    scope = getattr(page, "scope", None)
    if not isinstance(scope, InProject) or not rows:
        return {}
    path = "slug" if scope.project == "pk" else f"{scope.project}__slug"
    found = page.model._base_manager.filter(pk__in=[row.pk for row in rows])
    return dict(found.values_list("pk", path))


def desk_slug(scope: object, row: object) -> str:
    """At whose desk a row stands that is read with its project; "" where it is of none."""
    if not isinstance(scope, InProject):
        return ""
    for name in scope.project.split("__") if scope.project != "pk" else ():
        row = getattr(row, name, None)
    return str(getattr(row, "slug", ""))


def in_words(table: type[Model], name: Any) -> Any:
    """What shows a column of a list: a date as precise as it is known, in the page's language."""
    if not isinstance(name, str) or name not in {field.name for field in table._meta.fields}:
        return name
    column = column_of(table, name)
    if not isinstance(column, PartialDateField):
        return name

    @admin.display(description=column.verbose_name, ordering=name)
    def read(row: Model) -> str:
        return dates.shown(getattr(row, name), get_language() or "en") or "–"

    read.__name__ = name
    return read


def _names(entry: Any) -> Any:
    return entry[0] if isinstance(entry, list | tuple) else entry


def of_project(form: type[AnyForm], project: Project) -> type[AnyForm]:
    """The form of a new row, which is the project's before anything of it is checked."""

    class OfProject(form):  # type: ignore[misc,valid-type]
        also_checked = (*getattr(form, "also_checked", ()), OF)

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.instance.project = project

    OfProject.__name__ = form.__name__
    return OfProject
