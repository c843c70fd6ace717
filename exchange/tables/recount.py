"""How a stranger makes a table again from the rows behind it: which columns, and by which way.

For releases/packs/check.py, which reads it from the pack. A column that a query computes, or that
the database derives, is in no event: it has no way.
"""

from __future__ import annotations

from django.db import models

from audit.events.columns import column_of, led_to
from audit.events.triggers import audited_tables, derived
from exchange.tables.columns import Column
from exchange.tables.counting import Counting, Where
from exchange.tables.resources import TableResource


def recipe(resource: type[TableResource]) -> dict[str, object]:
    """`rows`: the table behind it; `only`: which of its rows; `columns`: in the order of the file,
    "key kind way". The way to a cell: its column, or a column that leads to a row, that row's
    table and the column there, as "parent_id/table/code"; "=" where it says whether the row counts;
    "-" where there is none. `counting`: see exchange.tables.counting, with ways; "" where it says
    nothing.
    """
    model = resource.model()
    return {
        "rows": model._meta.db_table,
        "only": dict(resource.only),
        "columns": [_column(column, model) for column in resource.extract_columns()],
        **({"counting": _counting(resource.counting, model)} if resource.counting else {}),
    }


def _counting(counting: Counting, model: type[models.Model]) -> dict[str, object]:
    told: object = None
    if newest := counting.newest:
        of = led_to(column_of(model, newest.at)) if newest.at else model
        told = {
            "at": _told([newest.at], model) if newest.at else "",
            "rows": of._meta.db_table,
            "of": _told([newest.of], of),
            "by": [path for _name, path in newest.by],
            "where": _where(newest.where, of),
        }
    corrects = _told([counting.corrects], model) if counting.corrects else ""
    return {"where": _where(counting.where, model), "corrects": corrects, "newest": told}


def _where(where: Where, model: type[models.Model]) -> list[object]:
    return [[_told(path.split("__"), model), values, wanted] for path, values, wanted in where]


def _told(names: list[str], model: type[models.Model]) -> str:
    return "/".join(_way(names, model) or ["-"])


def _column(column: Column, model: type[models.Model]) -> str:
    way = None if column.computed else _way(column.path.split("__"), model)
    way = ["="] if column.key == "counts" else way
    kind = column.kind(model)
    if column.is_number(model) and kind not in ("money", "decimal"):
        kind = "integer"
    return f"{column.key} {kind} {'/'.join(way) if way else '-'}"


def _way(names: list[str], model: type[models.Model]) -> list[str] | None:
    *parents, last = names
    way = []
    for name in parents:
        relation = column_of(model, name)
        model = led_to(relation)
        way += [str(relation.column), model._meta.db_table]
    field = column_of(model, last)
    unrecorded = {*audited_tables()[model].kept_back, *derived(model)}
    is_told = field.column not in unrecorded and not isinstance(field, models.JSONField)
    return [*way, str(field.column)] if is_told else None
