"""Two people at one row: the second one to save is told, and loses nothing that was typed.

A form carries the version that the person saw. The admin locks the row before it reads it, so of
two savers exactly one finds that version; the other gets the same form again with a conflict.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from audit.events.history import Rows, every_row, last_change, own_change, shown, state_at
from audit.events.people import named
from audit.rows.unsaved import Unsaved, is_offered, saves
from audit.rows.versions import current


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a conflict: as it was when the person opened it, as it is, as typed."""

    label: str
    was: str
    now: str
    typed: str
    both: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    row: str
    who: str
    at: dt.datetime | None
    cells: tuple[Cell, ...]
    own: str = ""  # a sentence, where the person saved it in another window


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows which version of its row the person saw."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    conflict: Conflict | None = None
    person = ""  # the code of who fills it in

    @staticmethod
    def refuse(row: Any) -> None:
        """Raises ValidationError where this person may not save the row like this; anybody may by
        default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = str(self.instance.version)

    def has_changed(self) -> bool:
        return any(name != "seen" for name in self.changed_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and not current(self.instance, cleaned.get("seen")):
            self._merge(cleaned)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        try:
            self.refuse(self.instance)
        except ValidationError as refusal:
            self.add_error(None, refusal)

    def _merge(self, cleaned: dict[str, Any]) -> None:
        """Take over what only the other person changed; a conflict where this one typed, too."""
        version = cleaned.get("seen") or ""
        known = (
            state_at(self.instance, int(version))
            if version.isdecimal() and len(version) < 9
            else None
        )
        touched, cells = False, []
        own = {field.name for field in self.instance._meta.concrete_fields}
        for name in [name for name in self.fields if name in cleaned and name in own]:
            field: Any = self.instance._meta.get_field(name)
            now, typed = field.value_from_object(self.instance), cleaned[name]
            was = now if known is None else known.get(field.column, now)
            if plain(typed) == plain(now):
                continue
            mine = known is None or plain(typed) != plain(was)
            touched = touched or mine
            if not mine:
                cleaned[name] = getattr(self.instance, name)
                self.type(name, now)
            rows = self._choices(name)
            before = _("unknown") if known is None else shown(field, was, rows)
            values = (before, shown(field, now, rows), shown(field, value_of(typed), rows))
            both = mine and (known is None or plain(now) != plain(was))
            cells.append(Cell(str(self.fields[name].label), *values, both))
        if touched:
            self._tell(cells)

    def _choices(self, name: str) -> Rows:
        """The rows that the form offers as a reference: what is no choice is not named either."""
        choices = getattr(self.fields[name], "queryset", None)
        return every_row if choices is None else lambda model: choices.all()

    def _tell(self, cells: list[Cell]) -> None:
        event = last_change(self.instance)
        who = named([event.who]).get(event.who, event.who) if event else _("unknown")
        at, own = event.at if event else None, own_change(event, self.person)
        self.conflict = Conflict(str(self.instance), who, at, tuple(cells), own)
        self.type("seen", str(self.instance.version))
        sentence = (
            _(
                "%(own)s So nothing of this form was saved yet. Compare below; saving again "
                "replaces what you saved there by this."
            )
            % {"own": own}
            if own
            else _(
                "Somebody else saved this row after you opened it, so nothing of yours was "
                "saved yet. Compare below; saving again replaces theirs by yours."
            )
        )
        self.add_error(None, ValidationError(sentence, code="conflict"))

    def type(self, name: str, value: Any) -> None:
        """As if the person had typed it."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        self.data = data
        key, field = self.add_prefix(name), self.fields[name]
        value = field.prepare_value(value)
        data.pop(key, None)
        if isinstance(field.widget, forms.CheckboxInput):
            if value:
                data[key] = "on"
        elif isinstance(value, list | tuple):
            data.setlist(key, [str(item) for item in value])
        else:
            data[key] = "" if value is None else str(value)


def value_of(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def plain(value: Any) -> Any:
    """Typed, stored and recorded values of one meaning become equal."""
    value = value_of(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).normalize()
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    return value.isoformat() if isinstance(value, dt.date) else str(value).replace("\r\n", "\n")


class VersionedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows of a page: each is compared by itself, also one that is to be deleted."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            version = form.data.get(form.add_prefix("seen"))
            if form.instance.pk and not current(form.instance, version):
                own = own_change(last_change(form.instance), getattr(form, "person", ""))
                raise ValidationError(
                    _(
                        "%(own)s So “%(row)s” was not deleted, and nothing was saved. Reload the "
                        "page and look at it."
                    )
                    % {"own": own, "row": form.instance}
                    if own
                    else _(
                        "“%(row)s” was changed by somebody else after you opened this page, so it "
                        "was not deleted, and nothing was saved. Reload the page and look at it."
                    )
                    % {"row": form.instance}
                )


class VersionedPages(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Locks what is about to be saved, and carries the version through the forms."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = list(super().get_fieldsets(request, obj))
        if obj is None or not self.has_change_permission(request, obj):
            return sets
        (name, options), *others = sets
        return [(name, {**options, "fields": [*options["fields"], "seen"]}), *others]


class VersionedAdmin(VersionedPages, admin.ModelAdmin):  # type: ignore[type-arg]
    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.person = getattr(request.user, "code", "")
        return type(form.__name__, (Unsaved, form), {}) if is_offered(request) else form

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
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
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        given = (object_id, form_url, extra_context)
        response: Any = (
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
        return response  # type: ignore[no-any-return]

    def _offered(self, request: HttpRequest, *given: Any) -> HttpResponse:
        """The form as it was typed, compared with the row; as it is, where it may not be saved.

        Django fills a form by a POST alone. No form is valid meanwhile, and all is taken back.
        """
        request.method = "POST"
        try:
            with transaction.atomic():
                response = super().changeform_view(request, *given)
                transaction.set_rollback(True)
        except PermissionDenied:
            request.method = "GET"
            response = super().changeform_view(request, *given)
        finally:
            request.method = "GET"
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The page that asks carries the version in its address; a stale one deletes nothing."""
        row = self.get_object(request, object_id)
        if row is not None and self.has_delete_permission(request, row):
            if request.method == "GET" and not current(row, request.GET.get("seen")):
                return HttpResponseRedirect(f"{request.path}?seen={row.version}")
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
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """What is not there and what is somebody else's get the same answer."""
        raise Http404

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Rows are deleted one by one, on the page that asks."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class VersionedInline(VersionedPages):
    formset: Any = VersionedFormSet

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        formset.form.person = getattr(request.user, "code", "")
        return formset

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        if saves(request):
            return rows.select_for_update(no_key=True, of=("self",))
        return rows
