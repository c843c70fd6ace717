"""Under fire: clicks at the same moment, two people at once, a worker that is killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from audit.events.moment import one_moment
from deliverables.ladder.models import Deliverable
from exchange.exports import exporting
from exchange.imports.apply import LOCK
from exchange.models import Import
from tests.exchange.files import Session
from tests.make import make_component, make_deliverable, make_member, make_project
from tests.volume import volume

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow("waits for others, as races do"),
]
HEAD = "project,component,code,title_lv,title_en\n"
ROWS = 150


@pytest.fixture(autouse=True)
def bruno(client: Client) -> Any:
    project = make_project(publishing="by_hand")
    component = make_component(project)
    make_deliverable(component)
    user = make_member(project, name="bruno")
    client.force_login(user)
    return user


class Click(threading.Thread):
    def __init__(self, client: Client, where: str, seen: str, barrier: Any) -> None:
        super().__init__(daemon=True)
        self.client, self.where, self.seen, self.barrier = client, where, seen, barrier
        self.status = 0

    def run(self) -> None:
        try:
            self.barrier.wait(30)
            self.status = self.client.post(self.where, {"seen": self.seen}).status_code
        finally:
            connection.close()


def clicks(session: Session, user: Any, number: int) -> Counter[int]:
    barrier = threading.Barrier(number)
    threads = []
    for _click in range(number):
        client = Client()
        client.force_login(user)
        seen = session.page.context["seen"]
        threads.append(Click(client, session.where, seen, barrier))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(thread.status for thread in threads)


def test_fifty_clicks_at_the_same_moment_write_once(client: Client, bruno: Any) -> None:
    for number in range(5):
        rows = "".join(f"tw-1,1,D{number + 2}.{n},A,B\n" for n in range(1, 21))
        session = Session(client).upload(HEAD + rows)

        assert set(clicks(session, bruno, 10)) <= {200, 302}
        assert Deliverable.objects.filter(code__startswith=f"D{number + 2}.").count() == 20
        told = client.get(session.where).context["told"]
        assert told["new"] == 20


def test_without_the_guard_the_clicks_collide(
    client: Client, bruno: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: two that both pass the checks write both, or fail at the unique code."""
    from exchange.imports import apply

    calls = []
    second = threading.Event()

    def slow(*args: Any) -> dict[str, int]:
        calls.append(1)
        if len(calls) > 1:
            second.set()
        second.wait(5)
        return dict.fromkeys(("new", "changed", "unchanged", "cells", "kept"), 0)

    monkeypatch.setattr(apply, "write", slow)
    monkeypatch.setattr(apply, "_alone", lambda table, by: transaction.atomic())
    monkeypatch.setattr(Import.objects.__class__, "select_for_update", Import.objects.__class__.all)
    session = Session(client).upload(HEAD + "tw-1,1,D9.1,A,B\n")

    clicks(session, bruno, 4)

    assert len(calls) > 1


def test_while_somebody_imports_a_second_one_is_told_by_whom_and_since_when(
    client: Client, bruno: Any
) -> None:
    session = Session(client).upload(HEAD + "tw-1,1,D9.1,A,B\n")
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext('deliverables'))", [LOCK])
            cursor.execute("SELECT set_config('application_name', %s, true)",
                           [f"import {bruno.code}"])  # fmt: skip
            holding.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    holding.wait(30)
    session.apply()
    done.set()
    thread.join(30)

    assert session.said()[0].startswith(
        "Nothing was written now: an import into this table by "
        f"{bruno.code} bruno is running since "
    )
    assert not Deliverable.objects.filter(code="D9.1").exists()
    session.apply()
    assert Deliverable.objects.filter(code="D9.1").exists()


def carry_out(user_id: int, where: str, seen: str, ready: int) -> None:
    from accounts.models import User

    # What was inherited is the parent's: neither used nor closed, so it is kept until the end.
    inherited, connection.connection = connection.connection, None
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    os.write(ready, b"x")  # a pipe: what is killed leaves no lock behind
    client.post(where, {"seen": seen})
    os._exit(0 if inherited is None else 1)


def wait_until_alone() -> None:
    busy = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with connection.cursor() as cursor:
        deadline = time.monotonic() + 30
        cursor.execute(busy)
        while cursor.fetchone():
            assert time.monotonic() < deadline
            cursor.execute(busy)


def test_a_worker_killed_at_any_moment_leaves_all_or_nothing(client: Client, bruno: Any) -> None:
    """Moments spread over the time that one import takes."""
    chance, outcomes = random.Random(7), Counter[bool]()  # noqa: S311 - moments, not secrets
    fork = multiprocessing.get_context("fork")
    longest = 0.3
    for number in range(volume(20, least=10)):
        rows = "".join(f"tw-1,1,D{number + 2}.{n},A,B\n" for n in range(1, ROWS + 1))
        session = Session(client).upload(f"{HEAD}tw-1,1,D1.1,A,{number}\n{rows}")
        told, ready = os.pipe()
        seen = session.page.context["seen"]
        connection.close()  # a child must not inherit it
        worker = fork.Process(target=carry_out, args=(bruno.pk, session.where, seen, ready))
        worker.start()
        os.close(ready)
        os.read(told, 1)  # or the end, where the worker failed before
        os.close(told)
        begun = time.perf_counter()
        worker.join(chance.uniform(0, longest))
        if worker.is_alive():
            os.kill(worker.pid or 0, signal.SIGKILL)
        else:
            longest = max(0.05, time.perf_counter() - begun)
        worker.join(30)

        asked = time.perf_counter()
        client.get(session.where)
        assert time.perf_counter() - asked < 10  # seconds; a page that waits never comes
        wait_until_alone()  # the database may be committing still what the dead worker sent
        page = client.get(session.where)
        written = Deliverable.objects.filter(code__startswith=f"D{number + 2}.").count()
        assert written in (0, ROWS)
        assert (Deliverable.objects.get(code="D1.1").title_en == str(number)) == (written == ROWS)
        assert ("told" in page.context) == (written == ROWS)
        outcomes[written == ROWS] += 1
    assert outcomes[False] >= 3, outcomes


def test_an_export_is_of_one_moment_and_reads_only() -> None:
    with one_moment(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)


def test_five_exports_of_one_person_under_way_leave_no_sixth_and_bother_nobody_else(
    client: Client, bruno: Any, settings: Any, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    held, done = threading.Semaphore(0), threading.Event()

    def hold() -> None:
        with transaction.atomic(), exporting.slot(bruno):
            held.release()
            done.wait(30)
        connection.close()

    threads = [threading.Thread(target=hold, daemon=True) for _n in range(exporting.AT_ONCE)]
    for thread in threads:
        thread.start()
    for _thread in threads:
        held.acquire(timeout=30)
    where = reverse("admin:deliverables_deliverable_export")
    sixth = client.post(where, {"format": "csv"})
    client.force_login(make_member(Deliverable.objects.get().project, name="anna"))
    another = client.post(where, {"format": "csv"})
    another.close()
    done.set()
    for thread in threads:
        thread.join(30)

    assert (sixth.status_code, sixth.headers["Retry-After"]) == (429, "10")
    assert another.status_code == 200
    client.force_login(bruno)
    again = client.post(where, {"format": "csv"})
    again.close()
    assert again.status_code == 200
