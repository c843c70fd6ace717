"""Forms of more than one page of the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from deliverables import fields
from exchange import limits
from steps.table import Rule


class DayForm(forms.Form):
    """One day, typed as people type days."""

    on = fields.DayField().formfield(label=gettext_lazy("Date"))


class StepForm(forms.Form):
    """What a step asks for; what it does not ask for is not there."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For the people of the project; it is not public."),
    )

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - set(rule.asks):
            del self.fields[name]
