"""What a letter costs in a request, and what a worker costs while there is nothing to do.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.letters import invitations
from accounts.models import Letter
from tests import mail_server
from tests.bench.pages import ROUNDS, median
from tests.mail_server import Server
from tests.make import make_user
from tests.twinning.test_worker import Start, start  # noqa: F401 - a fixture
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
IDLE = 120  # seconds


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with mail_server.running() as server:
        mail_server.use(settings, server, 10)
        yield server


def test_report(start: Start, server: Server, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    make_user(email="ana@example.org")
    by_letter = median(lambda: invitations.reset("ana@example.org"))
    Letter.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        invitations.reset("ana@example.org")
    message = mail.EmailMessage("subject", "text", "register@example.org", ["ana@example.org"])
    at_once = median(message.send)
    worker = start()
    wait_for(lambda: Letter.objects.filter(state="sent").exists())
    before, began = transactions(), time.monotonic()
    time.sleep(IDLE)
    minutes = (time.monotonic() - began) / 60
    idle = (transactions() - before) / minutes
    status = Path(f"/proc/{worker.pid}/status").read_text()
    (memory,) = re.findall(r"VmRSS:\s+(\d+)", status)
    ticks = Path(f"/proc/{worker.pid}/stat").read_text().split()
    with capsys.disabled():
        print(  # noqa: T201
            f"\nA letter entered: {by_letter:.1f} ms, {len(asked)} queries; a mail handed at once "
            f"to a server on this machine: {at_once:.1f} ms (median of {ROUNDS})\nA worker: "
            f"{idle:.0f} transactions a minute while idle, {int(memory) / 1024:.0f} MB, "
            f"{(int(ticks[13]) + int(ticks[14])) / 100:.1f} s of processor since it began"
        )


def transactions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])
