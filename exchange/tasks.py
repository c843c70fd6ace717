"""What the workers do with large files."""

from __future__ import annotations

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from exchange.exports import preparing
from exchange.exports.exporting import TooManyExports

# After 3, 9, 27, 81 and 243 seconds: well before the person is told that it is given up.
AGAIN = RetryStrategy(
    max_attempts=6, exponential_wait=3, retry_exceptions={TooManyExports, OperationalError}
)


# Behind letters and all else that waits.
@app.task(name=preparing.JOB, priority=-20, retry=AGAIN)
def prepare(prepared: int) -> None:
    preparing.make(prepared)


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="forget_prepared")
def forget_prepared(timestamp: int) -> None:
    preparing.forget()
