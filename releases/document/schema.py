"""The JSON Schema of a release document, made from the resources that describe its tables."""

from __future__ import annotations

from typing import Any

from deliverables.fields import dates
from deliverables.ladder.status import Rung, at_least
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource
from experts.missions.ledger import SUMMED
from releases.document.shapes import NUMBER, SCHEMA
from releases.document.tables import PUBLISHED

Schema = dict[str, Any]
MONEY: Schema = {"type": "string", "pattern": r"^-?\d{1,12}\.\d{2}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
PERCENT: Schema = {"type": ["string", "null"], "pattern": r"^-?\d+\.\d$"}
SUM: Schema = {"type": ["string", "null"], "pattern": r"^-?\d+\.\d{2}$"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}


def schema() -> Schema:
    """JSON Schema 2020-12, English descriptions. static/releases/ holds the published copy."""
    tables = {
        name: {"type": "array", "items": _row(resource)}
        for name, resource in PUBLISHED.items()
        if name != "projects"
    }
    parts = {
        "schema": {"const": SCHEMA},
        "project": _row(PUBLISHED["projects"]),
        **tables,
        "totals": _totals(),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:twinning:release-{NUMBER}",
        "title": f"Twinning release {NUMBER}",
        "description": "The public data of one EU Twinning project at one moment. "
        "An empty text or null means that it is not stated.",
        **_object(parts),
    }


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _row(resource: type[TableResource]) -> Schema:
    return _object({column.key: _cell(resource, column) for column in resource.public_columns()})


def _cell(resource: type[TableResource], column: Column) -> Schema:
    model = resource.model()
    nullable = False if column.computed else bool(column.model_field(model).null)
    least = {} if column.computed else {"minimum": 0}  # more days may be taken than there are
    words = [] if column.computed else list(column.choices(model))
    if words and column.model_field(model).blank and column.kind(model) == "choice":
        words.append("")
    shapes: dict[str, Schema] = {
        "integer": {"type": ["integer", "null"] if nullable else "integer", **least},
        "money": {**MONEY, "type": ["string", "null"] if nullable else "string"},
        "decimal": {"type": ["string", "null"], "pattern": r"^-?\d{1,11}(\.\d{1,3})?$"},
        "boolean": {"type": "boolean"},
        "choice": {"enum": words},
        "choices": {"type": "array", "items": {"enum": words}},
        "date": {"type": "string", "pattern": f"^$|{dates.PATTERN}"},
        "reference": {"type": ["string", "integer"]},
    }
    shape = shapes.get(column.kind(model), {"type": "string"})
    description = f"{column.label(model)}. {resource.meaning(column)}".strip()
    return {"description": description, **shape}


def _totals() -> Schema:
    rungs = {rung.value: COUNT for rung in at_least(Rung.DELIVERED)}
    counts = {
        "whole": COUNT,
        "by_rung": _object({rung.value: COUNT for rung in Rung}),
        **rungs,
        "dropped": COUNT,
    }
    by = {"country": {"type": "string"}, "count": COUNT}
    ranked = {"type": "array", "items": _object({**by, "institution": {"type": "string"}})}
    return _object(
        {
            "results": _object(
                {
                    "basis": {"enum": ["contract", "published"]},
                    **counts,
                    "percent_delivered": PERCENT,
                    "percent_accepted": PERCENT,
                    "reported_by": TEXT_OR_NULL,
                    "reported_on": TEXT_OR_NULL,
                }
            ),
            "components": {"type": "array", "items": _object({"number": COUNT, **counts})},
            "experts": _object(
                {
                    "whole": COUNT,
                    "by_country": {"type": "array", "items": _object(by)},
                    "by_institution": ranked,
                }
            ),
            "days": _days(),
            "budget": _budget(),
        }
    )


def _days() -> Schema:
    return _object(
        {
            **dict.fromkeys(SUMMED, {"type": "integer"}),
            **dict.fromkeys(("percent_delivered", "percent_accepted"), PERCENT),
        }
    )


def _budget() -> Schema:
    return _object(
        {
            "currency": {"const": "EUR"},
            **dict.fromkeys(
                ("planned", "original", "committed", "spent", "forecast", "left", "rounded_to"), SUM
            ),
            **dict.fromkeys(("percent", "percent_low", "percent_high"), PERCENT),
        }
    )
