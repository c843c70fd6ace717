"""An uploaded file on its way: kept privately with its plan, gone after an hour."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from audit.acting import acting
from audit.models import Through
from exchange import deadline, kept, limits, sheets
from exchange.faults import Unreadable, UnsureOfEncoding
from exchange.models import Import, ImportState
from exchange.plan import Steps, plan
from exchange.planned import Plan
from exchange.resources import TableResource, sheet_names

HOUR = dt.timedelta(hours=1)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Intake:
    """Where a file goes: the table as this person may write it, and its steps."""

    resource: TableResource
    steps: Steps | None = None
    scope: str = ""  # what the person may see and write: while it is the same, so is the text

    def plan(self, job: Import) -> Plan:
        """The plan that is kept with the file, or a new one where that does not hold any more.

        Raises Unreadable and UnsureOfEncoding.
        """
        basis = [str(get_language()), job.encoding, self.scope]
        found = kept.unpack(bytes(job.plan or b""), basis)
        if found is None or not kept.is_current(found):
            before = kept.last_event()
            with deadline.within(limits.SECONDS):
                found = self._made(job)
            found.event = before
            job.plan = kept.pack(found, basis)
            Import.objects.filter(pk=job.pk, state=ImportState.PENDING).update(plan=job.plan)
        return found

    def _made(self, job: Import) -> Plan:
        content = bytes(job.content or b"")
        table = sheets.read(job.name, content, self.resource.table, job.encoding, sheet_names())
        return plan(self.resource, table, self.steps)


def give_up_old_ones() -> None:
    """Empty the files that waited for more than an hour."""
    old = Import.objects.filter(state=ImportState.PENDING, made_at__lt=timezone.now() - HOUR)
    if old.exists():
        with acting("system", Through.ACTION, "expire"):
            old.update(state=ImportState.EXPIRED, content=None, plan=None)


def take_in(intake: Intake, name: str, data: bytes, by: Any) -> Import:
    """Keep a file and read it once; one that cannot be imported is refused and not kept."""
    give_up_old_ones()
    job = Import(
        made_at=timezone.now(),
        made_by=by,
        table=intake.resource.table,
        name=_UNSEEN.sub("", name)[-limits.FILE_NAME :] or "?",
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
    )
    try:
        intake.plan(job)
    except UnsureOfEncoding:
        pass
    except Unreadable as unreadable:
        job.state, job.content, job.plan = ImportState.REFUSED, None, None
        job.told = {"faults": [
            [fault.row, fault.column, fault.value, fault.sentence, fault.sheet]
            for fault in unreadable.faults
        ]}  # fmt: skip
    with acting(by.code, Through.FORM, "upload"):
        job.save()
    return job
