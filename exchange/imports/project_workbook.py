"""The workbook of a whole project, imported as one: one plan, one transaction, one way back.

Rows of it refer to rows that it adds, and the states that a project has reached are set by steps.
So it is done in two rounds: first each table is written without its references to tables that come
later, then these. What it would do is told by doing it and taking it back at once:
so the database has its say, too.

A project that is itself new is founded: its states are as the file says, since it was under way
before, and it is private until it is first published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import Model
from django.utils.translation import gettext as _

from audit.events.acting import acting
from audit.events.people import Person
from audit.models import Through
from audit.rows.refused import Refused
from exchange.imports import apply
from exchange.imports.founding import (
    Founded,
    as_founded,
    keyed,
    project_of,
    refuse_changes,
)
from exchange.imports.imported_sheet import ImportedSheet
from exchange.imports.intake import Intake, TableIntake
from exchange.imports.planned import CHANGED, NEW, UNCHANGED, Plan, Planned
from exchange.imports.planner import plan
from exchange.models import Import
from exchange.reading import deadline, sheets
from exchange.reading.faults import Fault, Unreadable
from exchange.reading.table import Table
from exchange.reading.xlsx import named
from exchange.tables import limits
from exchange.tables.resources import VERSION, sheet_names

Read = tuple[dict[str, Table], dict[str, str]]  # tables; the names of the sheets not read
TABLE = "workbook"  # what the record of an import calls it


class WorkbookIntake(Intake):
    """The tables as this person may write them, in the order in which rows need each other."""

    def __init__(
        self,
        parts: Mapping[str, TableIntake],
        by: Person,
        rights: str = "",
        closed: Collection[str] = (),
    ) -> None:
        """`closed` are the tables that the person may not write."""
        self.parts, self.by, self.rights, self.closed = parts, by, rights, closed
        self.table, self.resources = TABLE, [part.resource for part in parts.values()]

    def plan_anew(self, job: Import) -> Plan:
        return self._rehearsed(self._read(job))

    def carry_out(self, job: Import, plan: Plan, taken: frozenset[str], by: Person) -> Import:
        read = self._read(job)

        def write() -> tuple[Plan, dict[str, int]]:
            rehearsed = self._rehearsed(read) if taken else None
            carried_out, done = _Run(self, read).run(taken)
            if (rehearsed or carried_out).digest() != plan.digest():
                raise Refused(apply.changed_meanwhile())
            return carried_out, done

        try:
            with deadline.within(limits.SECONDS):
                return apply.carried_out(job, list(self.parts), write, by=by)
        except Unreadable as unreadable:
            sentence = _("Nothing was written: %(why)s")
            raise Refused(sentence % {"why": unreadable.faults[0]}) from None

    def _read(self, job: Import) -> Read:
        content = bytes(job.content or b"")
        return sheets.read_all(job.name, content, sheet_names(), self.parts.keys())

    def _rehearsed(self, read: Read) -> Plan:
        """What it would do: done, and taken back."""
        try:
            with acting(self.by.code, Through.IMPORT, "rehearsal"):
                rehearsed, _done = _Run(self, read).run(frozenset())
                transaction.set_rollback(True)
        except IntegrityError as error:  # a row is gone that others refer to
            raise Unreadable(_broken(error)) from error
        except OperationalError as error:
            if not apply.is_held(error):
                raise
            raise Unreadable(apply.in_use()) from error
        return rehearsed


class _Run:
    """One go through a workbook, in the transaction of the caller."""

    def __init__(self, intake: WorkbookIntake, read: Read) -> None:
        tables, passed = read
        _refuse_too_much(tables)
        self.parts, self.taken = intake.parts, frozenset[str]()
        self.tables = {key: tables[key] for key in self.parts if key in tables}
        self.sheets: dict[str, ImportedSheet] = {}
        self.plan = Plan(TABLE, [], 0, [])
        self.done: Counter[str] = Counter(new=0, changed=0, unchanged=0, cells=0, kept=0)
        roots = [part.resource for part in self.parts.values() if part.resource.is_root()]
        self.notes = _passed(passed, intake.closed)
        self.plan.notes += self.notes
        if not self.tables:
            sentence = _("No sheet of the workbook has a row that could be imported.")
            raise Unreadable(sentence, note=" ".join(self.notes))
        self.founded: Founded | None = None
        for root in roots:
            if table := self.tables.get(root.table):
                with named(table.name):
                    self.founded = project_of(root, table, intake.by.code)

    def run(self, taken: frozenset[str]) -> tuple[Plan, dict[str, int]]:
        """Raises Unreadable with what is wrong in any sheet."""
        self.taken = taken
        self._each(self._open)
        self._put_off()
        self._each(self._write)
        self._each(self._finish)
        for sheet in self.sheets.values():
            self._count(sheet)
        if self.founded:
            self.plan.consequences = self._founding_told()
        connection.check_constraints()  # those that wait for the end of the transaction
        return self.plan, dict(self.done)

    def _each(self, do: Callable[[str], None]) -> None:
        """For every sheet; where one cannot be read, those whose rows need it are not tried."""
        faults, out, left = list[Fault](), set[type[Model]](), list[str]()
        for key, table in self.tables.items():
            sheet = self.sheets.get(key)
            if sheet and sheet.needs() & out:
                out.add(sheet.model)
                left.append(table.name)
                continue
            try:
                with transaction.atomic():
                    do(key)
                continue
            except Unreadable as unreadable:
                faults += [replace(f, sheet=f.sheet or table.name) for f in unreadable.faults]
            except Refused as refusal:
                faults.append(Fault(str(refusal), sheet=table.name))
            except (IntegrityError, DataError) as error:
                faults.append(Fault(_broken(error), sheet=table.name))
            out.add(self.parts[key].resource.model())
        if faults:
            sentence = _("Not looked at yet, since they need what is wrong here: %(names)s.")
            notes = [sentence % {"names": ", ".join(left)}] if left else []
            raise Unreadable(*dict.fromkeys(faults), note=" ".join([*notes, *self.notes]))

    def _open(self, key: str) -> None:
        resource, steps = self.parts[key].resource, self.parts[key].steps
        table = keyed(self.tables[key], resource)
        resource.set_founding(bool(self.founded and resource.belongs))
        if self.founded and resource.founding:
            steps = None
            table = as_founded(resource, table, self.founded)
        if self.founded:
            table = table.without(VERSION.key)  # another register counted it
        columns = {column.key: column for column in (*resource.columns, VERSION)}
        self.sheets[key] = ImportedSheet(
            resource, table, [columns[name] for name in table.header], steps
        )

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

    def _write(self, key: str) -> None:
        """All of a table that does not need what comes later."""
        sheet = self.sheets[key]
        if sheet.resource.founding:
            sheet.resource.opened(sheet.given())
        sheet.refuse_doubles()
        for table in sheet.early():
            self._written(sheet, table)

    def _finish(self, key: str) -> None:
        """What was put off, of the rows that say something of it."""
        sheet = self.sheets[key]
        table = sheet.rest()
        if sheet.late and table.rows:
            self._written(sheet, table)

    def _written(self, sheet: ImportedSheet, table: Table) -> None:
        sheet_plan = plan(sheet.resource, table, sheet.steps)
        if self.founded and not sheet.resource.belongs:
            refuse_changes(sheet_plan, table, sheet.resource)
        for row in sheet_plan.rows:
            row.table = sheet.resource.table
            first = sheet.shown.get(row.number)
            sheet.shown[row.number] = _both(first, row) if first else replace(row)
        done = apply.write(sheet.resource, sheet_plan, self.taken, sheet.steps)
        for row in sheet_plan.rows:
            is_new = sheet.shown[row.number].is_new
            if row.changes or is_new:
                sheet.written[row.number] = NEW if is_new else CHANGED
            self.done["cells"] += 0 if is_new else len(row.changes)
        self.done["kept"] += done["kept"]
        for own, more in (
            (self.plan.notes, [f"{table.name}: {note}" for note in sheet_plan.notes]),
            (self.plan.projects, sheet_plan.projects),
            (self.plan.consequences, sheet_plan.consequences),
        ):
            own += [line for line in more if line not in own]

    def _count(self, sheet: ImportedSheet) -> None:
        outcomes = Counter(sheet.written.values())
        outcomes[UNCHANGED] = len(sheet.table.rows) - len(sheet.written)
        for name, count in outcomes.items():
            self.done[name] += count
        self.plan.rows += [sheet.shown[number] for number in sorted(sheet.shown)]
        self.plan.unchanged += len(sheet.table.rows) - len(sheet.shown)

    def _founding_told(self) -> list[str]:
        sentences = [
            _(
                "The project is new. Its states are as the file says, without anybody’s signature "
                "in this register; where an approval names a person, it names you. It is private "
                "until it is first published, and can be taken back as a whole as long as nobody "
                "has changed or added anything in it."
            )
        ]
        for sheet in self.sheets.values():
            shared = [] if sheet.resource.belongs else sheet.known_already()
            if shared:
                same = _("Taken for those that the register has already (%(sheet)s): %(codes)s.")
                given = {"sheet": sheet.table.name, "codes": ", ".join(shared)[:500]}
                sentences.append(same % given)
        return sentences


def _passed(passed: Mapping[str, str], closed: Collection[str]) -> list[str]:
    """Which sheets are not read, and why."""
    yours = _("Sheets that are not read, since you may not write into their tables: %(names)s.")
    computed = _("Sheets that are not read, since what they show is computed: %(names)s.")
    return [
        sentence % {"names": ", ".join(names)}
        for sentence, names in (
            (yours, [name for key, name in passed.items() if key in closed]),
            (computed, [name for key, name in passed.items() if key not in closed]),
        )
        if names
    ]


def _both(first: Planned, row: Planned) -> Planned:
    """A row with what only the second round could write, which knows best what is odd."""
    late = [replace(c, old="") if first.is_new else c for c in row.changes]
    return replace(first, changes=[*first.changes, *late], warnings=row.warnings)


def _refuse_too_much(read: Mapping[str, Table]) -> None:
    rows = sum(len(table.rows) for table in read.values())
    if rows > limits.WORKBOOK:
        sentence = _("The workbook has %(rows)s rows; at most %(most)s are imported at once.")
        raise Unreadable(sentence % {"rows": rows, "most": limits.WORKBOOK})


def _broken(error: DatabaseError) -> str:
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "?"
    return _(
        "The rows of this sheet break a rule that the database keeps: %(rule)s. Import the other "
        "sheets without it, and then look at its rows one by one."
    ) % {"rule": rule}
