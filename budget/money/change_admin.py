"""The back office of what changes the contract: side letters and addenda with their moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.bases import AnyInline
from audit.events.people import signed_in
from audit.rows.refused import Refused
from budget.money import actions, resources
from budget.money.live_reallocation import of_project
from budget.money.models import ChangeState, ContractChange, Move, change
from deliverables.fields.forms import DayForm
from deliverables.projects import codes
from deliverables.projects.scoped_admin import DraftAdmin, OfficeInline
from exchange.admin import RowsInline
from exchange.forms import RowForm, SameProjectFormSet
from steps.pages import DatedPage, StepPage

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldGroups
    from django.utils.datastructures import _ListOrTuple


TARGETS = ("deliverable", "activity", "line")


class ContractMoveForm(RowForm):
    """A row says what it moves: a forgotten reference is not the end of the project."""

    also_checked = ("project",)
    full = ""  # why it cannot be numbered
    ends_project = forms.BooleanField(label=gettext_lazy("the end of the project"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["ends_project"] = bool(self.instance.pk) and not self._names_something({})

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean()
        if self.full:
            self.add_error(None, self.full)
        if self._names_something(cleaned) == bool(cleaned.get("ends_project")):
            sentence = _(
                "Say what the row moves: a deliverable, an activity or a budget line, or by the "
                "tick the end of the project, and no two of them."
            )
            self.add_error("ends_project", sentence)
        return cleaned

    def _names_something(self, cleaned: Mapping[str, object]) -> bool:
        return any(
            cleaned.get(name) if name in cleaned else getattr(self.instance, f"{name}_id")
            for name in TARGETS
        )


class MoveFormSet(SameProjectFormSet):
    """Rows of a change number themselves; nobody has to think of a code."""

    def clean(self) -> None:
        """What two rows of this page say of one thing; the table knows those that are saved."""
        said: set[tuple[int | None, int | None]] = set()
        for form in self.forms:
            row, given = form.instance, getattr(form, "cleaned_data", {})
            target = (row.deliverable_id, row.activity_id)
            if not given.get("to_on") or given.get("DELETE") or row.line_id:
                continue
            if target in said:
                raise ValidationError(change.MOVED_ONCE)
            said.add(target)
        super().clean()

    def _construct_form(self, i: int, **kwargs: object) -> ContractMoveForm:
        form: ContractMoveForm = super()._construct_form(i, **kwargs)
        if not form.instance.pk:
            last = [row.code_order[0] for row in self.get_queryset()]
            try:
                form.instance.code = codes.after("V", max(last, default=0) + i)
            except Refused as refused:
                form.full = str(refused)
        return form


class MoveInline(OfficeInline, RowsInline):
    """In two rows: what moves, and where to."""

    model = Move
    form = ContractMoveForm
    formset = MoveFormSet
    can_delete = True
    fields = ((*TARGETS, "ends_project"), ("from_on", "to_on", "days", "amount"))
    autocomplete_fields = TARGETS

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: object) -> int:
        """A new change begins with a row for something."""
        return 0 if obj else 1


class SignChangePage(DatedPage, StepPage):
    """What would move, before all of it moves, or nothing."""

    name = "budget_contractchange_sign"
    address = "<int:pk>/sign/"
    template = "admin/budget/sign.html"
    verb = gettext_lazy("Sign")
    form_class = DayForm
    cycle = actions.CHANGES
    step = actions.SIGN
    done = gettext_lazy("%(code)s is signed; all that it moves has moved.")

    def get_title(self) -> str:
        return _("Sign: %(change)s") % {"change": self.row}

    def more(self) -> dict[str, object]:
        return {"contract": self.owner.shown(self.request, self.row)}


@admin.register(ContractChange)
class ContractChangeAdmin(DraftAdmin):
    resource = resources.ContractChangeResource
    pages = (SignChangePage,)
    form = RowForm
    list_display = ("code", "kind", "state", "signed_on", "project")
    list_display_links = ("code", "kind")
    list_filter = ("project", "kind", "state")
    list_select_related = ("project",)
    search_fields = ("code", "reason_lv", "reason_en")
    printed = ("kind",)
    autocomplete_fields = ("project",)
    fields = ("project", "code", "kind", "state", "signed_on", "plan", "reason_lv", "reason_en")
    readonly_fields = ("state", "signed_on", "plan")  # set by the signature
    inlines = (MoveInline,)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> _FieldGroups:
        """A new one has none of what the signature sets."""
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> _ListOrTuple[type[AnyInline]]:
        """The page of a signed change tells once, above, what it moved."""
        final = isinstance(obj, ContractChange) and obj.state == ChangeState.SIGNED
        return () if final else super().get_inlines(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A signed change is read, not changed."""
        if isinstance(obj, ContractChange) and obj.state == ChangeState.SIGNED:
            return False
        return super().has_change_permission(request, obj)

    def beside(self, request: HttpRequest, row: ContractChange) -> dict[str, object]:
        why_not = actions.CHANGES.refusal(row, actions.SIGN, signed_in(request))
        return {"contract": self.shown(request, row) | {"why_not": why_not}}

    def shown(self, request: HttpRequest, row: ContractChange) -> dict[str, object]:
        """What the change moves, and how far it moves the headings of the budget."""
        final = row.state == ChangeState.SIGNED
        moves = list(row.moves.select_related("deliverable", "activity", "line"))
        self.hide(request, moves)
        return {
            "final": final,
            "drifts": [] if final else of_project(row.project, draft=row),
            "moves": moves,
        }


@admin.register(Move)
class MoveAdmin(DraftAdmin):
    resource = resources.MoveResource
    locked = ("project", "change", "code", *TARGETS)
    choosable: ClassVar = {"change": ~Q(state=ChangeState.SIGNED)}
    form = ContractMoveForm
    list_display = ("change", "code", "deliverable", "activity", "line", "to_on", "amount")
    list_display_links = ("change", "code")
    list_filter = ("project",)
    list_select_related = ("change", *TARGETS)
    search_fields = ("code", "change__code")
    autocomplete_fields = ("project", "change", *TARGETS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What a signed change moved is read, not changed."""
        if isinstance(obj, Move) and obj.pk and obj.change.state == ChangeState.SIGNED:
            return False
        return super().has_change_permission(request, obj)
