"""Cells that are safe in a spreadsheet and still numbers: in Python and in SQL alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Case, Expression, F, Func, Model, TextField, Value, When
from django.db.models.functions import Cast

from exchange.tables.columns import Column

T = TypeVar("T")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "'", "＝", "＋", "－", "＠")
_FORMULAS = frozenset(STARTS_A_FORMULA)  # each is one character
# Of an empty text ascii() is 0, and PostgreSQL keeps no NUL.
_FIRST = ", ".join(str(ord(start)) for start in STARTS_A_FORMULA if start != "\0")


class NumberText(str):
    """A number as text: its minus sign begins no formula."""

    __slots__ = ()


def guard(value: T) -> T | str:
    """Text that a spreadsheet would run gets a leading apostrophe; numbers stay numbers."""
    if isinstance(value, str) and value[:1] in _FORMULAS and not isinstance(value, NumberText):
        return "'" + value
    return value


def unguard(value: T) -> T | str:
    """The text before `guard`."""
    if isinstance(value, str) and value.startswith("'") and value[1:].startswith(STARTS_A_FORMULA):
        return value[1:]
    return value


class Repeated(Func):
    """A function whose template names its expressions more than once, so their parameters, too."""

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, tuple[str | int, ...]]:
        sql, parameters = super().as_sql(*args, **kwargs)
        times = str(self.template).count("%(expressions)s")
        return sql, tuple(parameters) * times


class Trimmed(Func):
    """A number without zeros behind its last decimal that says something."""

    function = "trim_scale"


class Guarded(Repeated):
    """`guard` in SQL; an empty text is null, so that COPY leaves the cell empty."""

    template = (
        f"CASE WHEN ascii(%(expressions)s) IN ({_FIRST}) "
        "THEN '''' || %(expressions)s ELSE NULLIF(%(expressions)s, '') END"
    )
    output_field = TextField()


class Stated(Func):
    """A text as it stands, null where it is empty."""

    template = "NULLIF(%(expressions)s, '')"
    output_field = TextField()


class Moment(Func):
    """A moment in UTC, ISO 8601."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = TextField()


class _Joined(Func):
    template = "NULLIF(array_to_string(%(expressions)s, ','), '')"
    output_field = TextField()


class _DecimalComma(Func):
    template = "replace((%(expressions)s)::text, '.', ',')"
    output_field = TextField()


def _path(column: Column, model: type[Model]) -> Expression | F:
    path = F(column.key if column.computed else column.path)
    return Trimmed(path) if column.kind(model) == "decimal" else path


def value_of(column: Column, model: type[Model]) -> Expression | F:
    """The value as JSON has it: numbers, booleans and lists, null where nothing is stated."""
    kind = column.kind(model)
    path = _path(column, model)
    if column.is_number(model) or kind in ("boolean", "choices"):
        return path
    return Moment(path) if kind == "moment" else Stated(Cast(path, TextField()))


def text_of(column: Column, model: type[Model], *, comma: bool = False) -> Expression | F:
    """The value as a cell of CSV: text guarded, booleans as yes and no, lists comma-separated."""
    kind = column.kind(model)
    path = _path(column, model)
    if column.is_number(model):
        return _DecimalComma(path) if comma and kind in ("money", "decimal") else path
    if kind == "boolean":
        yes, no = Value("yes"), Value("no")
        name = column.key if column.computed else column.path
        return Case(When(**{name: True}, then=yes), default=no, output_field=TextField())
    if kind == "choices":
        return Guarded(_Joined(path))
    return Moment(path) if kind == "moment" else Guarded(Cast(path, TextField()))


def in_csv(value: object) -> object:
    """The same for a value that was read already."""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return guard(",".join(value)) if isinstance(value, list) else value


def as_csv(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, excel: bool = False
) -> bytes:
    """RFC 4180 in UTF-8: comma, CRLF, one header row, no totals.

    For Excel in Latvian: a byte order mark, semicolons and decimal commas.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if excel else ",")
    writer.writerow(headers)
    writer.writerows(map(in_csv, row) for row in rows)
    return out.getvalue().encode("utf-8-sig" if excel else "utf-8")


def letters(position: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name
