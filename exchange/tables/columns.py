"""The description of a table's columns: key, label, meaning, type and unit, said once.

The label is the model field's own `verbose_name`, or comes with a column that a query computes.
What a column means to a reader, its table says (TableResource.meanings).
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.widgets import Widget

from audit.events.columns import column_of, led_to
from exchange.tables.cell_text import plain_number
from exchange.tables.references import ReferenceWidget
from exchange.tables.widgets import (
    BooleanWidget,
    ChoiceWidget,
    DateWidget,
    DecimalWidget,
    IntegerWidget,
    MoneyWidget,
    TextWidget,
    one_line,
)

DAY = "YYYY-MM-DD"
PARTIAL = "YYYY-MM-DD, YYYY-MM, YYYY"
MOMENT = "YYYY-MM-DDThh:mm:ssZ"
KINDS = {
    "PositiveSmallIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "BigAutoField": "integer",
    "DecimalField": "money",
    "BooleanField": "boolean",
    "PartialDateField": "date",
    "DateField": "date",
    "DayField": "date",
    "NumberField": "decimal",
    "DateTimeField": "moment",
}


def _kind_of_output(field: models.GeneratedField) -> str:
    output = getattr(field, "output_field", None)
    return "integer" if isinstance(output, models.IntegerField) else "text"


def _limits(model: type[models.Model], of: models.Field[object, object]) -> tuple[int, int]:
    """The least and the largest whole number that the column takes: of its type, its validators
    and the checks of its table, at most nine digits."""
    lows, highs = [0], [999_999_999]
    for rule in of.validators:
        lows += [rule.limit_value] if isinstance(rule, MinValueValidator) else []
        highs += [rule.limit_value] if isinstance(rule, MaxValueValidator) else []
    for check in model._meta.constraints:
        condition = getattr(check, "condition", None)
        if not isinstance(condition, models.Q) or condition.negated:
            continue
        if condition.connector == models.Q.AND and not isinstance(check, models.UniqueConstraint):
            known: dict[str, object] = dict(
                child for child in condition.children if isinstance(child, tuple)
            )
            lows += [n for n in [known.get(f"{of.name}__gte")] if isinstance(n, int)]
            highs += [n for n in [known.get(f"{of.name}__lte")] if isinstance(n, int)]
    return max(lows), min(highs)


@dataclass(frozen=True)
class Computed:
    """What describes a column that the resource's `extract` annotates: there is no model field."""

    kind: str
    label: str | Promise
    meaning: str | Promise = ""


# What a unit is called; those of time are UCUM's.
UNITS = {
    "EUR": _("euros"),
    "EUR, %": _("euros or per cent"),
    "%": _("per cent"),
    "d": _("days"),
    "mo": _("months"),
    "a": _("years"),
    "bytes": _("bytes"),
}


@dataclass(frozen=True)
class Column:
    """One column of a table. `unit` is one of UNITS.

    `to` is the natural key of the row that a foreign key points at; `within` narrows the look-up
    by other columns of the same row. `via` is the path of a column that is only shown. Personal
    columns leave the register in no file; internal ones only in the files of the back office;
    a signed amount may be below zero;
    document_only ones stand in release documents and in no table that people read.
    """

    key: str
    to: str = ""
    within: Mapping[str, str] = field(default_factory=dict)
    via: str = ""
    unit: str = ""
    personal: bool = False
    internal: bool = False
    document_only: bool = False
    signed: bool = False
    computed: Computed | None = None

    @property
    def path(self) -> str:
        """Where the value is, for a query."""
        path = self.via or self.key
        return f"{path}__{self.to}" if self.to else path

    @property
    def shown_only(self) -> bool:
        """Whether a file may hold it and an import leaves it alone."""
        return bool(self.via or self.computed)

    @property
    def is_own(self) -> bool:
        """Whether it is only shown, and yet a column of the row itself: a step sets it."""
        return bool(self.via) and "__" not in self.via

    def model_field(self, model: type[models.Model]) -> models.Field[object, object]:
        *parents, last = (self.via or self.key).split("__")
        for name in parents:
            model = led_to(column_of(model, name))
        return column_of(model, last)

    def label(self, model: type[models.Model]) -> str:
        return str(self.computed.label if self.computed else self.model_field(model).verbose_name)

    def hint(self, model: type[models.Model]) -> str:
        """What is to be filled in, for who writes; what a cell says is TableResource.meaning."""
        return str(self.computed.meaning if self.computed else self.model_field(model).help_text)

    def kind(self, model: type[models.Model]) -> str:
        """text, code, date, moment, integer, money, decimal, boolean, choice(s) or reference."""
        if self.computed:
            return self.computed.kind
        of = self.model_field(model)
        if self.to:
            return "reference"
        if hasattr(of, "base_field"):
            return "choices"
        if of.choices:
            return "choice"
        if isinstance(of, models.GeneratedField):
            return _kind_of_output(of)
        return KINDS.get(type(of).__name__, "code" if of.name == "code" else "text")

    def pattern(self, model: type[models.Model]) -> str:
        """How its days and moments are written; "" for what is neither."""
        kind = self.kind(model)
        if kind != "date":
            return MOMENT if kind == "moment" else ""
        is_day = not self.computed and isinstance(self.model_field(model), models.DateField)
        return DAY if is_day else PARTIAL

    def is_number(self, model: type[models.Model]) -> bool:
        """Whether the cell is a number in a file; a reference is what it refers to."""
        if self.to and not self.computed:
            target = led_to(self.model_field(model))
            return isinstance(column_of(target, self.to), models.IntegerField)
        return self.kind(model) in ("integer", "money", "decimal")

    def choices(self, model: type[models.Model]) -> dict[str, str | Promise]:
        """Codes and their words; the codes in one order, whatever language is active."""
        of = self.model_field(model)
        with translation.override(None):
            return dict(getattr(of, "base_field", of).flatchoices)

    def value(self, row: models.Model) -> object:
        """What a document holds for this column of a row."""
        value: object = row
        for name in self.path.split("__"):
            value = getattr(value, name) if value is not None else None
        return self.reading(type(row))(value)

    def reading(self, model: type[models.Model]) -> Callable[[object], object]:
        """What makes a document's value of a stored one: text, int, bool, list, or None; money as
        text with a point."""
        nothing = "" if self.to or self._is_text(model) else None
        number = plain_number if self.kind(model) == "decimal" else str

        def read(value: object) -> object:
            if value is None:
                return nothing
            if isinstance(value, decimal.Decimal):
                return number(value)
            return str(value) if isinstance(value, dt.date) else value

        return read

    def _is_text(self, model: type[models.Model]) -> bool:
        """Whether nothing is an empty text in a document: days are text there."""
        kind = self.kind(model)
        return kind == "date" or (bool(self.via) and kind in ("text", "code"))

    def as_field(self, model: type[models.Model]) -> Field:
        of = self.model_field(model)
        widgets: dict[str, Callable[[], Widget]] = {
            "code": lambda: TextWidget(is_code=True),
            "integer": lambda: IntegerWidget(*_limits(model, of)),
            "money": lambda: MoneyWidget(signed=self.signed),
            "decimal": DecimalWidget,
            "date": DateWidget,
            "boolean": BooleanWidget,
            "choice": lambda: ChoiceWidget(self.choices(model)),
            "choices": lambda: ChoiceWidget(self.choices(model), many=True),
            "reference": lambda: ReferenceWidget(led_to(of), self.to, self.within),
        }
        make = widgets.get(self.kind(model), lambda: TextWidget(lines=not one_line(of)))
        return Field(self.via or self.key, self.key, make(), readonly=bool(self.via))
