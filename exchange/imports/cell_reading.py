"""What a cell of a file means, and whether it still says what the register gave out.

A spreadsheet may have saved the cell again: a number may have lost its zeros, a day may stand as
Excel writes days, whatever sign or size the register allows itself and a file may not bring.
"""

from __future__ import annotations

import decimal
from collections import Counter

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from audit.events.columns import Column as FieldColumn
from audit.rows.conflicts import plain
from exchange.imports.planned import Key, Value
from exchange.reading import headers
from exchange.reading.faults import ENOUGH, Fault, Unreadable
from exchange.reading.sheets import garbled
from exchange.reading.table import Row, Table, blank
from exchange.tables import limits
from exchange.tables.cell_text import cut, digits, marked
from exchange.tables.cells import STARTS_A_FORMULA, unguard
from exchange.tables.columns import Column
from exchange.tables.number_formats import Cell, Number
from exchange.tables.resources import TableResource
from exchange.tables.widgets import TextWidget

CLEAR = {"clear", "dzest"}  # in square brackets: widgets.marked


class CellReader:
    """The rows of a table as cells of a resource: their keys, their values, and what is wrong with
    them."""

    def __init__(self, resource: TableResource, table: Table) -> None:
        self.resource, self.table = resource, table
        self.model = resource.model()
        self.columns = headers.matched(table, type(resource))
        self.faults: list[Fault] = []
        self.notes: Counter[str] = Counter()
        self.labels = {column.key: column.label(self.model) for column in self.columns}
        self.fields: dict[str, FieldColumn] = {
            column.key: column.model_field(self.model)
            for column in self.columns
            if not column.computed
        }
        self.by_key = {column.key: column for column in resource.columns}

    def _fault(self, sentence: str, row: Row, column: str = "", value: object = "") -> None:
        hidden = column in self.by_key and self._is_name(column)  # a fault is kept on record
        shown = "" if value is None or hidden else str(value)[:50]
        if hidden and value:
            sentence = _(
                "The name cannot be read: it holds a character that cannot be seen, brackets, or "
                "more than a name has. Type it again."
            )
        self.faults.append(Fault(sentence, row.number, column, shown, self.table.name))
        if len(self.faults) >= ENOUGH:  # nobody reads more, and each of them costs
            self._stop()

    def _stop(self) -> None:
        if self.faults:
            raise Unreadable(*sorted(self.faults, key=lambda fault: fault.row))

    def _by_key(self, row: Row) -> dict[str, Cell]:
        return {
            column.key: unguard(cell) if isinstance(cell, str) else cell
            for column, cell in zip(self.columns, row.cells, strict=True)
        }

    def _keys(self, cells: list[dict[str, Cell]]) -> list[Key | None]:
        """The natural key of each row, by the model's attributes; None where it cannot be read."""
        keys = list[Key | None]()
        for row, given in zip(self.table.rows, cells, strict=True):
            parts = [self._key_part(row, given, name) for name in self.resource.key]
            known = [part for part in parts if part is not None]
            keys.append(tuple(known) if len(known) == len(parts) else None)
        return keys

    def _key_part(self, row: Row, given: dict[str, Cell], name: str) -> tuple[Value] | None:
        """One part of the key: (value,); an optional reference may be empty."""
        of = self.fields[name]
        if blank(given[name]) and not (of.null or of.blank):
            self._fault(_("The cell is empty, and rows are recognised by it."), row, name)
            return None
        try:
            value = self._read(name, given)
            if isinstance(of, models.DateField):
                value = of.to_python(value).isoformat()
        except ValueError as error:
            self._fault(str(error), row, name, given[name])
            return None
        except ValidationError as error:
            self._fault(" ".join(error.messages), row, name, given[name])
            return None
        return (value,)

    def _value(
        self, of: FieldColumn, key: str, cell: Cell, given: dict[str, Cell]
    ) -> tuple[Value, bool]:
        """The value that a cell means, checked as a form would, and whether it erases one."""
        if isinstance(cell, str) and (mark := marked(cell)):
            if mark not in CLEAR:
                raise ValueError(
                    _(
                        "“%(value)s” looks like a mark, and the one that empties a cell is [clear] "
                        "or [dzēst]. Write that, or the text without square brackets."
                    )
                    % {"value": cut(cell)}
                )
            if not of.blank:
                raise ValueError(_("This column cannot be empty."))
            return (None if of.null else of.get_default() if of.has_default() else ""), True
        if isinstance(cell, str) and (why := garbled(cell)):
            raise ValueError(_("A name looks wrongly decoded.") if self._is_name(key) else why)
        value = self._read(key, given)
        return (value if of.is_relation else of.clean(value, None)), False

    def _read(self, key: str, given: dict[str, Cell]) -> Value:
        """What a cell means; one that is longer than anything the column takes is not looked at."""
        cell = given[key]
        if isinstance(cell, str):
            MaxLengthValidator(self._longest(key))(cell.strip())
        value: Value = self._widget(key).clean(cell, given)
        return value

    def _longest(self, key: str) -> int:
        """Characters of a cell: those of the text, or what no number, day, code or list needs."""
        widget = self._widget(key)
        if isinstance(widget, TextWidget):
            return self.fields[key].max_length or limits.TEXT
        return getattr(widget, "longest", limits.TITLE)

    def _widget(self, key: str) -> Widget:
        return self.resource.fields[key].widget

    def _is_name(self, key: str) -> bool:
        return self.by_key[key].personal

    def _note(self, cell: Cell, new: str) -> None:
        broken = isinstance(cell, str) and ("\n" in cell.strip() or "\r" in cell.strip())
        if broken and "\n" not in new:
            self.notes[_("Line breaks in a text of one line became spaces.")] += 1
        if new.startswith(STARTS_A_FORMULA):
            self.notes[
                _("Texts that a spreadsheet could take for a formula are kept as text.")
            ] += 1


def still_says(
    column: Column, model: type[models.Model], cell: Cell, live: object, widget: Widget
) -> bool:
    """`live` is what the row has: the value itself, of a reference what it is called by."""
    text = "" if live is None else str(live)
    if isinstance(cell, str) and cell.strip() == text:
        return True
    if column.is_number(model):
        return live is not None and _number(cell) == decimal.Decimal(text)
    if column.to:
        return False
    try:
        value = column.model_field(model).to_python(widget.clean(cell))
    except (ValueError, ValidationError):
        return False
    return bool(plain(value) == plain(live))


def _number(cell: Cell) -> decimal.Decimal | None:
    try:
        if isinstance(cell, Number):
            return decimal.Decimal(cell.plain()) if cell.is_plain else None
        text = digits(cell)
        number = decimal.Decimal(text.replace(",", ".").replace("\u2212", "-"))
    except (ValueError, decimal.InvalidOperation):
        return None
    return number if number.is_finite() else None
