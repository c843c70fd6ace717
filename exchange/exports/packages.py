"""What describes the files of a pack to programs: Data Package (v1 and v2 at once) and CSVW."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.events.columns import column_of, led_to
from exchange.tables.columns import DAY, PARTIAL, Column
from exchange.tables.resources import TableResource, identifying

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
GUARD = _(
    "A text that begins with a sign of a formula (= + - @, a tab, a line break) or with an "
    "apostrophe stands behind one more apostrophe, so that no spreadsheet runs it. To read it as "
    "it is, take the first apostrophe away from every text that begins with one."
)
TYPES = {
    "integer": "integer", "money": "number", "decimal": "number", "boolean": "boolean",
    "moment": "datetime", DAY: "date",
}  # fmt: skip
PARTIAL_PATTERN = r"\d{4}(-\d{2}(-\d{2})?)?"
DATATYPES: dict[str, str | dict[str, str]] = {
    "integer": "integer", "money": "decimal", "decimal": "decimal",
    "boolean": {"base": "boolean", "format": "yes|no"},
    "moment": "dateTime",
    DAY: {"base": "date", "format": "yyyy-MM-dd"},
    PARTIAL: {"base": "string", "format": PARTIAL_PATTERN},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Code:
    """A code, what it is called, and what it means."""

    code: str
    label: str | Promise
    meaning: str | Promise


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of codes: its name in addresses, its label, and the columns that take it."""

    name: str
    label: str | Promise
    codes: tuple[Code, ...]
    columns: list[str]


CodesOf = Callable[[type[TableResource], Column], Codes | None]
ColumnsOf = Callable[[type[TableResource]], Sequence[Column]]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table of a pack: its file, size in bytes and digest."""

    resource: type[TableResource]
    path: str
    size: int
    sha256: str


def _kind(column: Column, model: type[Model]) -> str:
    """Its kind; for a date, how it is written."""
    kind = column.kind(model)
    if kind == "date":
        return column.pattern(model)
    return "integer" if column.to and column.is_number(model) else kind


def _both(say: Callable[[], str | Promise]) -> dict[str, str]:
    """A text in the two languages."""
    texts = {}
    for language in ("en", "lv"):
        with translation.override(language):
            texts[language] = str(say())
    return texts


def _said(name: str, say: Callable[[], str | Promise]) -> dict[str, str]:
    """A property in English, and beside it in Latvian."""
    texts = _both(say)
    return {name: texts["en"], f"{name}_lv": texts["lv"]} if texts["en"] else {}


def _required(column: Column, model: type[Model]) -> bool:
    """Whether no cell of the column is ever empty."""
    if column.computed or column.kind(model) == "choices":
        return False
    if column.key == "version":
        return True
    *parents, last = (column.via or column.key).split("__")
    for name in parents:
        relation = column_of(model, name)
        if relation.null:
            return False
        model = led_to(relation)
    field = column.model_field(model) if not parents else column_of(model, last)
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
    model, references = resource.model(), []
    for column in resource.extract_columns():
        if not column.to or column.computed or not _required(column, model):
            continue
        related = column.model_field(model).related_model
        target = next((other for other in known if other.model() is related), None)
        if target is None:
            continue
        paths = {c.path: c.key for c in target.columns}
        pairs = [(here, paths[path]) for path, here in column.within.items() if path in paths]
        if len(pairs) == len(column.within) and column.to in paths:
            here, there = [h for h, _t in pairs], [t for _h, t in pairs]
            if [*there, paths[column.to]] == _key(target):
                references.append(([*here, column.key], target.table, [*there, paths[column.to]]))
    return references


def _of_extracts(resource: type[TableResource]) -> Sequence[Column]:
    return resource.extract_columns()


def data_package(
    name: str,
    title: str,
    parts: Sequence[TableFile],
    about: Mapping[str, object],
    codes_of: CodesOf,
    columns_of: ColumnsOf = _of_extracts,
) -> dict[str, object]:
    """datapackage.json, for tools of both editions; `columns_of` are the columns of the files."""
    resources = [part.resource for part in parts]
    return {
        "$schema": PROFILE,
        "profile": "tabular-data-package",
        **{"name": name, "title": title},
        **_said("description", partial(str, GUARD)),
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
                "schema": _schema(part.resource, columns_of(part.resource), resources, codes_of),
            }
            for part in parts
        ],
    }


def _schema(
    resource: type[TableResource],
    columns: Sequence[Column],
    known: Sequence[type[TableResource]],
    codes_of: CodesOf,
) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(resource, column, codes_of(resource, column)) for column in columns],
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


def _field(resource: type[TableResource], column: Column, codes: Codes | None) -> dict[str, object]:
    model = resource.model()
    kind = _kind(column, model)
    field: dict[str, object] = {
        "name": column.key,
        "type": TYPES.get(kind, "string"),
        **_said("title", lambda: column.label(model)),
        **_said("description", lambda: resource.meaning(column)),
    }
    if column.unit:
        field["unit"] = column.unit
    if kind == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints: dict[str, object] = {"required": True} if _required(column, model) else {}
    if kind == PARTIAL:
        constraints["pattern"] = PARTIAL_PATTERN
    if codes and kind == "choice":
        constraints["enum"] = [code.code for code in codes.codes]
        field["categories"] = _categories(codes)
    elif codes:  # several in a cell, with commas between them
        field["codes"] = _categories(codes)
    if constraints:
        field["constraints"] = constraints
    return field


def _categories(codes: Codes) -> list[dict[str, str]]:
    return [
        {
            "value": code.code,
            **_said("label", partial(str, code.label)),
            **_said("description", partial(str, code.meaning)),
        }
        for code in codes.codes
    ]


def csvw(
    parts: Sequence[TableFile], folder: str, codes_of: CodesOf, codes_at: str
) -> dict[str, object]:
    """csv-metadata.json (W3C CSV on the Web), beside the tables in `folder`; what a code means is
    read at the address `codes_at`."""
    known = [part.resource for part in parts]
    urls = {part.resource.table: part.path.removeprefix(folder) for part in parts}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:description": _tagged(partial(str, GUARD)),
        "tables": [
            {
                "url": urls[part.resource.table],
                "tableSchema": _csvw_schema(part.resource, known, urls, codes_of, codes_at),
            }
            for part in parts
        ],
    }


def _tagged(say: Callable[[], str | Promise]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": code} for code, text in _both(say).items()]


def _csvw_schema(
    resource: type[TableResource],
    known: Sequence[type[TableResource]],
    urls: Mapping[str, str],
    codes_of: CodesOf,
    codes_at: str,
) -> dict[str, object]:
    columns = [
        _csvw_column(resource, column, codes_of(resource, column), codes_at)
        for column in resource.extract_columns()
    ]
    schema: dict[str, object] = {"columns": columns}
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


def _csvw_column(
    resource: type[TableResource], column: Column, codes: Codes | None, codes_at: str
) -> dict[str, object]:
    model = resource.model()
    kind = _kind(column, model)
    described: dict[str, object] = {
        "name": column.key,
        "titles": column.key,
        "rdfs:label": _tagged(lambda: column.label(model)),
        "dc:description": _tagged(lambda: resource.meaning(column)),
        "datatype": DATATYPES.get(kind, "string"),
    }
    if _required(column, model):
        described["required"] = True
    if column.unit:
        described["schema:unitText"] = column.unit
    if codes and kind == "choice":
        described["valueUrl"] = f"{codes_at}#{codes.name}.{{{column.key}}}"
    return described
