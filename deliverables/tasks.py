"""What the workers do for people who wait to be reminded."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from deliverables.ladder import reminders

FROM = 6  # the hour of the morning, in TIME_ZONE


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="remind", lock="remind")
def remind(timestamp: int) -> None:
    """Each hour, so that a morning without a worker is made up; a second time enters nothing."""
    now = timezone.localtime()
    if now.hour >= FROM:
        reminders.enter(now.date())
