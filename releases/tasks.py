"""What the workers do for releases."""

from __future__ import annotations

from procrastinate.contrib.django import app

from releases import actions
from releases.search import index


@app.task
def publish_at_once(project: int, by: int | None) -> None:
    actions.publish_at_once(project, by)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="publish_waiting")
def enter_waiting(timestamp: int) -> None:
    """What was changed past the back office, or failed to be published, is taken up."""
    actions.enter_waiting(by=None)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="write_missing")
def write_missing(timestamp: int) -> None:
    """What an older version of the register released is taken into the search."""
    index.write_missing()
