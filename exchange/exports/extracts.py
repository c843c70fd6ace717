"""A table's rows as files, straight from the query behind the resource.

PostgreSQL compiles the cells and copies them out; no model instance is made, and memory does not
grow with the rows. Everything is read in the caller's transaction (audit.events.moment.one_moment).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Protocol

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Count,
    DecimalField,
    Expression,
    F,
    Model,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.exports import xlsx as workbook
from exchange.tables.cells import text_of, value_of
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a table: its key in addresses, ending, media type, name and what it is for."""

    key: str
    suffix: str
    media: str
    name: str | Promise
    purpose: str | Promise

    @property
    def route(self) -> str:
        """The name of its public address."""
        return f"table_{self.key}"


CSV = Format(
    "csv",
    ".csv",
    "text/csv; charset=utf-8; header=present",
    "CSV",
    _("For programs and audits: comma, decimal point, ISO dates. The same in every language."),
)
EXCEL = Format(
    "excel",
    ".excel.csv",
    "text/csv; charset=utf-8; header=present",
    _("CSV for Excel"),
    _("For a double click in a Latvian Excel: semicolon, decimal comma."),
)
XLSX = Format(
    "xlsx",
    ".xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLSX",
    _("To edit in Excel or LibreOffice and import again: codes stay codes, lists to choose from."),
)
JSONL = Format(
    "jsonl",
    ".jsonl",
    "application/x-ndjson; charset=utf-8",
    _("JSON lines"),
    _("For programs: one object a line, with numbers and lists as such."),
)
FORMATS = {format_.key: format_ for format_ in (CSV, EXCEL, XLSX, JSONL)}


@dataclass(frozen=True, slots=True)
class Totals:
    """What a re-count has to find: all rows, and of those that count how many they are and their
    sums, by column ("" for their number) and kind ("" where kinds are not told apart)."""

    rows: int
    counted: dict[tuple[str, str], int | Decimal]


class Sink(Protocol):
    """What takes a text piece by piece."""

    def write(self, data: bytes, /) -> int: ...


class Extract:
    """The rows of a query, as the columns of a resource that a person may take away."""

    def __init__(self, resource: type[TableResource], rows: QuerySet[Model]) -> None:
        self.resource, self.model = resource, resource.model()
        self.columns: tuple[Column, ...] = resource.extract_columns()
        self.rows = resource.extract(rows)

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]

    def totals(self) -> Totals:
        """One query; a sum of nothing is 0."""
        resource = self.resource
        names = {
            (key, kind): f"_{key}_{kind}" for key in resource.summed for kind in resource.kinds()
        }
        if resource.counting:
            names |= {("", kind): f"__{kind}" for kind in resource.kinds()}
        columns = {column.key: column for column in self.columns}
        summed = {name: self._total(columns.get(key), kind) for (key, kind), name in names.items()}
        sums = self.rows.order_by().aggregate(_rows=Count("pk"), **summed)
        return Totals(sums["_rows"], {of: sums[name] for of, name in names.items()})

    def _total(self, column: Column | None, kind: str) -> Count | Coalesce:
        """Of the rows of a kind that count: their sum, or how many they are."""
        counts = Q(counts=True) if self.resource.counting else Q()
        counts &= Q(**{self.resource.by: kind}) if kind else Q()
        if column is None:
            return Count("pk", filter=counts)
        path = column.key if column.computed else column.path
        return Coalesce(Sum(path, filter=counts), 0, output_field=self._field(column))

    def _field(self, column: Column) -> DecimalField[Decimal, Decimal] | BigIntegerField[int, int]:
        if column.kind(self.model) == "money":
            return DecimalField(max_digits=20, decimal_places=2)
        return BigIntegerField()

    def query(self, cells: Callable[[Column, type[Model]], Expression | F]) -> str:
        """The SQL of the rows with these cells, `cells` being a function of column and model."""
        given = {f"cell_{column.key}": cells(column, self.model) for column in self.columns}
        rows = self.rows.annotate(**given).values_list(*given)
        sql, parameters = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            return str(cursor.mogrify(sql, parameters))

    def write(self, out: IO[bytes], format_: Format, about: Sequence[tuple[str, str]] = ()) -> None:
        """Write all rows. `about` are the lines of a workbook's second sheet."""
        if format_ is XLSX:
            workbook.write(out, [self.sheet(), about_sheet(about)])
        elif format_ is JSONL:
            self._write_json(out)
        else:
            self.write_csv(out, excel=format_ is EXCEL)

    def write_csv(self, out: Sink, *, excel: bool = False) -> None:
        delimiter, mark = (";", b"\xef\xbb\xbf") if excel else (",", b"")
        sql = self.query(lambda column, model: text_of(column, model, comma=excel))
        out.write(mark + delimiter.join(self.keys).encode() + b"\r\n")
        with connection.cursor() as cursor:
            copied = f"COPY ({sql}) TO STDOUT (FORMAT csv, DELIMITER '{delimiter}')"
            with cursor.copy(copied) as rows:
                for row in rows:
                    out.write(bytes(row[:-1]) + b"\r\n")

    def _write_json(self, out: IO[bytes]) -> None:
        names = ", ".join(f'"{key}"' for key in self.keys)
        inner = f"SELECT row_to_json(t) FROM ({self.query(value_of)}) AS t ({names})"  # noqa: S608
        # JSON has no raw control characters, so with these as quote and delimiter none is quoted.
        plain = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({inner}) TO STDOUT {plain}") as rows,
        ):
            for row in rows:
                out.write(row)

    def sheet(self) -> workbook.Sheet:
        kinds, lists = cell_kinds(self.columns, self.model)
        return workbook.Sheet(self.resource.table, self.keys, kinds, self._cells(), lists)

    def _cells(self) -> Iterator[tuple[Any, ...]]:
        def unguarded(column: Column, model: type[Model]) -> Expression | F:
            boolean = column.kind(model) in ("boolean", "choices")
            return text_of(column, model) if boolean else value_of(column, model)

        sql = self.query(unguarded)
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(2000):
                yield from rows

    def digest(self) -> str:
        """The SHA-256 of the rows as CSV."""
        sha = hashlib.sha256()

        class Hashed:
            def write(self, data: bytes, /) -> int:
                sha.update(data)
                return len(data)

        self.write_csv(Hashed())
        return sha.hexdigest()


def cell_kinds(
    columns: Sequence[Column], model: type[Model]
) -> tuple[list[str], dict[int, Sequence[str]]]:
    """What a workbook's columns hold, and the lists to choose from by position."""
    kinds, lists = list[str](), dict[int, Sequence[str]]()
    for position, column in enumerate(columns):
        kind = column.kind(model)
        kinds.append(_cell_kind(column, model))
        if kind == "boolean":
            lists[position] = ("yes", "no")
        elif kind == "choice" and not column.shown_only:
            lists[position] = tuple(code for code in column.choices(model) if code)
    return kinds, lists


def _cell_kind(column: Column, model: type[Model]) -> str:
    """One of workbook.STYLES."""
    kind = column.kind(model)
    if column.is_number(model):
        return {"money": "amount", "decimal": "number"}.get(kind, "integer")
    if kind != "date":
        return "text"
    is_partial = column.computed or getattr(column.model_field(model), "max_length", None)
    return "partial" if is_partial else "date"


def about_sheet(lines: Sequence[tuple[str, str]]) -> workbook.Sheet:
    return workbook.Sheet(
        "About", ("about", "value"), ("text", "text"), lines, widths=(28, 90), wrapped=True
    )
