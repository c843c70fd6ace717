"""An uploaded file on its way: kept privately with its plan, gone after an hour."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import get_language

from audit.events.acting import SYSTEM, acting
from audit.events.people import Person
from audit.models import Through
from audit.rows.characters import UNSEEN
from exchange.imports import apply, plan_cache
from exchange.imports.planned import Plan, Steps
from exchange.imports.planner import plan
from exchange.models import Import, ImportState
from exchange.reading import deadline, sheets
from exchange.reading.faults import Unreadable, UnsureOfEncoding
from exchange.tables import limits
from exchange.tables.resources import TableResource, sheet_names

HOUR = dt.timedelta(hours=1)


class Intake:
    """Where a file goes. `rights` are what the person may see and write: while they are the same,
    so is the text of a plan."""

    table: str  # what the record of an import calls it
    resources: Sequence[TableResource]  # that it writes
    rights: str

    def plan_anew(self, job: Import) -> Plan:
        """A new plan. Raises Unreadable and UnsureOfEncoding."""
        raise NotImplementedError

    def carry_out(self, job: Import, plan: Plan, taken: frozenset[str], by: Person) -> Import:
        """Write what the plan says; of conflicts, the file's cells that are `taken`. Raises
        Refused."""
        raise NotImplementedError

    def plan(self, job: Import) -> Plan:
        """The plan that is kept with the file, or a new one where that does not hold any more.

        Raises Unreadable and UnsureOfEncoding.
        """
        basis = [str(get_language()), job.encoding, self.rights]
        plan = plan_cache.unpack(bytes(job.plan or b""), basis)
        if plan is None or not plan_cache.is_current(plan):
            before = plan_cache.last_event()
            with deadline.within(limits.SECONDS):
                plan = self.plan_anew(job)
            plan.event = before
            job.plan = plan_cache.pack(plan, basis)
            Import.objects.filter(pk=job.pk, state=ImportState.PENDING).update(plan=job.plan)
        return plan


class TableIntake(Intake):
    """A table as this person may write it, and its steps."""

    def __init__(self, resource: TableResource, steps: Steps | None = None, rights: str = ""):
        self.resource, self.steps, self.rights = resource, steps, rights
        self.table, self.resources = resource.table, [resource]

    def plan_anew(self, job: Import) -> Plan:
        content = bytes(job.content or b"")
        table = sheets.read(job.name, content, self.table, job.encoding, sheet_names())
        return plan(self.resource, table, self.steps)

    def carry_out(self, job: Import, plan: Plan, taken: frozenset[str], by: Person) -> Import:
        return apply.apply(job, self.resource, plan, by=by, taken=taken, steps=self.steps)


def give_up_old_ones() -> None:
    """Empty the files that waited for more than an hour."""
    old = Import.objects.filter(state=ImportState.PENDING, made_at__lt=timezone.now() - HOUR)
    if old.exists():
        with acting(SYSTEM, Through.ACTION, "expire"):
            old.update(state=ImportState.EXPIRED, content=None, plan=None)


def take_in(intake: Intake, name: str, data: bytes, by: Person) -> Import:
    """Keep a file and read it once; one that cannot be imported is refused and not kept."""
    give_up_old_ones()
    job = Import(
        made_at=timezone.now(),
        made_by=by,
        table=intake.table,
        name=UNSEEN.sub("", name)[-limits.FILE_NAME :] or "?",
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
    )
    try:
        intake.plan(job)
    except UnsureOfEncoding:
        pass
    except Unreadable as unreadable:
        job.state, job.content, job.plan = ImportState.REFUSED, None, None
        faults = [
            [fault.row, fault.column, fault.value, fault.sentence, fault.sheet]
            for fault in unreadable.faults
        ]
        job.told = {"faults": faults, "note": unreadable.note}
    with acting(by.code, Through.FORM, "upload"):
        job.save()
    return job
