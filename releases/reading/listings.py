"""The releases of a project as a list, and what changed between any two."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet

from audit.models import Seal
from releases.document import shapes
from releases.document.build import digest
from releases.document.changes import DocumentDifference, between
from releases.document.rows import DeliverableRow
from releases.models import Release
from releases.reading.reading import Altered

LOOKED_AT = 10  # releases


def releases(slug: str) -> QuerySet[Any, Any]:
    """The newest first; `changed`: how many rows were new, changed and gone in it."""
    rows = Release.objects.filter(slug=slug).order_by("-number")
    return rows.values_list("number", "made_at", "digest", "changed", named=True)


def results_changed(slug: str) -> list[tuple[DeliverableRow, dt.datetime]]:
    """Each result of the newest release that one of the last releases changed or brought, and when;
    what changed last comes first. Raises Altered, UnknownShape."""
    last = Release.objects.filter(slug=slug).order_by("-number").defer("files")[: LOOKED_AT + 1]
    results: list[tuple[dt.datetime, dict[str, DeliverableRow]]] = []
    for release in last:
        if digest(release.document) != release.digest:
            raise Altered(release)
        rows = shapes.read(release.document)["deliverables"]
        results.append((release.made_at, {row["code"]: row for row in rows}))
    since: dict[str, dt.datetime] = {}
    before = [by_code for _made_at, by_code in results[1:]]
    if len(before) < LOOKED_AT:
        before.append({})  # nothing was before the first release
    for (made_at, by_code), older in zip(results, before, strict=False):
        for code, row in by_code.items():
            if row != older.get(code):
                since.setdefault(code, made_at)
    newest = results[0][1] if results else {}
    changed = [(row, since[code]) for code, row in newest.items() if code in since]
    return sorted(changed, key=lambda pair: pair[1], reverse=True)


def heads() -> QuerySet[Any, Any]:
    """The heads of the seals, the newest first; since when which service proves it, if one does."""
    rows = Seal.objects.annotate(proved_at=F("timestamp__at"), proved_by=F("timestamp__service"))
    columns = ("number", "made_at", "events", "head", "proved_at", "proved_by")
    return rows.order_by("-number").values_list(*columns, named=True)


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
