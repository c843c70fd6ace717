"""What the workers do for the trail."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from audit.seals.sealing import seal

MINUTES = settings.SEAL_MINUTES


@app.periodic(cron="0 * * * *" if MINUTES == 60 else f"*/{MINUTES} * * * *")
@app.task(queueing_lock="seal", lock="seal")
def seal_events(timestamp: int) -> None:
    """Seal what is not sealed yet; nothing where there is nothing."""
    seal("timer", thorough=True)
