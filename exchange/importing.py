"""An uploaded file on its way: kept privately, read again for each page, gone after an hour."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audit.acting import acting
from audit.models import Through
from exchange import limits, sheets
from exchange.faults import Unreadable, UnsureOfEncoding
from exchange.models import Import, ImportState
from exchange.plan import Steps, plan
from exchange.planned import Plan
from exchange.resources import TableResource

HOUR = dt.timedelta(hours=1)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Intake:
    """Where a file goes: the table as this person may write it, and its steps."""

    resource: TableResource
    steps: Steps | None = None

    def plan(self, job: Import) -> Plan:
        """Raises Unreadable and UnsureOfEncoding."""
        table = sheets.read(job.name, bytes(job.content or b""), self.resource.table, job.encoding)
        return plan(self.resource, table, self.steps)


def give_up_old_ones() -> None:
    """Empty the files that waited for more than an hour."""
    old = Import.objects.filter(state=ImportState.PENDING, made_at__lt=timezone.now() - HOUR)
    if old.exists():
        with acting("system", Through.ACTION, "expire"):
            old.update(state=ImportState.EXPIRED, content=None)


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
        job.state, job.content = ImportState.REFUSED, None
        job.told = {"faults": [
            [fault.row, fault.column, fault.value, fault.sentence, fault.sheet]
            for fault in unreadable.faults
        ]}  # fmt: skip
    with acting(by.code, Through.FORM, "upload"):
        job.save()
    return job
