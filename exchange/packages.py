"""What describes the files of a pack to programs: Data Package (v1 and v2 at once) and CSVW."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exchange.columns import Column
from exchange.headers import identifying
from exchange.resources import TableResource

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
GUARD = (
    "Texts that begin with a sign of a formula (= + - @, a tab, a line break) or with an "
    "apostrophe stand behind one more apostrophe; take it away to read the text."
)
TYPES = {
    "integer": "integer", "money": "number", "decimal": "number", "boolean": "boolean",
    "moment": "datetime",
}  # fmt: skip
DATATYPES = {
    "integer": "integer", "money": "decimal", "decimal": "decimal",
    "boolean": {"base": "boolean", "format": "yes|no"},
    "moment": "dateTime",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a pack: its file, size in bytes and digest."""

    resource: type[TableResource]
    path: str
    size: int
    sha256: str


def _kind(column: Column, model: Any) -> str:
    return "integer" if column.to and column.is_number(model) else column.kind(model)


def _required(column: Column, model: Any) -> bool:
    """Whether no cell of the column is ever empty."""
    if column.computed or column.kind(model) == "choices":
        return False
    if column.key == "version":
        return True
    *parents, last = (column.via or column.key).split("__")
    for name in parents:
        relation: Any = model._meta.get_field(name)
        if relation.null:
            return False
        model = relation.related_model
    field = column.model_field(model) if not parents else model._meta.get_field(last)
    return not (field.null or field.blank)


def _key(resource: type[TableResource]) -> list[str]:
    """The natural key, where none of its cells can be empty."""
    columns = identifying(resource)
    whole = all(_required(column, resource.model()) for column in columns)
    return [column.key for column in columns] if whole else []


def _references(
    resource: type[TableResource], known: Sequence[type[TableResource]]
) -> list[tuple[list[str], str, list[str]]]:
    """Foreign keys that are always filled: columns here, table, columns there."""
    model, found = resource.model(), []
    for column in resource.extract_columns():
        if not column.to or column.computed or not _required(column, model):
            continue
        related: Any = column.model_field(model).related_model
        target = next((other for other in known if other.model() is related), None)
        if target is None:
            continue
        paths = {c.path: c.key for c in target.columns}
        pairs = [(here, paths[path]) for path, here in column.within.items() if path in paths]
        if len(pairs) == len(column.within) and column.to in paths:
            here, there = [h for h, _t in pairs], [t for _h, t in pairs]
            if [*there, paths[column.to]] == _key(target):
                found.append(([*here, column.key], target.table, [*there, paths[column.to]]))
    return found


def data_package(
    name: str, title: str, parts: Sequence[Part], about: Mapping[str, Any]
) -> dict[str, Any]:
    """datapackage.json: read by tools of both editions of the standard."""
    resources = [part.resource for part in parts]
    return {
        "$schema": PROFILE,
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "description": GUARD,
        **about,
        "resources": [
            {
                "name": part.resource.table,
                "type": "table",
                "profile": "tabular-data-resource",
                "path": part.path,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": part.size,
                "hash": f"sha256:{part.sha256}",
                "schema": _schema(part.resource, resources),
            }
            for part in parts
        ],
    }


def _schema(resource: type[TableResource], known: Sequence[type[TableResource]]) -> dict[str, Any]:
    model = resource.model()
    schema: dict[str, Any] = {
        "fields": [_field(column, model) for column in resource.extract_columns()],
        "missingValues": [""],
    }
    if key := _key(resource):
        schema["primaryKey"] = key
    if references := _references(resource, known):
        schema["foreignKeys"] = [
            {"fields": here, "reference": {"resource": table, "fields": there}}
            for here, table, there in references
        ]
    return schema


def _field(column: Column, model: Any) -> dict[str, Any]:
    kind = _kind(column, model)
    field: dict[str, Any] = {
        "name": column.key,
        "type": TYPES.get(kind, "string"),
        "title": column.label(model),
    }
    meaning = column.meaning(model)
    if column.unit:
        field["unit"] = column.unit
    if meaning:
        field["description"] = meaning
    if kind == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints: dict[str, Any] = {"required": True} if _required(column, model) else {}
    if kind == "choice":
        constraints["enum"] = [code for code in column.choices(model) if code]
    if constraints:
        field["constraints"] = constraints
    return field


def csvw(parts: Sequence[Part], folder: str) -> dict[str, Any]:
    """csv-metadata.json (W3C CSV on the Web), beside the tables in `folder`."""
    known = [part.resource for part in parts]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "tables": [
            {
                "url": part.path.removeprefix(folder),
                "tableSchema": _csvw_schema(part.resource, known, parts, folder),
            }
            for part in parts
        ],
    }


def _csvw_schema(
    resource: type[TableResource],
    known: Sequence[type[TableResource]],
    parts: Sequence[Part],
    folder: str,
) -> dict[str, Any]:
    model = resource.model()
    urls = {part.resource.table: part.path.removeprefix(folder) for part in parts}
    columns = []
    for column in resource.extract_columns():
        kind = _kind(column, model)
        told: dict[str, Any] = {
            "name": column.key,
            "titles": column.key,
            "dc:description": column.label(model),
            "datatype": DATATYPES.get(kind, "string"),
        }
        if _required(column, model):
            told["required"] = True
        columns.append(told)
    schema: dict[str, Any] = {"columns": columns}
    if key := _key(resource):
        schema["primaryKey"] = key
    if references := _references(resource, known):
        schema["foreignKeys"] = [
            {
                "columnReference": here,
                "reference": {"resource": urls[table], "columnReference": there},
            }
            for here, table, there in references
        ]
    return schema
