"""Deleting in the back office: offered where it works, and else the sentence that says why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from audit.bases import AnyAdmin, Deleted
from deliverables.projects import deleting
from deliverables.projects.access import access_of, followed
from deliverables.projects.models import Project

# Of a request, what it was told of a row: a page asks several times.
_KEPT: WeakKeyDictionary[HttpRequest, dict[tuple[type[Model], int], str]] = WeakKeyDictionary()


class DeletableRows(AnyAdmin):
    """A table whose rows go while they are a mistake that nobody has seen."""

    def why_kept(self, request: HttpRequest, row: Any) -> str:
        """Why the person may not delete the row, as a sentence; "" where it may go."""
        path = getattr(self.scope, "project", "")  # type: ignore[attr-defined]
        project = followed(row, path) if path else None
        table = getattr(getattr(self, "resource", None), "table", "")
        person = getattr(request.user, "code", "")
        return deleting.why_kept(row, project, table, access_of(request.user), person)

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
        return super().render_change_form(request, context, add, change, form_url, obj)

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
        path = getattr(self.scope, "project", "")  # type: ignore[attr-defined]
        row = self.get_object(request, object_id) if request.method == "POST" and path else None
        if row:
            projects = Project.objects.select_for_update(no_key=True)
            list(projects.filter(pk__in=[followed(row, path)]).values_list("pk"))
