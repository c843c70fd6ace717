"""What a reference in a form offers: always a search, and a plain list where that is short."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from audit.bases import AnyForm
from audit.rows.conflicts import VersionedFormSet

LISTED = 200  # rows of a list
WRITTEN = 2000  # options of all lists of one column of a page
_LISTS: WeakKeyDictionary[HttpRequest, dict[type[Model], list[Model] | None]] = WeakKeyDictionary()

OptionGroup: TypeAlias = tuple[str | None, list[dict[str, Any]], int | None]  # as Django has it


class Offered(AutocompleteSelect):
    """Django's search; with `rows`, without JavaScript a list to choose from, `by_project`.

    `rows` are those that may be chosen, None where they are too many for a list; `known` those
    that were read for all rows of a page. Whatever else is chosen is read by itself.
    """

    rows: Collection[Model] | None = None
    by_project = True
    known: Mapping[str, Model] = {}

    def optgroups(
        self, name: str, value: Sequence[str], attr: dict[str, object] | None = None
    ) -> list[OptionGroup]:
        known = self.known if self.rows is None else {str(row.pk): row for row in self.rows}
        chosen = [str(key) for key in value if key]
        if any(key not in known for key in chosen):
            return super().optgroups(name, value, attr)
        groups: list[OptionGroup] = []
        number = 0
        if not chosen or not self.is_required:  # else a list would choose its first row
            groups.append((None, [self.create_option(name, "", "", not chosen, 0)], 0))
        rows = [known[key] for key in chosen] if self.rows is None else self.rows
        for project, members in groupby(rows, key=self._project):
            options = []
            for row in members:
                number += 1
                picked = str(row.pk) in chosen
                options.append(self.create_option(name, row.pk, self._said(row), picked, number))
            groups.append((str(project) if project else None, options, number))
        return groups

    def _project(self, row: Model) -> Model | None:
        headed = self.by_project and self.rows is not None
        return getattr(row, "project", None) if headed else None

    def _said(self, row: Model) -> str:
        choices = self.choices
        return str(choices.field.label_from_instance(row))


def offered(request: HttpRequest, rows: QuerySet[Model]) -> list[Model] | None:
    """The rows as a list, read once for all fields of a page; None where they are too many."""
    lists = _LISTS.setdefault(request, {})
    if rows.model not in lists:
        lists[rows.model] = short(rows)
    return lists[rows.model]


def short(rows: QuerySet[Model]) -> list[Model] | None:
    """The rows as a list; None where they are too many."""
    if any(field.name == "project" for field in rows.model._meta.fields):
        rows = rows.select_related("project")
    listed = list(rows[: LISTED + 1])
    return listed if len(listed) <= LISTED else None


def inner(field: forms.Field) -> forms.Widget:
    """The widget of a form field, within its wrapper."""
    widget = field.widget
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


class RowFormSet(VersionedFormSet):
    """Rows of an inline; what their references show is read at once, not row by row."""

    @cached_property
    def forms(self) -> list[AnyForm]:
        forms: list[AnyForm] = super().forms
        for name in forms[0].fields if len(forms) > 1 else ():
            widgets = [inner(form.fields[name]) for form in forms]
            lists = [widget for widget in widgets if isinstance(widget, Offered)]
            if lists:
                self._share(name, forms, lists)
        return forms

    def _share(self, name: str, forms: list[AnyForm], widgets: list[Offered]) -> None:
        rows = widgets[0].rows
        if rows is not None and len(rows) * len(forms) <= WRITTEN:
            return
        if rows is None:
            keys = {str(form[name].value() or "") for form in forms}
            column: Any = forms[0].fields[name]
            rows = column.queryset.filter(
                pk__in=[key for key in keys if re.fullmatch("[0-9]{1,18}", key)]
            )
        known = {str(row.pk): row for row in rows}
        for widget in widgets:
            widget.rows, widget.known = None, known
