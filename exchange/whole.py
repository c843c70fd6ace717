"""The workbook of a whole project, imported as one: one plan, one transaction, one way back.

Rows of it refer to rows that it adds, and the states that a project has reached are set by steps.
So it is done in two rounds: first each table gets its new rows, without references to tables that
come later, then all that is left. What it would do is told by doing it and taking it back at once:
so the database has its say, too.

A project that is itself new is founded: its states are as the file says, since it was under way
before, and it is private until it is first published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.acting import acting
from audit.models import Through
from exchange import apply, headers, sheets
from exchange.columns import Column
from exchange.faults import Fault, Unreadable
from exchange.importing import Intake, TableIntake
from exchange.models import Import
from exchange.plan import Steps, plan
from exchange.planned import Plan, Planned
from exchange.resources import VERSION, TableResource, sheet_names
from exchange.sheets import Table, blank

TABLE = "workbook"  # what the record of an import calls it
DEEP = 20  # rows that refer to rows that refer to rows of one table


@dataclass(frozen=True, slots=True)
class Founded:
    """The project that a workbook adds, as its rows name it, and the code of who adds it."""

    slug: str
    by: str


@dataclass(slots=True)
class Sheet:
    """A sheet as it is imported: its header has the keys of our columns."""

    resource: TableResource
    table: Table
    columns: list[Column]
    steps: Steps | None
    late: set[str] = field(default_factory=set)  # columns of the second round
    added: dict[int, Planned] = field(default_factory=dict)  # by the numbers of the rows

    @property
    def model(self) -> Any:
        return self.resource.model()

    def needs(self) -> set[Any]:
        """The models that its rows refer to."""
        filled = {
            key
            for at, key in enumerate(self.table.header)
            if not all(blank(row.cells[at]) for row in self.table.rows)
        }
        named = [c for c in self.columns if c.to and c.key in filled]
        return {c.model_field(self.model).related_model for c in named}

    def early(self) -> Iterator[Table]:
        """What the first round takes of it; where rows refer to others, these come first."""
        table = self.table
        for key in self.late:
            table = table.without(key)
        own = [c for c in self.columns if c.to and c.model_field(self.model).related_model
               is self.model]  # fmt: skip
        if not own:
            yield table
            return
        of, code = (table.header.index(key) for key in (own[0].key, own[0].to))
        rest = list(table.rows)
        for _time in range(DEEP):
            waiting = {_text(row.cells[code]) for row in rest}
            ready = [row for row in rest if _text(row.cells[of]) not in waiting]
            numbers = {row.number for row in ready}
            rest = [row for row in rest if row.number not in numbers]
            if not ready:
                break
            yield replace(table, rows=tuple(ready))
        if rest:
            yield replace(table, rows=tuple(rest))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


class WorkbookIntake(Intake):
    """The tables as this person may write them, in the order in which rows need each other."""

    def __init__(self, parts: Mapping[str, TableIntake], by: Any, rights: str = "") -> None:
        self.parts, self.by, self.rights = parts, by, rights
        self.table, self.resources = TABLE, [part.resource for part in parts.values()]

    def made(self, job: Import) -> Plan:
        with acting(self.by.code, Through.IMPORT, "rehearsal"):
            made, _done = self._run(job, frozenset())
            transaction.set_rollback(True)
        return made

    def carry_out(self, job: Import, planned: Plan, taken: frozenset[str], by: Any) -> Import:
        def write(job: Import) -> tuple[Plan, dict[str, int]]:
            made, done = self._run(job, taken)
            if made.digest() != planned.digest():
                raise apply.Refused(apply.changed_meanwhile())
            return made, done

        return apply.carried_out(job, list(self.parts), write, by=by)

    def _run(self, job: Import, taken: frozenset[str]) -> tuple[Plan, dict[str, int]]:
        read = sheets.read_all(job.name, bytes(job.content or b""), sheet_names())
        return _Run(self, read).run(taken)


class _Run:
    """One go through a workbook, in the transaction of the caller."""

    def __init__(self, intake: WorkbookIntake, read: Mapping[str, Table]) -> None:
        self.parts = intake.parts
        self.tables = {key: read[key] for key in self.parts if key in read}
        self.sheets: dict[str, Sheet] = {}
        self.plan = Plan(TABLE, [], 0, [])
        self.done: Counter[str] = Counter(new=0, changed=0, unchanged=0, cells=0, kept=0)
        self.founded = self._founding(intake.by.code)
        left = [table.name for key, table in read.items() if key not in self.parts]
        if left:
            told = _("Sheets that are not read, since nothing is written there: %(names)s.")
            self.plan.notes.append(told % {"names": ", ".join(left)[:500]})

    def run(self, taken: frozenset[str]) -> tuple[Plan, dict[str, int]]:
        """Raises Unreadable with what is wrong in any sheet."""
        self._each(self._open)
        self._put_off()
        self._each(self._add)
        self._each(lambda key: self._finish(key, taken))
        if self.founded:
            self.plan.consequences.insert(0, _founding_told())
        return self.plan, dict(self.done)

    def _founding(self, by: str) -> Founded | None:
        """The project, where the workbook has one and the register does not."""
        for key, part in self.parts.items():
            resource = part.resource
            if key in self.tables and resource.is_root():
                table = _keyed(self.tables[key], resource)
                slugs = {_text(row.cells[table.header.index(resource.belongs)])
                         for row in table.rows}  # fmt: skip
                rows = resource.model()._base_manager.filter(**{f"{resource.belongs}__in": slugs})
                if len(slugs) == 1 and "" not in slugs and not rows.exists():
                    return Founded(slugs.pop(), by)
        return None

    def _each(self, do: Callable[[str], None]) -> None:
        """For every sheet; where one cannot be read, those whose rows need it are not tried."""
        faults, out, left = list[Fault](), set[Any](), list[str]()
        for key in self.tables:
            sheet = self.sheets.get(key)
            if sheet and sheet.needs() & out:
                out.add(sheet.model)
                left.append(self.tables[key].name)
                continue
            try:
                with transaction.atomic():
                    do(key)
                continue
            except Unreadable as unreadable:
                faults += unreadable.faults
            except apply.Refused as refusal:
                faults.append(Fault(str(refusal), sheet=self.tables[key].name))
            except IntegrityError as error:
                faults.append(Fault(_broken(error), sheet=self.tables[key].name))
            out.add(self.parts[key].resource.model())
        if faults:
            told = _("Not looked at yet, since they need what is wrong here: %(names)s.")
            note = told % {"names": ", ".join(left)} if left else ""
            raise Unreadable(*dict.fromkeys(faults), note=note)

    def _open(self, key: str) -> None:
        resource, steps = self.parts[key].resource, self.parts[key].steps
        table = _keyed(self.tables[key], resource)
        if self.founded and resource.belongs:
            resource.found()
            steps = None
            table = _founded(resource, table, self.founded)
        if self.founded:
            table = table.without(VERSION.key)  # another register counted it
        columns = {column.key: column for column in (*resource.columns, VERSION)}
        self.sheets[key] = Sheet(resource, table, [columns[one] for one in table.header], steps)

    def _put_off(self) -> None:
        """What the first round leaves out: references to tables that come later, and the states
        that a founded project has reached with what their steps have set."""
        later = [sheet.model for sheet in self.sheets.values()]
        for sheet in self.sheets.values():
            later.remove(sheet.model)
            of = {c.key: c.model_field(sheet.model).related_model for c in sheet.columns if c.to}
            sheet.late = {key for key, model in of.items() if model in later}
            if sheet.resource.founding and not sheet.resource.is_root():
                sheet.late |= {c.key for c in sheet.columns if sheet.resource.is_stepped(c)}

    def _add(self, key: str) -> None:
        """The new rows of a table."""
        sheet = self.sheets[key]
        if self.founded and sheet.resource.founding:
            sheet.resource.opened(self.founded.slug)
        for table in sheet.early():
            made = plan(sheet.resource, table, sheet.steps)
            made.rows = [row for row in made.rows if row.is_new]
            apply.write(sheet.resource, made)
            sheet.added |= {row.number: row for row in made.rows}
            self._tell(made)

    def _finish(self, key: str, taken: frozenset[str]) -> None:
        """All that is left of a table."""
        sheet = self.sheets[key]
        made = Plan(key, [], 0, [])
        if sheet.late or len(sheet.added) < len(sheet.table.rows):
            made = plan(sheet.resource, sheet.table, sheet.steps)
        shown = dict(sheet.added)
        for row in made.rows:
            first = sheet.added.get(row.number)
            shown[row.number] = _both(first, row) if first else replace(row)
        self.plan.rows += [replace(shown[n], table=key) for n in sorted(shown)]
        self._tell(made)
        for row in made.rows:
            row.table = key
        done = apply.write(sheet.resource, made, taken, sheet.steps)
        changed = [row for row in made.rows if row.changes and row.number not in sheet.added]
        counted = {
            "new": len(sheet.added),
            "changed": len(changed),
            "unchanged": len(sheet.table.rows) - len(sheet.added) - len(changed),
            "cells": sum(len(row.changes) for row in changed),
            "kept": done["kept"],
        }
        for name, count in counted.items():
            self.done[name] += count
        self.plan.unchanged += len(sheet.table.rows) - len(shown)

    def _tell(self, made: Plan) -> None:
        """Notes, projects and consequences of a table, each once."""
        notes = [note if note.startswith(made.sheet) else f"{made.sheet}: {note}"
                 for note in made.notes]  # fmt: skip
        for own, more in (
            (self.plan.notes, notes),
            (self.plan.projects, made.projects),
            (self.plan.consequences, [] if self.founded else made.consequences),
        ):
            own += [one for one in more if one not in own]


def _keyed(table: Table, resource: TableResource) -> Table:
    """The table with our keys for its header. Raises Unreadable."""
    return replace(table, header=tuple(c.key for c in headers.matched(table, type(resource))))


def _founded(resource: TableResource, table: Table, found: Founded) -> Table:
    """The rows as a new project begins with them. Raises Unreadable where one is of another."""
    key = "project" if "project" in table.header else resource.key[0]
    at = table.header.index(key)
    told = _("The workbook adds the project “%(slug)s”, and this row is of another one.")
    faults = [
        Fault(told % {"slug": found.slug}, row.number, key, _text(row.cells[at])[:50], table.name)
        for row in table.rows
        if _text(row.cells[at]) != found.slug
    ]
    if faults:
        raise Unreadable(*faults)
    given = [
        resource.founded(dict(zip(table.header, row.cells, strict=True)), found.by)
        for row in table.rows
    ]
    rows = tuple(
        replace(row, cells=tuple(cells.values()))
        for row, cells in zip(table.rows, given, strict=True)
    )
    return replace(table, header=tuple(given[0]), rows=rows)


def _both(added: Planned, row: Planned) -> Planned:
    """A new row with what only the second round could write."""
    late = {change.column: replace(change, old="") for change in row.changes}
    changes = [change for change in added.changes if change.column not in late]
    warnings = list(dict.fromkeys([*added.warnings, *row.warnings]))
    return replace(added, changes=[*changes, *late.values()], warnings=warnings)


def _broken(error: IntegrityError) -> str:
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "?"
    return _(
        "The rows of this sheet break a rule that the database keeps: %(rule)s. Import the other "
        "sheets without it, and then look at its rows one by one."
    ) % {"rule": rule}


def _founding_told() -> str:
    return _(
        "The project is new. Its states are as the file says: what was accepted, approved or "
        "signed is not signed by anybody in this register. It is private until it is first "
        "published, and can be taken back as a whole until then."
    )
