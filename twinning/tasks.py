"""What the workers do for the jobs themselves."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from twinning import jobs


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue")
def rescue(timestamp: int) -> None:
    jobs.rescue()


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Failed jobs are looked at or not; done ones are gone since they were done."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * jobs.KEPT_DAYS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
