"""The releases of a project as a list, and what changed between any two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.db.models import F, QuerySet

from audit.models import Seal
from releases.document import shapes
from releases.document.build import digest
from releases.document.changes import DocumentDifference, between
from releases.models import Release
from releases.reading.reading import Altered


@dataclass(frozen=True, slots=True)
class Cited:
    """One release; `changed`: how many rows were new, changed and gone in it."""

    number: int
    made_at: dt.datetime
    digest: str
    changed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a seal; and since when which service proves it, if one was asked."""

    number: int
    made_at: dt.datetime
    events: int
    head: str
    proved_at: dt.datetime | None
    proved_by: str | None


class PagedRows(Sequence[Any]):
    """Rows of a query as a list that is read a page at a time."""

    def __init__(self, kind: type[Any], rows: QuerySet[Any]) -> None:
        self.kind, self.rows = kind, rows.values_list(*kind.__slots__)
        self.length: int | None = None

    def __len__(self) -> int:
        if self.length is None:
            self.length = self.rows.count()
        return self.length

    @overload
    def __getitem__(self, key: int) -> Any: ...
    @overload
    def __getitem__(self, key: slice) -> list[Any]: ...
    def __getitem__(self, key: int | slice) -> Any:
        selected = self.rows[key]
        if isinstance(key, int):
            return self.kind(*selected)
        return [self.kind(*row) for row in selected]


def releases(slug: str) -> PagedRows:
    """The newest first."""
    return PagedRows(Cited, Release.objects.filter(slug=slug).order_by("-number"))


def heads() -> PagedRows:
    """The newest first."""
    proved = {"proved_at": F("timestamp__at"), "proved_by": F("timestamp__service")}
    return PagedRows(Head, Seal.objects.annotate(**proved).order_by("-number"))


def compared(
    slug: str, numbers: tuple[int, int]
) -> tuple[Release, Release, list[DocumentDifference]] | None:
    """What changed from one release to another; None where there is not each of them. Raises
    Altered, UnknownShape."""
    by_number = {
        row.number: row
        for row in Release.objects.filter(slug=slug, number__in=numbers).defer("files")
    }
    if not all(number in by_number for number in numbers):
        return None
    first, second = (by_number[number] for number in numbers)
    for release in (first, second):
        if digest(release.document) != release.digest:
            raise Altered(release)
    old, new = (shapes.read(release.document) for release in (first, second))
    return first, second, between(old, new)
