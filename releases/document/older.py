"""Documents that were released when the register had fewer tables, columns and sums. Pure.

A release never changes, and its files stay byte for byte what they were. Its pages are those of
today: what an older document lacks reads as what is not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shape = Mapping[str, Any]  # a JSON Schema


def completed(document: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The document with every table and column of the shape; itself unchanged.

    Rows of one table are made at once, so the first tells what all of them lack.
    """
    known = shape["properties"]
    found = {name: _part(value, known.get(name, {})) for name, value in document.items()}
    return {name: empty(part) for name, part in known.items()} | found


def _part(value: Any, shape: Shape) -> Any:
    """A table, a row or a group of sums, with what it lacks."""
    if isinstance(value, Mapping) and "properties" in shape:
        return completed(value, shape)
    columns = shape.get("items", {}).get("properties", {})
    if not isinstance(value, list) or not value or not columns.keys() - value[0].keys():
        return value
    lacking = {key: empty(cell) for key, cell in columns.items()}
    return [{**lacking, **row} for row in value]


def empty(shape: Shape) -> Any:
    """How a document says that something is not stated: no rows, "", or null; never 0."""
    kind = shape.get("type")
    if kind == "array":
        return []
    if kind == "boolean":
        return False
    texts = "enum" in shape or kind == "string" or kind == ["string", "integer"]
    return "" if texts and shape.get("pattern", "^$").startswith("^$") else None
