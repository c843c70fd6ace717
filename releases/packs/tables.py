"""The tables of an audit pack: which books they are made of, their files and their totals."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Model

from audit.models import Book
from audit.seals.books import balances
from audit.seals.replayed import Replayed
from deliverables.evidence.models import File
from deliverables.projects.models import Project
from exchange.exports.bags import Bag
from exchange.exports.extracts import Extract, Totals
from exchange.exports.packages import TableFile
from exchange.tables.resources import TableResource
from experts.missions.models import ExpertDay, MissionExpert
from experts.people.models import Assignment, Expert, Institution, Partnership
from releases.document.extracts import ALL
from releases.models import Release
from releases.packs.periods import Period, covering


@dataclass
class Packing:
    """A pack that is being written."""

    bag: Bag
    project: Project
    period: Period
    asked: set[int]  # the seals with whose heads it is to be compared
    until: int = 0  # the seal up to which its books go
    books: dict[Book, int] = field(default_factory=dict)  # with their lines
    totals: list[tuple[str, str, str, str, int | Decimal]] = field(default_factory=list)
    parts: list[TableFile] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    newest: int = 0  # the number of the newest release then
    release: Release | None = None


def fill(packing: Packing, tables: Replayed) -> None:
    """The books of the project and of the people and institutions in it, as far as they go."""
    found = _bounded(packing, [f"deliverables_project:{packing.project.pk}"])
    tables.fill(found)
    for model, keys in ((Expert, _experts), (Institution, _institutions)):
        refs = [f"{model._meta.db_table}:{key}" for key in sorted(keys())]
        found |= (bounded := _bounded(packing, refs))
        tables.fill(bounded)
    packing.until = covering(found, packing.period.end)
    packing.books = lines_of(found, packing.until)


def _bounded(packing: Packing, refs: list[str]) -> dict[Book, int]:
    books = list(Book.objects.filter(ref__in=refs))
    return lines_of(books, covering(books, packing.period.end))


def lines_of(books: Collection[Book], until: int) -> dict[Book, int]:
    """How many lines each book had under a seal."""
    drawn = balances(books, until)
    return {book: drawn[book.pk].lines for book in books if book.pk in drawn}


def _experts() -> set[int]:
    return _named("expert", Assignment, MissionExpert, ExpertDay)


def _institutions() -> set[int]:
    return _named("institution", Partnership, Assignment, Expert)


def _named(column: str, *models: type[Model]) -> set[int]:
    """Whom the rows name; in no order, because an order of theirs would look for who is not here
    yet."""
    rows = (model._default_manager.order_by().values_list(column, flat=True) for model in models)
    return {key for keys in rows for key in keys} - {None}


def read(packing: Packing, files: bool) -> None:
    """The tables as they were; which release was the newest then, and which files were there."""
    then = Project.objects.filter(pk=packing.project.pk).first()
    packing.project = then or Project(pk=packing.project.pk, slug=f"project-{packing.project.pk}")
    packing.bag.folder = f"{packing.project.slug}_audit-pack"
    for resource in ALL:
        _table(packing, resource)
    number = Release.objects.order_by("-number").values_list("number", flat=True).first()
    packing.files = list(File.objects.order_by("sha256")) if files else []
    packing.newest = number or 0


def _table(packing: Packing, resource: type[TableResource]) -> None:
    """All rows there are: no other project's are, and each person or institution is named here."""
    extract = Extract(resource, resource.model()._default_manager.all())
    extract.rows = extract.rows.order_by("pk")  # as check.py makes them again
    path = f"data/{resource.table}.csv"
    with packing.bag.part(path) as out:
        extract.write_csv(out)
    packing.totals += _totals(f"{resource.table}.csv", extract.totals())
    sizes, digests = packing.bag.sizes, packing.bag.digests
    packing.parts.append(TableFile(resource, path, sizes[path], digests[path]))


def _totals(file: str, totals: Totals) -> Iterator[tuple[str, str, str, str, int | Decimal]]:
    yield file, "rows", "", "", totals.rows
    for (column, kind), total in totals.counted.items():
        yield file, "sum" if column else "counting", column, kind, total
