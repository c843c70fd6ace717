"""Rows that were entered by mistake: their list, and the pages that mark one or put it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Right
from audit.events.history import model_of
from audit.events.people import named
from audit.rows.refused import Refused
from audit.rows.unsaved import typed
from deliverables.projects.access import access_of, desk_of
from deliverables.projects.mistakes import marking
from deliverables.projects.mistakes.deleting_admin import DeletableRows
from deliverables.projects.models import Mistake, Project
from deliverables.projects.scoped_admin import NOT_YOURS, Records
from exchange.tables import limits
from steps.pages import Page, PagesOfRows

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it was a mistake"),
        max_length=limits.TEXT,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("In a sentence: the audit trail keeps it, an auditor will read it."),
    )


class MistakePage(Page):
    template = "admin/deliverables/mistake.html"
    lead: str

    def more(self) -> dict[str, object]:
        meta = self.row._meta
        rows = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        seen = getattr(self.row, "version", "")
        return {"lead": self.lead, "rows": rows, "seen": seen, "named": meta.verbose_name_plural}


class MarkPage(MistakePage):
    """A row of any table, for who may change it."""

    name = "deliverables_mistake_mark"
    address = "mark/<slug:of>/<int:pk>/"
    verb = gettext_lazy("Entered by mistake")

    def get_row(self) -> Model:
        model = model_of(self.kwargs["of"])
        if model is None or not admin.site.is_registered(model):
            raise Http404
        page = admin.site.get_model_admin(model)
        if not isinstance(page, DeletableRows) or not page.is_marked:
            raise Http404
        self.page = page
        row: Model | None = page.get_queryset(self.request).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    @property
    def lead(self) -> str:  # type: ignore[override]
        return _(
            "It leaves every list, sum and file, and the next release; what was released before "
            "stays as it is. Its code is not used again. Whoever marks it, or a project leader, "
            "can put it back."
        )

    def is_open(self) -> bool:
        return self.page.has_change_permission(self.request, self.row)

    def get_form(self) -> forms.Form:
        return ReasonForm(typed(self.request))

    def why_not(self) -> str | None:
        if self.page.has_delete_permission(self.request, self.row):
            return _("Nobody has read it yet: it can be deleted, and only the trail keeps it.")
        return marking.why_not_marked(self.row, self._project(), self.by) or None

    def _project(self) -> Project | None:
        key = self.page.project_of(self.row)
        return Project.objects.get(pk=key) if key else None

    def take(self) -> str:
        reason = self.form.cleaned_data["reason"]
        component = self.page.component_of(self.row)
        marking.mark(
            self.row, self._project(), component, by=self.by, seen=self.seen, reason=reason
        )
        return _("%(row)s is marked as entered by mistake, and left every list.") % {
            "row": self.row
        }

    def more(self) -> dict[str, object]:
        return {**super().more(), "button": _("Mark as a mistake")}

    def leads_to(self) -> str:
        return str(self.more()["rows"])


class PutBackPage(MistakePage):
    """For who marked it, or leads the project; and may write the row that comes back."""

    name = "deliverables_mistake_put_back"
    address = "<int:pk>/put-back/"
    verb = gettext_lazy("Put back")

    @property
    def lead(self) -> str:  # type: ignore[override]
        return str(self.row.reason)

    def is_open(self) -> bool:
        leads = access_of(self.by).may(Right.PUBLISH, self.row.project_id)
        return leads or bool(self.row.by == self.by.code)

    def take(self) -> str:
        with transaction.atomic():
            self.came = marking.put_back(self.row, by=self.by)
            page: Any = admin.site.get_model_admin(type(self.came))
            if not page.scope.edits(access_of(self.by), self.came):
                raise Refused(str(NOT_YOURS))
        return _("%(row)s is back.") % {"row": self.came}

    def back(self) -> str:
        return reverse("admin:deliverables_mistake_changelist")

    def leads_to(self) -> str:
        meta = self.came._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.came.pk])


class TableFilter(admin.SimpleListFilter):
    title = gettext_lazy("table")
    parameter_name = "table"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin[Mistake]
    ) -> Iterator[tuple[str, str]]:
        tables = model_admin.get_queryset(request).order_by("table").values_list("table", flat=True)
        for table in tables.distinct():
            yield table, _what(table)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Mistake]
    ) -> QuerySet[Mistake] | None:
        return queryset.filter(table=self.value()) if self.value() else queryset


@admin.register(Mistake)
class MistakeAdmin(PagesOfRows, Records):
    pages = (MarkPage, PutBackPage)
    list_display = ("__str__", "what", "reason", "who", "at", "doors")
    list_display_links = ("__str__",)
    list_filter = (TableFilter,)
    search_fields = ("label_lv", "label_en", "reason")
    list_per_page = 50
    fields = ("__str__", "what", "reason", "who", "at", "doors")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Of the projects and components that the person sees, and the person's own."""
        access, rows = access_of(request.user), super().get_queryset(request)
        if desk := desk_of(request):
            rows = rows.filter(project=desk)
        if access.everywhere(Right.SEE):
            return rows
        own = Q(by=getattr(request.user, "code", ""))
        own |= Q(component__in=access.components(Right.SEE))
        return rows.filter(own | Q(project__in=access.projects(Right.SEE)))

    @admin.display(description=gettext_lazy("table"), ordering="table")
    def what(self, row: Mistake) -> str:
        return _what(row.table)

    @admin.display(description=gettext_lazy("by"), ordering="by")
    def who(self, row: Mistake) -> str:
        return named([row.by]).get(row.by, row.by)

    @admin.display(description=gettext_lazy("actions"))
    def doors(self, row: Mistake) -> str:
        where = reverse("admin:deliverables_mistake_put_back", args=[row.pk])
        return format_html('<a href="{}">{}</a>', where, PutBackPage.verb)


def _what(table: str) -> str:
    model = model_of(table)
    return str(capfirst(model._meta.verbose_name_plural)) if model else table
