"""Whether a cell still says what the register gave out, as a spreadsheet may have saved it again.

A number may have lost its zeros, a day may stand as Excel writes days, whatever sign or size the
register allows itself and a file may not bring.
"""

from __future__ import annotations

import decimal
from typing import Any

from django.core.exceptions import ValidationError

from audit.rows.conflicts import plain
from exchange.tables.columns import Column
from exchange.tables.number_formats import Number
from exchange.tables.widgets import digits


def says(column: Column, model: Any, cell: Any, live: Any, widget: Any) -> bool:
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


def _number(cell: Any) -> decimal.Decimal | None:
    try:
        if isinstance(cell, Number):
            return decimal.Decimal(cell.plain()) if cell.is_plain else None
        text = digits(cell)
        number = decimal.Decimal(text.replace(",", ".").replace("\u2212", "-"))
    except (ValueError, decimal.InvalidOperation):
        return None
    return number if number.is_finite() else None
