"""What comes of a grid: the fields of its form, and a block that was pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from itertools import zip_longest

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.reading.faults import Unreadable
from exchange.reading.headers import names
from exchange.tables import limits
from office.grids.grid import GridTable, TypedRow

PASTED = "pasted"  # the field for who pastes without JavaScript
SEEN = re.compile(r"([0-9]{1,18})-([0-9]{1,8})|")


def typed_rows(table: GridTable, fields: QueryDict) -> list[TypedRow]:
    """The rows of the form: each column is a list, in the order of the rows. Those without a cell
    that says something are left out. Raises BadRequest where the lists are of no one table."""
    keys = [column.key for column in table.columns]
    lists = [fields.getlist(key) for key in ("seen", *keys)]
    rows = []
    for seen, *cells in zip_longest(*lists):
        match = SEEN.fullmatch(seen) if isinstance(seen, str) else None
        if match is None or None in cells or any("\0" in cell for cell in cells):
            raise BadRequest
        key, version = (int(part) if part else None for part in match.groups())
        rows.append(TypedRow(dict(zip(keys, cells, strict=True)), key, version))
    return [row for row in rows if not row.is_empty]


def pasted_rows(table: GridTable, text: str) -> list[TypedRow]:
    """New rows of a block with tabs between its cells: in the order of the screen, or of a header
    that it brings along. Raises Unreadable, and BadRequest for what no page sends."""
    if "\0" in text:
        raise BadRequest
    keys = [column.key for column in table.columns]
    csv.field_size_limit(limits.CELL * 2)
    try:
        read = [line for line in csv.reader(io.StringIO(text, newline=""), "excel-tab") if line]
    except csv.Error:
        raise Unreadable(
            _("A cell is longer than %(most)s characters.") % {"most": limits.CELL}
        ) from None
    known = {name: column.key for name, column in names(type(table.resource)).items()}
    header = [known.get(" ".join(cell.casefold().split()), "") for cell in read[0]] if read else []
    if header and {*header} <= {*keys} and len({*header}) == len(header):
        keys, read = header, read[1:]
    for line in read:
        if any(line[len(keys) :]):
            raise Unreadable(_too_wide(len(line), len(keys)))
    empty = {column.key: "" for column in table.columns}
    rows = [TypedRow(empty | dict(zip(keys, line, strict=False))) for line in read]
    return [row for row in rows if not row.is_empty]


def _too_wide(cells: int, columns: int) -> str:
    return ngettext(
        "A pasted row has %(cells)s cells, and the table has %(columns)s column. Copy the cells in "
        "the order of the table, or with a first row that names their columns.",
        "A pasted row has %(cells)s cells, and the table has %(columns)s columns. Copy the cells "
        "in the order of the table, or with a first row that names their columns.",
        columns,
    ) % {"cells": cells, "columns": columns}
