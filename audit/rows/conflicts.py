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
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from audit.bases import AnyForm, AnyFormSet
from audit.events.columns import column_of
from audit.events.history import Rows, every_row, last_change, own_change, state_at
from audit.events.in_words import shown
from audit.events.people import named
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


class VersionedForm(AnyForm):
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
            field = column_of(type(self.instance), name)
            now, typed = field.value_from_object(self.instance), cleaned[name]
            was = now if known is None else known.get(str(field.column), now)
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

    def type(self, name: str, value: object) -> None:
        """As if the person had typed it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
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


def value_of(value: object) -> object:
    return value.pk if isinstance(value, models.Model) else value


def plain(value: object) -> object:
    """Typed, stored and recorded values of one meaning become equal."""
    value = value_of(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).normalize()
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    return value.isoformat() if isinstance(value, dt.date) else str(value).replace("\r\n", "\n")


class VersionedFormSet(AnyFormSet):
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
