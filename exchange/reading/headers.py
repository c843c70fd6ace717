"""Which column of ours each column of a file is: by key, or by its label in any language."""

from __future__ import annotations

import difflib

from django.utils import translation
from django.utils.translation import gettext as _

from exchange.reading.faults import Fault, Unreadable
from exchange.reading.table import Table, blank
from exchange.tables import limits
from exchange.tables.columns import Column
from exchange.tables.resources import VERSION, TableResource, identifying, known_tables

NEEDED = " *"  # behind the name of a column of a workbook to fill in
ABOVE = 20  # rows in which a header is looked for that is not the first


def matched(table: Table, resource: type[TableResource]) -> list[Column]:
    """Our columns in the order of the file's. Raises Unreadable.

    A column that is unknown, doubled or missing would lose what was typed into it.
    """
    if len(table.header) > limits.COLUMNS:
        raise Unreadable(_("The file has more than %(most)s columns.") % {"most": limits.COLUMNS})
    known = names(resource)
    faults, columns = [], list[Column | None]()
    for position, name in enumerate(table.header, start=1):
        column = known.get(_plain(name))
        columns.append(column)
        if column is None:
            faults.append(Fault(_unknown(name, position, resource), 1, name[:50], "", table.name))
        elif columns.count(column) > 1:
            faults.append(Fault(_("The column stands there twice."), 1, name[:50], "", table.name))
    if not any(columns):
        raise Unreadable(_no_header(table, resource, known))
    _refuse_another_table(table, resource)
    faults += [
        Fault(_("The column “%s” is missing: rows are recognised by it.") % column.key, 1)
        for column in identifying(resource)
        if column not in columns
    ]
    if faults or table.faults:
        raise Unreadable(*(faults or table.faults))
    return [column for column in columns if column is not None]


def _no_header(table: Table, resource: type[TableResource], known: dict[str, Column]) -> Fault:
    """That the first row is none, and where it is, if a title stands above it."""
    for row in table.rows[:ABOVE]:
        named = [_plain(str(cell)) in known for cell in row.cells if not blank(cell)]
        if len(named) > 1 and all(named):
            sentence = _(
                "The first row must be the header, and it stands in row %(row)s. Delete the rows "
                "above it."
            ) % {"row": row.number}
            return Fault(sentence, table.rows[0].number - 1, sheet=table.name)
    expected = ", ".join(column.key for column in resource.columns)
    sentence = _("The first row must be the header; expected: %(names)s.") % {"names": expected}
    return Fault(sentence, table.rows[0].number - 1, sheet=table.name)


def _refuse_another_table(table: Table, resource: type[TableResource]) -> None:
    """A file with the version column is an export: column by column it says of which table."""
    keys = [column.key for column in resource.extract_columns()]
    if VERSION.key not in table.header or list(table.header) == keys:
        return
    for other in known_tables():
        if list(table.header) == [column.key for column in other.extract_columns()]:
            raise Unreadable(
                _(
                    "The file has exactly the columns of another table, “%(table)s”. Import it "
                    "there; or, if these rows belong here, delete the column “version”."
                )
                % {"table": other.named()}
            )


def fillable(resource: type[TableResource], *, founding: bool = False) -> list[Column]:
    """The columns that a person fills in: of those that are only shown what finds the row, and
    what a project that is under way comes with."""
    keys = identifying(resource)
    return [
        column
        for column in resource.columns
        if (not column.shown_only or column in keys or (founding and column.is_own))
        and not column.document_only
    ]


def columns_of(resource: type[TableResource]) -> list[tuple[str, str, str, bool]]:
    """The columns that a person fills in: key, label, meaning, whether it finds the row."""
    model, keys = resource.model(), {column.key for column in identifying(resource)}
    return [
        (column.key, column.label(model), column.hint(model), column.key in keys)
        for column in fillable(resource)
    ]


def names(resource: type[TableResource]) -> dict[str, Column]:
    """Every name of a column: its key, and its labels unless two columns share one."""
    model = resource.model()
    columns = [*resource.columns]
    if VERSION in resource.extract_columns():
        columns.append(VERSION)
    labels: dict[str, list[Column]] = {}
    for language in ("en", "lv"):
        with translation.override(language):
            for column in columns:
                of = labels.setdefault(_plain(column.label(model)), [])
                if column not in of:
                    of.append(column)
    by_label = {label: of[0] for label, of in labels.items() if len(of) == 1}
    return by_label | {column.key: column for column in columns}


def _plain(name: str) -> str:
    return " ".join(name.casefold().removesuffix(NEEDED).split())


def _unknown(name: str, position: int, resource: type[TableResource]) -> str:
    keys = [column.key for column in resource.columns]
    if not name:
        return _("Column %(position)s has no name.") % {"position": position}
    near = difflib.get_close_matches(_plain(name[:50]), list(names(resource)), 1)
    hint = _(" Did you mean “%s”?") % near[0] if near else ""
    return _("The column “%(column)s” is not known.%(hint)s Known: %(known)s.") % {
        "column": name[:50],
        "hint": hint,
        "known": ", ".join(keys),
    }
