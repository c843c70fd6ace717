"""Jobs whose worker was killed or cut off go back into the queue."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation

SILENT = dt.timedelta(seconds=30)  # three heartbeats of a worker
LONGEST = dt.timedelta(minutes=30)  # none of our jobs takes that long
TRIES = 5  # a job that kills its workers does not go on for ever
KEPT_DAYS = 30  # of a failed job


def stalled() -> QuerySet[ProcrastinateJob]:
    """Jobs that count as running, though nobody does them any more."""
    now = timezone.now()
    began = Max("procrastinateevent__at", filter=Q(procrastinateevent__type="started"))
    gone = Q(worker=None) | Q(worker__last_heartbeat__lt=now - SILENT)
    running = ProcrastinateJob.objects.filter(status="doing").annotate(began=began)
    rows: QuerySet[ProcrastinateJob] = running.filter(gone | Q(began__lt=now - LONGEST))
    return rows.order_by("pk")


def rescue() -> None:
    """Put them back, unless an equal one waits already or it was tried too often. Each is done
    once more in full, so every task of ours may be done twice."""
    for job in stalled():
        try:
            with transaction.atomic():
                if job.attempts >= TRIES:
                    _finish(job, delete=False)
                else:
                    app.job_manager.retry_job_by_id(
                        job.pk, timezone.now(), job.priority, job.queue_name, job.lock
                    )
        except UniqueViolation:
            _finish(job, delete=True)


def _finish(job: ProcrastinateJob, *, delete: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', %s)", [job.pk, delete])
