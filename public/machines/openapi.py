"""What can be asked under /api/v1/, described once: for its page, and as OpenAPI 3.1."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from public import terms
from releases.published import SHAPE, tables, words

LENGTH = 100  # rows of a list in an answer
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an address takes: in its path, or in its query and then not necessarily."""

    name: str
    where: str
    what: str | Promise
    schema: Schema


SLUG = Parameter(
    "slug",
    "path",
    _("The project, as in the addresses of its pages."),
    {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"},
)
TABLE = Parameter(
    "table",
    "path",
    _("The table, as in the names of the files."),
    {"type": "string", "enum": [*tables.DOWNLOADS]},
)
RELEASE = Parameter(
    "release",
    "query",
    _("The number of a release; without it, the newest one."),
    {"type": "integer", "minimum": 1, "maximum": 999_999},
)
AT = Parameter(
    "at",
    "query",
    _(
        "A day up to today: the release that was in force at its end. Not together with the number "
        "of a release."
    ),
    {
        "type": "string",
        "anyOf": [{"maxLength": 0}, {"format": "date", "pattern": r"^20\d\d-\d\d-\d\d$"}],
    },
)
PAGE = Parameter(
    "page",
    "query",
    _("The page of a list, from 1 on; each answer has the address of the next one."),
    {"type": "integer", "minimum": 1, "maximum": 999_999},
)


SOUGHT = Parameter(
    "q",
    "query",
    _("Words in Latvian or English, a code or a reference, as on the page of the search."),
    {"type": "string", "maxLength": 200},
)


def _chosen(name: str, what: str | Promise, known: Iterable[str]) -> Parameter:
    return Parameter(name, "query", what, {"type": "string", "enum": ["", *known]})


_COUNTRIES = [code for code, _label in words.values("projects", "beneficiary_country")]
# What the list of projects is filtered by.
CHOSEN = (
    Parameter(
        "q",
        "query",
        _("Words or a reference, in any order; each stands in the title or the reference."),
        {"type": "string", "maxLength": 200},
    ),
    _chosen(
        "status",
        _("The status of a project."),
        [code for code, _label in words.values("projects", "status")],
    ),
    _chosen("country", _("The beneficiary country."), _COUNTRIES),
    _chosen("partner", _("A Member State that takes part."), _COUNTRIES),
    Parameter(
        "year",
        "query",
        _("A year in which the project ran, as far as its dates are stated."),
        {"type": "string", "pattern": r"^(20\d\d)?$"},
    ),
    _chosen("late", _("Now: a result is overdue."), ["now"]),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """An address: its name, its path below the root, what it answers, what it takes."""

    name: str
    path: str
    what: str | Promise
    takes: tuple[Parameter, ...]
    answer: str


_OF = "/projects/{slug}"
OPERATIONS = (
    Operation("index", "/", _("Where to begin: the addresses that exist."), (), "Index"),
    Operation(
        "projects",
        "/projects",
        _("All released projects with their totals."),
        (*CHOSEN, AT, PAGE),
        "Projects",
    ),
    Operation("project", _OF, _("A project with its totals."), (SLUG, RELEASE, AT), "Project"),
    Operation(
        "document",
        f"{_OF}/document",
        _("A release as a whole, exactly the bytes of its SHA-256: release.json."),
        (SLUG, RELEASE, AT),
        "Release",
    ),
    Operation(
        "releases",
        f"{_OF}/releases",
        _("The releases, the newest first."),
        (SLUG, PAGE),
        "Releases",
    ),
    Operation(
        "table",
        f"{_OF}/tables/{{table}}",
        _("The rows of a table."),
        (SLUG, TABLE, RELEASE, AT, PAGE),
        "Table",
    ),
    Operation(
        "search",
        "/search",
        _("What the newest releases have of some words, the best first, and where it stands."),
        (SOUGHT, PAGE),
        "Hits",
    ),
)
REFUSALS = {
    "400": _("The request makes no sense; “detail” says why."),
    "404": _("There is no such project, release, table or page."),
    "410": _("The project was withdrawn."),
    "503": _("The data cannot be read right now."),
}


def description() -> Schema:
    """The OpenAPI document, in English."""
    with translation.override("en"):
        return {
            "openapi": "3.1.0",
            "info": _info(),
            "servers": [{"url": f"{settings.SITE_URL}/api/v1"}],
            "paths": {operation.path: {"get": _operation(operation)} for operation in OPERATIONS},
            "components": {"schemas": _schemas()},
        }


def _info() -> Schema:
    stated = terms.stated()
    info: Schema = {
        "title": "Register of EU Twinning projects",
        "version": "1",
        "description": "Read-only. Answers are made of immutable releases; sums, dates and codes "
        "are those of the pages. No key, no cookie; any origin may ask.",
    }
    if stated.licence:
        info["license"] = {"name": stated.licence.title, "url": stated.licence.path}
    if stated.operator:
        info["contact"] = {"name": stated.operator}
    return info


def _operation(operation: Operation) -> Schema:
    good = {"$ref": f"#/components/schemas/{operation.answer}"}
    bad = {"$ref": "#/components/schemas/Problem"}
    return {
        "operationId": operation.name,
        "summary": str(operation.what),
        "parameters": [
            {
                "name": parameter.name,
                "in": parameter.where,
                "required": parameter.where == "path",
                "description": str(parameter.what),
                "schema": parameter.schema,
            }
            for parameter in operation.takes
        ],
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": good}}},
            **{
                status: {
                    "description": str(what),
                    "content": {"application/problem+json": {"schema": bad}},
                }
                for status, what in REFUSALS.items()
                if operation.takes
            },
        },
    }


TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ADDRESS: Schema = {"type": "string", "format": "uri"}
ABOUT: Schema = {
    "project": TEXT,
    "release": {"type": "integer", "minimum": 1},
    "made_at": {"type": "string", "format": "date-time"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}


@cache
def _release() -> Schema:
    """The published schema of a document of today's shape."""
    path = Path(settings.BASE_DIR, "static", "releases", f"release-{SHAPE}.schema.json")
    schema: Schema = json.loads(path.read_bytes())
    return {key: value for key, value in schema.items() if not key.startswith("$")}


def _schemas() -> Schema:
    parts = _release()["properties"]
    project = _object(
        **ABOUT,
        description=parts["project"],
        totals=parts["totals"],
        page=ADDRESS,
        document=ADDRESS,
        releases=ADDRESS,
        tables=_object(**dict.fromkeys(tables.DOWNLOADS, ADDRESS)),
    )
    release = _object(
        release=ABOUT["release"],
        made_at=ABOUT["made_at"],
        sha256=ABOUT["sha256"],
        changed={"type": "object", "additionalProperties": COUNT},
        document=ADDRESS,
    )
    hit = _object(
        project=TEXT, kind=TEXT, code=TEXT, of=TEXT, language={"enum": ["lv", "en"]}, title=TEXT,
        words=TEXT, page=ADDRESS,
    )  # fmt: skip
    row = {"type": "object", "description": "As in the document, under the name of the table."}
    return {
        "Hits": _list(hit, meant=TEXT, all={"type": "boolean"}),
        "Index": _object(projects=ADDRESS, search=ADDRESS, openapi=ADDRESS, documentation=ADDRESS),
        "Project": project,
        "Projects": _list({"$ref": "#/components/schemas/Project"}),
        "Release": _release(),
        "Releases": _list(release, project=TEXT),
        "Table": _list(row, **ABOUT, table=TEXT),
        "Problem": _object(type=TEXT, title=TEXT, status=COUNT, detail=TEXT),
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _list(item: Schema, **properties: Schema) -> Schema:
    after = {"type": ["string", "null"], "format": "uri"}
    rows = {"type": "array", "maxItems": LENGTH, "items": item}
    return _object(**properties, count=COUNT, next=after, rows=rows)
