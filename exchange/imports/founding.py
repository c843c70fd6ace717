"""A project that a workbook adds: which one, and how its rows begin."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audit.rows.characters import fit
from exchange.imports.planned import Plan
from exchange.reading import headers
from exchange.reading.faults import Fault, Unreadable
from exchange.reading.table import Table
from exchange.tables.number_formats import Cell
from exchange.tables.resources import TableResource


@dataclass(frozen=True, slots=True)
class Founded:
    """The project that a workbook adds, as its rows name it, and the code of who adds it."""

    slug: str
    by: str


def project_of(resource: TableResource, table: Table, by: str) -> Founded | None:
    """The project of the table, where the register has not got it. Raises Unreadable."""
    table, key = keyed(table, resource), resource.belongs
    slugs = set[str]()
    for row in table.rows:
        try:
            slugs.add(resource.fields[key].widget.clean(row.cells[table.header.index(key)]))
        except (ValueError, ValidationError):
            return None  # the plan says what is wrong with it
    known = resource.model()._base_manager.filter(**{f"{key}__in": slugs})
    if "" in slugs or known.count() == len(slugs):
        return None
    if len(slugs) > 1:
        sentence = _("A workbook that adds a project has this one project alone.")
        raise Unreadable(Fault(sentence, sheet=table.name))
    return Founded(slugs.pop(), by)


def keyed(table: Table, resource: TableResource) -> Table:
    """The table with our keys for its header. Raises Unreadable."""
    return replace(table, header=tuple(c.key for c in headers.matched(table, type(resource))))


def as_founded(resource: TableResource, table: Table, founded: Founded) -> Table:
    """The rows as a new project begins with them. Raises Unreadable where one is of another."""
    key = resource.belongs if resource.is_root() else "project"
    at = table.header.index(key)
    of_another = _("The workbook adds the project “%(slug)s”, and this row is of another one.")
    faults = []
    for row in table.rows:
        slug = text_of(row.cells[at])
        try:
            sentence = (
                ""
                if fit(slug, lines=False) == founded.slug
                else of_another % {"slug": founded.slug}
            )
        except ValueError as error:
            sentence = str(error)
        if sentence:
            faults.append(Fault(sentence, row.number, key, slug[:50], table.name))
    if faults:
        raise Unreadable(*faults)
    given = [
        resource.founded(dict(zip(table.header, row.cells, strict=True)), founded.by)
        for row in table.rows
    ]
    rows = tuple(
        replace(row, cells=tuple(cells.values()))
        for row, cells in zip(table.rows, given, strict=True)
    )
    return replace(table, header=tuple(given[0]), rows=rows)


def refuse_changes(plan: Plan, table: Table, resource: TableResource) -> None:
    """What projects share is not changed by one that comes from another register."""
    sentence = _(
        "The register has this code already, and says something else of it. If it is another one, "
        "give it another code in the whole workbook; else leave out what differs."
    )
    personal = {column.key for column in resource.columns if column.personal}
    changed = [
        Fault(
            sentence,
            row.number,
            change.column,
            "" if change.column in personal else change.new[:50],  # a fault is kept on record
            table.name,
        )
        for row in plan.rows
        for change in row.changes
        if not row.is_new
    ]
    if changed:
        raise Unreadable(*changed)


def text_of(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()
