"""Days as people type them: form fields and the small forms made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from deliverables.fields.columns import DayField, TypedDay, day
from exchange.tables import limits
from steps.table import StepRule

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def typed_day(label: _StrOrPromise) -> TypedDay:
    """A day in a form that is of no model; it may be left out."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return TypedDay(label=label, required=False, widget=widget, validators=[day])


def choose_among(field: forms.Field, rows: QuerySet[Model]) -> None:
    """The rows that a field of references offers."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


class PeriodForm(forms.Form):
    """A form with a first and a last day."""

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            raise ValidationError(_("The period ends before it begins."))
        return given


class DayForm(forms.Form):
    """One day, typed as people type days."""

    on = DayField().formfield(label=gettext_lazy("Date"))


class StepForm(forms.Form):
    """What a step asks for; what it does not ask for is not there."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For the people of the project; it is not public."),
    )

    def __init__(self, rule: StepRule, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for name in self.fields.keys() - set(rule.asks):
            del self.fields[name]
