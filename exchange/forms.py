"""The base of the admin's forms."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms.models import BaseInlineFormSet


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """Checks the table's constraints on the whole row.

    A ModelForm leaves out each constraint that names a column which is not in the form, and the
    database would then answer with an error instead of a sentence. `also_checked` are the
    columns outside the form that take part.
    """

    also_checked: ClassVar[tuple[str, ...]] = ()

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - set(self.also_checked)


class SameProjectFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows of an inline get the project of the row that they belong to."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.project_id = self.instance.project_id
        return form
