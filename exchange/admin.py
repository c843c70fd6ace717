"""The base of every admin list: one way to search, import and export a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget
from django.db import DatabaseError, IntegrityError, OperationalError, models
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from audit.bases import AnyPages, AnyStackedInline
from audit.events.columns import Column, column_of
from audit.lists.pages import GuardedLists
from audit.rows.pages import HistoryPages
from audit.rows.unsaved import was_not_saved
from audit.rows.versioned_admin import VersionedAdmin, VersionedInline
from exchange.exports.admin import ExportAdmin
from exchange.forms import typed
from exchange.imports.apply import is_held
from exchange.imports.pages import ImportAdmin
from exchange.reference_choices import RowFormSet
from exchange.tables import limits
from exchange.tables.folding import fold

if TYPE_CHECKING:
    from django.contrib.admin.options import _ListFilterT


def why_not_saved(error: DatabaseError) -> str:
    if isinstance(error, OperationalError):
        return _(
            "Nothing was saved: somebody else is writing this row at this moment. Wait a little, "
            "and save it again."
        )
    if isinstance(error.__cause__, UniqueViolation):
        return _(
            "Nothing was saved now: a row with the same code was saved in the meantime, perhaps "
            "by a second click. Look for it in the list."
        )
    return _(
        "Nothing was saved: a rule of the table refuses the row. Check that all it names belongs "
        "to the same project."
    )


class RoomForText(AnyPages):
    """Long texts get room to be read, a varchar being a one-line input by default, and numbers are
    typed with a comma or a point."""

    def formfield_for_dbfield(
        self, db_field: Column, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, models.DateField):
            kwargs["widget"] = AdminDateWidget(format="%Y-%m-%d")
        elif isinstance(db_field, models.CharField) and (db_field.max_length or 0) >= limits.TITLE:
            rows = 2 if db_field.max_length == limits.TITLE else 4
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": rows})
        kwargs |= typed(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RowsInline(VersionedInline, RoomForText, AnyStackedInline):
    """Base of the rows that are edited on the page of the row that they belong to."""

    formset = RowFormSet
    extra = 0
    can_delete = False


class OwnReferences(admin.RelatedOnlyFieldListFilter):
    """References as far as the list has rows of them; a chosen one filters even if it is alone."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Asked of each row that may be referred to; the list may have a thousand times as many."""
        rows = model_admin.get_queryset(request).order_by()
        used = Exists(rows.filter(**{self.field_path: OuterRef("pk")}))
        order = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, limit_choices_to=Q(used), ordering=order)

    def has_output(self) -> bool:
        return bool(self.lookup_val) or super().has_output()


class GuardedList(GuardedLists, HistoryPages, VersionedAdmin):
    """A list of the register, whose trail is ours."""

    printed: ClassVar[tuple[str, ...]] = ()  # choices that a row prints beside its code

    def get_list_filter(self, request: HttpRequest) -> list[_ListFilterT]:
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        return [
            (entry, OwnReferences) if entry in relations else entry
            for entry in super().get_list_filter(request)
        ]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Columns without a folded copy are folded when they are asked."""
        return [
            name if name.endswith("__contains") else f"{name}__folded__contains"
            for name in super().get_search_fields(request)
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        """Rows that have each word, however it is typed; also as the row itself is printed."""
        term = fold(search_term[: limits.SEARCH].replace("\0", ""))
        words = [bare for word in term.split() if (bare := word.strip("().,;:·…") or word)]
        for word in words:
            rows, _doubled = super().get_search_results(request, queryset, word)
            if self.printed:
                printed = self._printed(word)
                rows = queryset.filter(Q(pk__in=rows.order_by().values("pk")) | printed)
            queryset = rows
        return queryset, False

    def _printed(self, word: str) -> Q:
        """Rows that print a word as the label of a choice."""
        found = Q(pk__in=())
        for name in self.printed:
            column = column_of(self.model, name)
            keys = [key for key, said in column.flatchoices if word in fold(str(said))]
            found |= Q(**{f"{name}__in": keys})
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        response: HttpResponse = super().changelist_view(request, title | (extra_context or {}))
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        """What the address fills in, without references that are no numbers."""
        given = super().get_changeform_initial_data(request)
        references = {field.name for field in self.opts.concrete_fields if field.is_relation}
        return {
            name: value
            for name, value in given.items()
            if name not in references or re.fullmatch(r"[0-9]{1,18}", str(value))
        }


class TableAdmin(RoomForText, ExportAdmin, ImportAdmin, GuardedList):
    """Base of the admin of a table that has a resource."""

    locked: ClassVar[tuple[str, ...]] = ("code", "project")  # once the row is saved
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        more = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, more | (extra_context or {}))

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        """What identifies a row is never changed and never used again."""
        own = {field.name for field in self.opts.concrete_fields}
        locked = tuple(name for name in self.locked if obj and name in own)
        return (*self.readonly_fields, *locked)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """A double click or a second person with the same code: told, and written once."""
        thing = self.opts.verbose_name
        title = capfirst(thing) if object_id else _("Add: %(thing)s") % {"thing": thing}
        try:
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, {"title": title} | (extra_context or {})
            )
        except (IntegrityError, OperationalError) as error:
            if isinstance(error, OperationalError) and not is_held(error):
                raise
            messages.error(request, why_not_saved(error))
            was_not_saved(request)
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        return response
