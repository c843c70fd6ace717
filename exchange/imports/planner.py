"""What an import would do: every row of the file beside the row of the register. Writes nothing.

Blank keeps what is there, CLEAR erases it. A file from the register carries the version of each
row: a cell that somebody else changed since is kept, and one that both changed is a conflict.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from audit.rows.characters import differences
from audit.rows.conflicts import plain
from exchange.imports import rules
from exchange.imports.cell_reading import CellReader, still_says
from exchange.imports.existing import Existing, State
from exchange.imports.planned import (
    UNCHANGED,
    CellChange,
    DraftRow,
    Key,
    Plan,
    Steps,
    Value,
)
from exchange.reading import deadline
from exchange.reading.table import Row, Table, blank
from exchange.tables.columns import Column
from exchange.tables.number_formats import Cell
from exchange.tables.references import ReferenceWidget
from exchange.tables.resources import TableResource
from exchange.tables.widgets import TextWidget


def plan(resource: TableResource, table: Table, steps: Steps | None = None) -> Plan:
    """Compare a table with the live rows. Raises Unreadable with all that is wrong with it."""
    return _Planner(resource, table, steps).plan()


class _Planner(CellReader):
    def __init__(self, resource: TableResource, table: Table, steps: Steps | None) -> None:
        super().__init__(resource, table)
        self.steps = steps

    def plan(self) -> Plan:
        cells = [self._by_key(row) for row in self.table.rows]
        self._look_up(cells)
        keys = self._keys(cells)
        self._refuse_doubles(keys)
        existing = Existing(self.resource, keys)
        planned = []
        for row, given, key in zip(self.table.rows, cells, keys, strict=True):
            draft = self._row(row, given, key, existing)
            if draft is not None:
                planned.append(draft)
        touched = [draft for draft in planned if draft.outcome != UNCHANGED]
        self._check(touched)
        self._stop()
        return Plan(
            self.resource.table,
            [draft.planned(self._written(draft)) for draft in touched],
            len(planned) - len(touched),
            self._told(planned),
            self.table.name,
            *self.resource.consequences([draft.row for draft in touched]),
        )

    def _written(self, draft: DraftRow) -> dict[str, Value]:
        """What is written of a row: all its columns, or those that change."""
        if draft.is_new:
            return rules.as_json(draft.row)
        steps = {name: draft.values[name] for name in draft.values if name in self._step_columns}
        plain = [name for name in draft.values if name not in steps]
        return rules.as_json(draft.row, plain) | steps

    @property
    def _step_columns(self) -> tuple[str, ...]:
        return self.steps.columns if self.steps else ()

    def _told(self, planned: list[DraftRow]) -> list[str]:
        notes = [f"{note} ({count})" for note, count in self.notes.items()]
        if self.table.passed:
            names = ", ".join(self.table.passed)
            sentence = _("The sheet “%(name)s” is read, and no other one: %(others)s are not.")
            notes.insert(0, sentence % {"name": self.table.name, "others": names[:200]})
        if hidden := self.table.hidden:
            sentence = _("Rows that the spreadsheet hides, read all the same: %(count)s.")
            notes.append(sentence % {"count": hidden})
        if erased := sum(change.erases for row in planned for change in row.changes):
            notes.append(_("Cells that are emptied: %(count)s.") % {"count": erased})
        return notes

    def _look_up(self, cells: list[dict[str, Cell]]) -> None:
        for key, given in self.resource.fields.items():
            if isinstance(given.widget, ReferenceWidget) and key in self.labels:
                is_restricted = self.resource.visible and key in self.resource.key
                given.widget.look_up(
                    cells, key, self.resource.get_queryset() if is_restricted else None
                )

    def _refuse_doubles(self, keys: list[Key | None]) -> None:
        first: dict[Key, Row] = {}
        for row, key in zip(self.table.rows, keys, strict=True):
            if key is None:
                continue
            if key in first:
                name = " ".join(str(getattr(part, "pk", part)) for (part,) in key[-1:])
                self._fault(
                    _("Rows %(first)s and %(second)s are the same %(key)s. Remove one of them.")
                    % {"first": first[key].number, "second": row.number, "key": name},
                    row,
                )
            first.setdefault(key, row)

    def _row(
        self, row: Row, given: dict[str, Cell], key: Key | None, existing: Existing
    ) -> DraftRow | None:
        deadline.keep()
        if key is None:  # it is told; what is wrong beside it is told with it
            for name, cell in given.items():
                column = self.by_key.get(name)
                if column is None or name in self.resource.key or blank(cell):
                    continue
                if not self.resource.is_shown_only(column):
                    self._meant(row, name, given)
            return None
        live, last = existing.row(key), self.resource.key[-1]
        if live is None and (why_not := existing.why_not_new(key) or self._was_there(given)):
            self._fault(why_not, row, last, given[last])
            return None
        is_new = live is None
        target = live if live is not None else self._blank_row(key)
        is_closed = not is_new and not self.resource.may_write(target)
        name = " ".join(str(given[part]).strip() for part in self.resource.key)
        version = None if is_new else getattr(live, "version", None)
        draft = DraftRow(row.number, name, live.pk if live else None, version, row=target)
        base = self._base(row, given, live, existing)
        self._cells(draft, row, given, base)
        names = [key for key, cell in given.items() if key in self.by_key and not blank(cell)]
        if is_closed and (draft.changes or any(map(self._is_name, names))):
            self._fault(rules.not_yours(), row)
            return None
        return draft

    def _was_there(self, given: dict[str, Cell]) -> str:
        """Why a row that is not found is no new one: it left the register with a version."""
        if blank(given.get("version")):
            return ""
        return _(
            "There is no such row, and the column “version” says that there was: is it mistyped, "
            "or was the row removed? Correct it; or, for a new row, empty its “version”."
        )

    def _blank_row(self, key: Key) -> Model:
        row = self.model()
        for name, (value,) in zip(self.resource.key, key, strict=True):
            setattr(row, name, value)
        return row

    def _base(
        self, row: Row, given: dict[str, Cell], live: Model | None, existing: Existing
    ) -> State | None:
        """What the file's row was when it left the register; None where it is as it was then."""
        version = given.get("version")
        if live is None or blank(version) or not hasattr(live, "version"):
            return None
        try:
            number = self.resource.version_of(version)
        except ValueError as error:
            self._fault(str(error), row, "version", version)
            return None
        if number == live.version:
            return None
        if number > live.version:
            self._fault(
                _("The register has version %(now)s of this row, and never had this one.")
                % {"now": live.version},
                row,
                "version",
                version,
            )
            return None
        return existing.state(live, number)

    def _cells(self, draft: DraftRow, row: Row, given: dict[str, Cell], base: State | None) -> None:
        for key, cell in given.items():
            column = self.by_key.get(key)
            if column is None or blank(cell):
                continue
            if self.resource.is_shown_only(column):
                self._left_alone(draft, row, column, cell)
            elif draft.is_new or key not in self.resource.key:
                self._change(draft, row, column, given, base)
        stepped = self._stepped(draft, row)
        for name, value in draft.values.items():
            if name not in stepped:
                setattr(draft.row, name, value)

    def _stepped(self, draft: DraftRow, row: Row) -> dict[str, Value]:
        """The cells that an action moves; refuses those that nothing moves."""
        fixed = [
            change for change in draft.changes if self._is_fixed(draft, self.by_key[change.column])
        ]
        own = self._step_columns
        for change in fixed:
            if change.column not in own:
                self._fault(self._use_its_page(change), row, change.column, change.new)
        stepped = {c.column: draft.values[c.column] for c in fixed if c.column in own}
        if stepped and self.steps and (why_not := self.steps.refusal(draft.row, stepped)):
            self._fault(why_not, row, fixed[0].column, fixed[0].new)
        return stepped

    def _is_fixed(self, draft: DraftRow, column: Column) -> bool:
        return not draft.is_new and column.key in self.resource.fixed and not self.resource.founding

    def _use_its_page(self, change: CellChange) -> str:
        return _(
            "It is “%(old)s” and an import does not change it to “%(new)s”: use the steps on its "
            "page."
        ) % {"old": change.old, "new": change.new}

    def _left_alone(self, draft: DraftRow, row: Row, column: Column, cell: Cell) -> None:
        """A column that is only shown must say what the register says."""
        if column.document_only or column.computed or self.resource.founding:
            return  # of a founded project what is shown of other rows follows from them
        if column.key in {name for c in self.resource.columns for name in c.within.values()}:
            return
        said = "" if draft.is_new else column.value(draft.row)
        if not still_says(column, self.model, cell, said, self._widget(column.key)):
            self._fault(
                _("This column is only shown, and an import does not change it. Leave it empty."),
                row,
                column.key,
                cell,
            )

    def _change(
        self, draft: DraftRow, row: Row, column: Column, given: dict[str, Cell], base: State | None
    ) -> None:
        """Note what the cell changes, where the file's author changed it."""
        of, key, widget = self.fields[column.key], column.key, self._widget(column.key)
        cell, old = given[key], None if draft.is_new else getattr(draft.row, key)
        before = None if draft.is_new else widget.render(old)
        was = "" if before is None else str(before)
        number = column.is_number(self.model) and not column.to
        if not draft.is_new and (
            (type(cell) is str and cell == was)
            or (number and still_says(column, self.model, cell, old, widget))
        ):
            return  # as it left the register, whatever it holds
        meant = self._meant(row, key, given)
        if meant is None:
            return
        value, erases = meant
        if not draft.is_new and plain(old) == plain(value):
            return
        theirs = False
        if base is not None:
            known, then = base(str(of.column))
            if known and plain(value) == plain(then):
                return  # the file still says what it said when it left; the register moved on
            theirs = not known or plain(old) != plain(then)
        shown = widget.render(value)
        new = "" if shown is None else str(shown)
        if isinstance(widget, TextWidget):
            self._note(cell, new)
        unseen = differences(was, new) if was else ""
        draft.changes.append(CellChange(key, self.labels[key], was, new, theirs, erases, unseen))
        draft.values[key] = value

    def _meant(self, row: Row, key: str, given: dict[str, Cell]) -> tuple[Value, bool] | None:
        """The value of a cell and whether it erases one; None where that is told as a fault."""
        try:
            return self._value(self.fields[key], key, given[key], given)
        except (ValueError, ValidationError) as error:
            messages = error.messages if isinstance(error, ValidationError) else [str(error)]
            for message in messages:
                self._fault(str(message), row, key, given[key])
            return None

    def _check(self, touched: list[DraftRow]) -> None:
        """What no single cell shows: the row's own rules, and the table's."""
        faulty = {fault.row for fault in self.faults}
        touched = [draft for draft in touched if draft.number not in faulty]
        self.resource.prepare([draft.row for draft in touched])
        for draft in touched:
            deadline.keep()
            wrong = list(rules.of_row(self.resource, draft.row, draft.is_new))
            for column, sentence in wrong or rules.only_shown(self.resource, draft):
                self._fault(sentence, Row(draft.number, ()), column)
            draft.warnings = self.resource.warnings(draft.row)
        for number, sentence in rules.of_table(self.model, [(m.number, m.row) for m in touched]):
            self._fault(sentence, Row(number, ()))
        for draft, sentence in rules.unique(self.resource, touched):
            self._fault(sentence, Row(draft.number, ()))
