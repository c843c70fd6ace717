from __future__ import annotations

import asyncio
import logging
import signal

from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import DjangoApp, app, connector_params
from psycopg_pool import AsyncConnectionPool

from tryout import machine_errors

JOBS = 4  # at the same time; each with a thread and a session of the database
TRY_AGAIN = 5  # seconds until a database that was away is asked again
PATIENCE = 10  # seconds for a session of the database, until it counts as away
AWAY = f"The database does not answer, so no work is done. It is asked every {TRY_AGAIN} seconds."
BACK = "The database answers again, and work goes on."
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Do the work that requests leave behind: mail, seals, releases, reminders, large files. "
        "Any number of workers, on any machine, until SIGTERM; jobs that run then are finished "
        "first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--beside-server",
            action="store_true",
            help="leave it to the server that starts this worker to keep the database running",
        )

    def handle(self, *args: object, **options: object) -> None:
        quiet = Quiet()
        for handler in logging.getLogger().handlers:
            handler.addFilter(quiet)
        asyncio.run(Work().go_on())


class Quiet(logging.Filter):
    """While the database is away, the library of the queue says so at length; we say it once."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("psycopg"):
            return False
        error = record.exc_info[1] if record.exc_info else None
        of_the_queue = record.name.startswith(("procrastinate", "asyncio"))
        return not (of_the_queue and machine_errors.database_is_away(error))


class Work:
    """Work until a signal asks to stop, also past times in which the database is away."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.away = False

    async def go_on(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.stop.set)
        stopping = asyncio.create_task(self.stop.wait())
        while not self.stop.is_set():
            session = asyncio.create_task(self.session())
            await asyncio.wait({session, stopping}, return_when=asyncio.FIRST_COMPLETED)
            session.cancel()  # takes no new job, and finishes those that run
            (ended,) = await asyncio.gather(session, return_exceptions=True)
            if isinstance(ended, Exception) and not machine_errors.database_is_away(ended):
                raise ended
            if not self.stop.is_set():  # the queue failed, and the worker stopped by itself
                self.say(away=True)
                await asyncio.wait({stopping}, timeout=TRY_AGAIN)

    def say(self, *, away: bool) -> None:
        """That the database is away, or is back, once each."""
        if away != self.away:
            logger.warning(AWAY if away else BACK)
        self.away = away

    async def session(self) -> None:
        """Work until cancelled, or until the database goes away."""
        await sync_to_async(close_old_connections)()  # the one by which periodic jobs are entered
        # An app beside Django's: in a job, too, a new job belongs to the transaction it is part of.
        working = DjangoApp(connector=PsycopgConnector())
        working.tasks, working.periodic_registry = app.tasks, app.periodic_registry
        sessions = AsyncConnectionPool(
            kwargs=connector_params(),
            min_size=1,
            max_size=JOBS,
            timeout=PATIENCE,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )
        async with sessions, working.open_async(sessions):
            await sessions.wait(PATIENCE)
            self.say(away=False)
            await working.run_worker_async(
                concurrency=JOBS, delete_jobs="successful", install_signal_handlers=False
            )
