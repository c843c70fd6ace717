"""The admin of rows with versions: each is locked, read and saved as one version of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.options import Options
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from audit.bases import AnyAdmin, AnyForm, AnyFormSet, AnyInline, AnyPages
from audit.events.history import last_change, own_change
from audit.rows.conflicts import VersionedForm, VersionedFormSet
from audit.rows.unsaved import Unsaved, is_offered, saves
from audit.rows.versions import current, version_of

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec


class VersionedPages(AnyPages):
    """Locks what is about to be saved, and carries the version through the forms."""

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> _FieldsetSpec:
        sets = list(super().get_fieldsets(request, obj))
        if obj is None or not self.has_change_permission(request, obj):
            return sets
        (name, options), *others = sets
        return [(name, {**options, "fields": [*options["fields"], "seen"]}), *others]


class VersionedAdmin(VersionedPages, AnyAdmin):
    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[AnyForm]:
        form: type[AnyForm] = super().get_form(request, obj, change=change, **kwargs)
        if issubclass(form, VersionedForm):
            form.person = getattr(request.user, "code", "")
        return type(form.__name__, (Unsaved, form), {}) if is_offered(request) else form

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Model | None:
        row = super().get_object(request, object_id, from_field)
        if row is None or not saves(request):
            return row
        locked = self.model._base_manager.select_for_update(no_key=True).order_by()
        locked.filter(pk=row.pk).values_list("pk").get()
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        given = (object_id, form_url, extra_context)
        response: HttpResponse = (
            self._offered(request, *given)
            if is_offered(request)
            else super().changeform_view(request, *given)
        )
        context = getattr(response, "context_data", None) or {}
        if "adminform" in context:
            every = [context["adminform"].form]
            for inline in context["inline_admin_formsets"]:
                every += inline.formset.forms
            context["conflicts"] = [
                form.conflict for form in every if getattr(form, "conflict", None)
            ]
            if context["conflicts"] and request.method == "POST":
                response.status_code = 409
            # Told once, at the top of the page: templates/admin/parts/_errors.html
            context["is_wrong"], context["errors"] = bool(context["errors"]), None
        return response

    def _offered(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, object] | None,
    ) -> HttpResponse:
        """The form as it was typed, compared with the row; as it is, where it may not be saved.

        Django fills a form by a POST alone. No form is valid meanwhile, and all is taken back.
        """
        request.method = "POST"
        try:
            with transaction.atomic():
                response = super().changeform_view(request, object_id, form_url, extra_context)
                transaction.set_rollback(True)
        except PermissionDenied:
            request.method = "GET"
            response = super().changeform_view(request, object_id, form_url, extra_context)
        finally:
            request.method = "GET"
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The page that asks carries the version in its address; a stale one deletes nothing."""
        row = self.get_object(request, object_id)
        if row is not None and self.has_delete_permission(request, row):
            if request.method == "GET" and not current(row, request.GET.get("seen")):
                return HttpResponseRedirect(f"{request.path}?seen={version_of(row)}")
            if request.method == "POST" and not current(row, request.GET.get("seen")):
                own = own_change(last_change(row), getattr(request.user, "code", ""))
                sentence = (
                    _("%(own)s So “%(row)s” was not deleted. Look at it again below.")
                    if own
                    else _(
                        "“%(row)s” was changed by somebody else after you opened this page, so it "
                        "was not deleted. Look at it again below."
                    )
                )
                self.message_user(request, sentence % {"row": row, "own": own}, "ERROR")
                return HttpResponseRedirect("../change/")
        return super().delete_view(request, object_id, extra_context)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Options[Model], object_id: str
    ) -> HttpResponse:
        """What is not there and what is somebody else's get the same answer."""
        raise Http404

    def get_actions(
        self, request: HttpRequest
    ) -> dict[str, tuple[Callable[..., str], str, str] | None]:
        """Rows are deleted one by one, on the page that asks."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class VersionedInline(VersionedPages, AnyInline):
    formset: type[AnyFormSet] = VersionedFormSet

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[AnyFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        if issubclass(formset.form, VersionedForm):
            formset.form.person = getattr(request.user, "code", "")
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows = super().get_queryset(request)
        if saves(request):
            return rows.select_for_update(no_key=True, of=("self",))
        return rows
