"""Deleting in the back office: offered where it works, and else the sentence that says why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.bases import AnyAdmin, Deleted
from deliverables.projects.access import access_of, followed
from deliverables.projects.mistakes import deleting, marking
from deliverables.projects.models import Mistake, Project

# Of a request, what it was told of a row: a page asks several times.
_KEPT: WeakKeyDictionary[HttpRequest, dict[tuple[type[Model], int], str]] = WeakKeyDictionary()


class DeletableRows(AnyAdmin):
    """A table whose rows go while they are a mistake that nobody has seen; later, where they can
    still be taken for one (`is_marked`), they are marked as it."""

    is_marked: ClassVar[bool] = True

    def project_of(self, row: Any) -> int | None:
        """The id of the project that the row belongs to; None where it serves several."""
        return self._in_scope(row, "project")

    def component_of(self, row: Any) -> int | None:
        """The id of the component that the row belongs to; None where it belongs to none."""
        return self._in_scope(row, "component")

    def _in_scope(self, row: Any, name: str) -> int | None:
        path = getattr(self.scope, name, "")  # type: ignore[attr-defined]
        return followed(row, path) if path else None

    def why_kept(self, request: HttpRequest, row: Any) -> str:
        """Why the person may not delete the row, as a sentence; "" where it may go."""
        table = getattr(getattr(self, "resource", None), "table", "")
        person = getattr(request.user, "code", "")
        access = access_of(request.user)
        return deleting.why_kept(row, self.project_of(row), table, access, person)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None or not self.has_change_permission(request, obj):
            return False
        return not self._kept(request, obj)

    def _kept(self, request: HttpRequest, row: Model) -> str:
        known, asked = _KEPT.setdefault(request, {}), (type(row), row.pk)
        if asked not in known:
            known[asked] = self.why_kept(request, row)
        return known[asked]

    def get_deleted_objects(
        self, objs: Sequence[Model] | QuerySet[Model], request: HttpRequest
    ) -> Deleted:
        """What goes with a row is a part of it: who may delete that may delete its parts."""
        shown, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Model | None = None,
    ) -> HttpResponse:
        if obj and self.has_change_permission(request, obj):
            context["kept"] = self._kept(request, obj)
            if context["kept"] and self.is_marked and marking.is_open(obj, self.project_of(obj)):
                where = [obj._meta.db_table, obj.pk]
                context["mark_at"] = reverse("admin:deliverables_mistake_mark", args=where)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def more_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The rows of the table that were entered by mistake, while there are some."""
        tools = super().more_tools(request)  # type: ignore[misc]
        page = self.admin_site.get_model_admin(Mistake)
        count = page.get_queryset(request).filter(table=self.opts.db_table).count()
        where = reverse("admin:deliverables_mistake_changelist")
        label = _("Entered by mistake (%(count)s)") % {"count": count}
        return [*tools, (label, f"{where}?table={self.opts.db_table}")] if count else tools

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing is published meanwhile; what comes to name the row first keeps it."""
        try:
            with transaction.atomic():
                self._let_nothing_be_published(request, object_id)
                return super().delete_view(request, object_id, extra_context)
        except IntegrityError:
            sentence = _("Nothing was deleted: a rule of the table, or another row, keeps it.")
            messages.error(request, sentence)
            return HttpResponseRedirect("../change/")

    def _let_nothing_be_published(self, request: HttpRequest, object_id: str) -> None:
        row = self.get_object(request, object_id) if request.method == "POST" else None
        if row and (key := self.project_of(row)):
            projects = Project.objects.select_for_update(no_key=True)
            list(projects.filter(pk__in=[key]).values_list("pk"))
