"""What a page of a project, or of a list, was made of, and whether that is still so: one query,
whatever the page costs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import connection
from django.db.models import F, Func, OuterRef, Subquery, TextField
from django.db.models.functions import Cast, JSONArray, JSONObject

from experts.people.models import Assignment
from releases.models import Edition, Release, Withdrawal

# Of a person's functions, what tells which names may be shown now.
NAMED = ("code", "name_key", "holder_name", "expert__code", "expert__name_key", "expert__name")
_WRITTEN = Func(
    template="concat(releases_release.xmin, releases_release.ctid)", output_field=TextField()
)
_SLUG = "\x1fthe slug"  # in the question, in place of any


class Stands(Protocol):
    def holds(self) -> bool:
        """Whether the same page would be made again today."""


class Row(NamedTuple):
    """A release without its document. `written` is another one once somebody altered the row;
    `newest` is the number of the newest release of the project; `withdrawal` and `names` (rows of
    NAMED) are JSON, None where there is nothing."""

    release: int
    written: str
    project: int
    number: int
    digest: str
    made_at: dt.datetime
    newest: int
    withdrawal: str | None
    names: str | None


@dataclass(frozen=True, slots=True)
class OfRelease:
    """`row` is the one in force `at` that day, or of that number, or the newest."""

    slug: str
    at: dt.date | None
    number: int | None
    row: Row

    def holds(self) -> bool:
        return asked(self.slug, self.at, self.number) == self.row


@dataclass(frozen=True, slots=True)
class OfList:
    """`token` is that of the Edition in which the list was read."""

    token: str

    def holds(self) -> bool:
        return edition() == self.token


def moment() -> str | None:
    """While it is the same, PostgreSQL shows the same to everybody: nothing was committed since.
    None where that cannot be told: within a transaction, which sees its own writes, and on a
    replica, which does not list what runs. One query, of no row."""
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_MOMENT)
        (snapshot,) = cursor.fetchone()
    return None if snapshot is None else str(snapshot)


_MOMENT = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_snapshot()::text END"


def edition() -> str:
    """Another one after each release and withdrawal. One query, of one row."""
    return str(Edition.objects.values_list("token", flat=True).first())


def asked(slug: str, at: dt.date | None, number: int | None) -> Row | None:
    """The release in force on a day, by its number, or the newest one. One query."""
    sql, given = _question(at, number)
    with connection.cursor() as cursor:
        cursor.execute(sql, [slug if value == _SLUG else value for value in given])
        row = cursor.fetchone()
    return None if row is None else Row(*row)


@lru_cache(200)
def _question(
    at: dt.date | None, number: int | None
) -> tuple[str, tuple[str | int | dt.datetime, ...]]:
    """The SQL for any slug: Django takes longer to write it than PostgreSQL to answer."""
    rows = Release.objects.filter(slug=_SLUG)
    release = rows.filter(number=number) if number else rows.in_force(at)
    newest = rows.order_by("-number").values("number")[:1]
    withdrawn = Withdrawal.objects.filter(project=OuterRef("project"))
    said = JSONObject(**{name: name for name in ("pk", "reason", "sentence_lv", "sentence_en")})
    named = Assignment.objects.filter(project=OuterRef("project")).named().order_by()
    listed = JSONBAgg(JSONArray(*NAMED), order_by="pk")
    return release.values_list(
        *("pk", _WRITTEN, "project_id", "number", "digest", "made_at"),
        Subquery(newest) if number or at else F("number"),
        Subquery(withdrawn.values(said=Cast(said, TextField()))),
        Subquery(named.values("project").values(listed=Cast(listed, TextField()))),
    )[:1].query.sql_with_params()
