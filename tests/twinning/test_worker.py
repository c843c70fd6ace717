"""`manage.py worker`, a process of its own beside the test's database: killed, stopped, cut off."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from accounts.letters import invitations, letters
from accounts.models import Letter
from audit.models import Seal
from releases.actions import publish
from releases.models import Release
from tests import mail_server, work
from tests.mail_server import HANG, Server
from tests.make import make_project, make_user
from tests.waiting import wait_for
from twinning import jobs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow("starts workers, each a process of its own"),
]
ROOT = Path(__file__).resolve().parents[2]
Worker = subprocess.Popen[str]
Start = Callable[..., Worker]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with mail_server.running() as server:
        mail_server.use(settings, server, 10)
        yield server


@pytest.fixture
def start(server: Server) -> Iterator[Start]:
    """Starts a worker of this test's database and mail server, and ends it."""
    started: list[Worker] = []
    here = connection.settings_dict

    def start() -> Worker:
        host = "/" + here["HOST"] if here["HOST"].startswith("/") else here["HOST"]
        at = f"{here['USER']}:{here['PASSWORD']}".rstrip(":") + f"@{host}"
        env = os.environ | {
            "DATABASE_URL": f"postgres://{at}/{here['NAME']}",
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        }
        command = [sys.executable, "manage.py", "worker"]
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def end(worker: Worker) -> tuple[int, str]:
    worker.send_signal(signal.SIGTERM)
    _out, said = worker.communicate(timeout=60)
    return worker.returncode, said


def invited(name: str = "ana") -> Letter:
    user = make_user(name, email=f"{name}@example.org")
    invitations.invite(user)
    return Letter.objects.get(user=user)


def state_of(letter: Letter) -> str:
    return Letter.objects.get(pk=letter.pk).state


def no_job_runs() -> bool:
    return not ProcrastinateJob.objects.filter(status="doing").exists()


def test_letters_are_sent_once_by_two_workers_and_what_was_rolled_back_is_not(
    start: Start, server: Server
) -> None:
    with transaction.atomic():
        invited("nobody")
        transaction.set_rollback(True)
    for number in range(6):
        invited(f"p{number}")
    workers = [start(), start()]
    for number in range(6, 12):
        invited(f"p{number}")
    wait_for(lambda: not Letter.objects.exclude(state="sent").exists())

    assert server.to() == sorted(f"p{number}@example.org" for number in range(12))
    wait_for(no_job_runs)
    wait_for(lambda: ProcrastinateWorker.objects.count() == 2)  # else one may only be beginning
    assert [end(worker) for worker in workers] == [(0, ""), (0, "")]
    assert not ProcrastinateJob.objects.filter(task_name=letters.JOB).exists()


def killed_at(stage: str, start: Start, server: Server) -> Letter:
    """A letter whose worker was killed at this stage of the session with the mail server."""
    server.behaviour = mail_server.at(stage, HANG)
    letter = invited()
    worker = start()
    wait_for(lambda: stage in server.reached)
    worker.kill()
    worker.wait()
    server.behaviour = mail_server.well
    with connection.cursor() as cursor:  # or half a minute is waited for, until it counts as gone
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 min'")
    jobs.rescue()
    return letter


def test_a_letter_of_a_killed_worker_is_sent_by_the_next_one(start: Start, server: Server) -> None:
    letter = killed_at("rcpt", start, server)
    start()
    wait_for(lambda: state_of(letter) == "sent")

    assert server.to() == ["ana@example.org"]


def test_a_letter_that_a_killed_worker_had_handed_over_is_not_sent_twice(
    start: Start, server: Server
) -> None:
    letter = killed_at("text", start, server)
    start()
    after = invited("berta")
    wait_for(lambda: state_of(after) == "sent")

    assert state_of(letter) == "handed"
    assert server.to() == ["ana@example.org", "berta@example.org"]


def test_a_worker_finishes_what_it_does_before_it_ends(start: Start, server: Server) -> None:
    server.behaviour = mail_server.at("rcpt", HANG)
    letter = invited()
    worker = start()
    wait_for(lambda: "rcpt" in server.reached)
    worker.send_signal(signal.SIGTERM)
    server.behaviour = mail_server.well
    server.over.set()  # the server goes on, and hangs up

    assert worker.wait(60) == 0
    assert state_of(letter) == "waiting"
    assert Letter.objects.get().tries == 1
    assert no_job_runs()


def test_a_worker_goes_on_when_the_database_has_cut_it_off(start: Start, server: Server) -> None:
    worker = start()
    first = invited()
    wait_for(lambda: state_of(first) == "sent")
    for number in range(3):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        letter = invited(f"p{number}")
        wait_for(lambda letter=letter: state_of(letter) == "sent")  # type: ignore[misc]

    assert len(server.taken) == 4
    status, _said = end(worker)
    assert status == 0


def test_twelve_resets_against_a_silent_mail_server_slow_nobody_down(
    start: Start, server: Server, client: Client
) -> None:
    cache.clear()
    server.behaviour = mail_server.at("connect", HANG)
    start()
    took = []
    for number in range(12):
        make_user(f"p{number}", email=f"p{number}@example.org")
        for email in (f"p{number}@example.org", f"nobody{number}@example.org"):
            began = time.monotonic()
            page = client.post(
                reverse("account_reset_password"), {"email": email}, REMOTE_ADDR=f"192.0.2.{number}"
            )
            took.append(time.monotonic() - began)
            assert page.status_code == 302
    wait_for(lambda: server.reached.count("connect") >= 2)
    for path in ("/healthz", "/en/"):
        began = time.monotonic()
        assert client.get(path).status_code == 200
        took.append(time.monotonic() - began)
    known, unknown = sorted(took[:24:2])[6], sorted(took[1:24:2])[6]

    assert max(took) < 2  # seconds; each letter alone waits for ten
    assert 1 / 3 < known / unknown < 3
    assert Letter.objects.filter(state="waiting").exclude(user=None).count() == 12


def test_releases_and_seals_are_made_by_a_worker(start: Start) -> None:
    project, user = make_project(), make_user("root", is_superuser=True)
    publish(project, by=user)
    client = Client()
    client.force_login(user)
    title = {"title_en": "New", "seen": str(project.version)}
    fields = ("reference", "kind", "title_lv", "status", "beneficiary_country", "results_basis")
    given = {name: getattr(project, name) for name in fields} | {"publishing": "at_once"} | title
    address = reverse("admin:deliverables_project_change", args=[project.pk])
    for _twice in range(2):
        client.post(address, given)
    (job,) = ProcrastinateJob.objects.filter(task_name="releases.tasks.publish_at_once")
    assert job.args == {"project": project.pk, "by": user.pk}
    assert Release.objects.count() == 1
    work.let_pass(dt.timedelta(minutes=10))
    start()
    wait_for(Release.objects.filter(number=2).exists)

    assert Release.objects.get(number=2).made_by == user
    wait_for(Seal.objects.exists)


def test_a_job_that_waits_anew_or_was_tried_too_often_is_not_put_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, status, queueing_lock, attempts) VALUES"
            " ('default', 'a', 'doing', 'one', 0), ('default', 'b', 'todo', 'one', 0),"
            " ('default', 'c', 'doing', NULL, 5), ('default', 'd', 'doing', NULL, 4)"
        )
    jobs.rescue()

    found = ProcrastinateJob.objects.order_by("task_name").values_list("task_name", "status")
    assert list(found) == [("b", "todo"), ("c", "failed"), ("d", "todo")]


def test_a_job_that_its_worker_lost_sight_of_is_put_back_after_half_an_hour() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        (worker,) = cursor.fetchone()
        for name in ("young", "old"):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', %s)",
                [name],
            )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '31 minutes' WHERE job_id IN "
            "(SELECT id FROM procrastinate_jobs WHERE task_name = 'old')"
        )
    jobs.rescue()

    found = ProcrastinateJob.objects.order_by("task_name").values_list("task_name", "status")
    assert list(found) == [("old", "todo"), ("young", "doing")]
