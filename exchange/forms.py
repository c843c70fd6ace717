"""The base of the admin's forms."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.bases import AnyForm
from audit.events.columns import Column
from audit.rows.conflicts import VersionedForm
from exchange.reference_choices import RowFormSet, inner
from exchange.tables.cell_text import cut, digits


class TypedField(forms.Field):
    """A number as people write it and as spreadsheets copy it: 1250.5, 1 250,50, −3.

    An input of type "number" refuses the comma or the spaces, by the language of the browser.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 16})
    default_error_messages: ClassVar = {
        "invalid": _("“%(value)s” is not a number. Write it in digits, as 1250.50 or 1 250,50.")
    }
    pattern = r"[+-]?[0-9]+(\.[0-9]+)?"

    def to_python(self, value: object) -> Any:
        """Digits 0 to 9 alone: Python would also read 1e3, 1_000, NaN and the digits of others."""
        if isinstance(value, str):
            typed = value.strip()
            try:
                value = digits(typed.replace("\u2212", "-")).replace(",", ".")
            except ValueError as error:
                raise ValidationError(str(error)) from None
            if value and not re.fullmatch(self.pattern, value):
                message = self.error_messages["invalid"]
                raise ValidationError(message, code="invalid", params={"value": cut(typed)})
        return super().to_python(value)


class TypedNumber(TypedField, forms.DecimalField):
    """An amount, or a measured number."""


class TypedWhole(TypedField, forms.IntegerField):
    """A whole number: 12 or 1 250."""

    default_error_messages: ClassVar = {
        "invalid": _("“%(value)s” is not a whole number. Write it in digits, as 12 or 1250.")
    }
    pattern = r"[+-]?[0-9]+"


def typed(column: Column) -> dict[str, object]:
    """How the number of a column is typed in any form; nothing for other columns."""
    if isinstance(column, models.DecimalField):
        return {"form_class": TypedNumber, "localize": True}
    whole = isinstance(column, models.IntegerField) and not column.choices
    return {"form_class": TypedWhole} if whole else {}


class RowForm(VersionedForm):
    """Checks the table's constraints on the whole row.

    A ModelForm leaves out each constraint that names a column which is not in the form, and the
    database would then answer with an error instead of a sentence. `also_checked` are the
    columns outside the form that take part.
    """

    also_checked: ClassVar[tuple[str, ...]] = ()
    code_is_final: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields and self.code_is_final:
            self.fields["code"].disabled = True

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - set(self.also_checked)

    def _update_errors(self, errors: ValidationError) -> None:
        """An error of a column that is not in the form belongs to the form as a whole."""
        by_field = getattr(errors, "error_dict", {})
        absent = [name for name in by_field if name not in {NON_FIELD_ERRORS, *self.fields}]
        for name in absent:
            by_field.setdefault(NON_FIELD_ERRORS, []).extend(by_field.pop(name))
        super()._update_errors(errors)  # type: ignore[misc]


class TableRowForm(RowForm):
    """A row of an inline that is a table: each input says by itself what it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            inner(field).attrs.setdefault("aria-label", str(field.label))


class SameProjectFormSet(RowFormSet):
    """Rows of an inline get the project of the row that they belong to."""

    def add_fields(self, form: AnyForm, index: int | None) -> None:
        super().add_fields(form, index)
        if removal := form.fields.get("DELETE"):
            removal.widget.attrs["aria-label"] = str(removal.label)

    def _construct_form(self, i: int, **kwargs: object) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.instance.project_id = self.instance.project_id
        return form
