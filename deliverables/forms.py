"""Forms of more than one page of the back office."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from deliverables import fields


class DayForm(forms.Form):
    """One day, typed as people type days."""

    on = fields.DayField().formfield(label=gettext_lazy("Date"))
