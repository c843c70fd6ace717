"""Large files: prepared by a worker, for the one person who asked, for a day."""

from __future__ import annotations

import datetime as dt
import errno
import os
import time
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from deliverables.evidence.models import File
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Membership
from exchange.exports import exporting, preparing
from exchange.models import Export, Prepared
from exchange.tables import limits
from tests import work
from tests.exchange.files import exported
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
LIST = "admin:deliverables_deliverable_export"


@pytest.fixture(autouse=True)
def row(settings: Any, tmp_path: Path, client: Client, monkeypatch: Any) -> Deliverable:
    settings.VAR_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "prepared": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "prepared")},
        }
    }
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 1)
    project = make_project()
    first = make_deliverable(make_component(project))
    make_deliverable(make_component(project, number=2), "D2.1")
    client.force_login(make_member(project, "ms_leader", "lea"))
    return first


def ask(client: Client, query: str = "", format_: str = "csv") -> str:
    """The address of the page of the file."""
    response = client.post(reverse(LIST) + query, {"format": format_})
    assert response.status_code == 302, response.content
    return str(response["Location"])


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def taken(client: Client, address: str) -> bytes:
    response: Any = client.get(f"{address}file/")
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)


def kept() -> list[str]:
    folder = Path(storages["prepared"].path(""))
    return sorted(file.name for file in folder.glob("*")) if folder.exists() else []


def test_a_large_list_is_written_by_a_worker_as_it_would_have_been_sent(
    client: Client, monkeypatch: Any
) -> None:
    address = ask(client, "?q=nodevums&o=-1", "jsonl")

    assert "is being prepared" in page(client, address)
    assert client.get(f"{address}file/")["Location"] == address
    assert not Export.objects.exists()

    work.carry_out()

    ready = page(client, address)
    export = Export.objects.get()
    assert (export.rows, export.filter) == (2, "search: nodevums")
    assert (str(export.made_by), export.table) == ("lea", "deliverables")
    for told in (f"{address}file/", export.name, export.sha256, "It is kept for you alone until"):
        assert told in ready
    prepared: Any = client.get(f"{address}file/")
    assert f'filename="{export.name}"' in prepared["Content-Disposition"]
    assert prepared["Content-Length"] == str(export.size)
    assert prepared["X-Content-SHA256"] == export.sha256
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 2)  # no more than this is sent at once
    at_once = exported(client, "jsonl", query="?q=nodevums&o=-1")
    assert b"".join(prepared.streaming_content) == at_once
    assert exported(client, "csv").startswith(b"project,")


def test_asked_twice_it_is_one_file_and_the_lists_lead_to_it(client: Client) -> None:
    assert ask(client) == ask(client)
    assert [name for name, _given in work.waiting()].count(preparing.JOB) == 1
    other = ask(client, "?q=nodevums")

    listed = page(client, reverse(LIST))
    assert listed.index(other) < listed.index(ask(client))
    assert "being prepared" in listed
    work.carry_out()
    assert Export.objects.count() == 2
    assert "being prepared" not in page(client, reverse("admin:extracts", args=["tw-1"]))


def test_it_is_in_the_language_of_who_asked(client: Client) -> None:
    client.post("/admin/language/", {"language": "lv"})
    address = ask(client, "?active__exact=1")
    client.post("/admin/language/", {"language": "en"})
    work.carry_out()

    assert Export.objects.get().filter == "aktīvs: Jā"
    assert "Eksports: nodevumi" in page(client, address)


def test_nobody_else_learns_of_it(client: Client, row: Deliverable) -> None:
    address = ask(client)
    work.carry_out()
    other = Client()
    other.force_login(make_member(row.project, "ms_leader", "leo"))

    assert other.get(address).status_code == 404
    assert other.get(f"{address}file/").status_code == 404
    assert address not in page(other, reverse(LIST))
    assert "login" in Client().get(f"{address}file/")["Location"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("how", ["removed", "switched off"])
def test_who_loses_a_role_gets_no_file(
    client: Client, row: Deliverable, when: str, how: str
) -> None:
    make_member(make_project("tw-2"), "auditor", "lea")
    address = ask(client)
    if when == "after":
        work.carry_out()
    if how == "removed":
        Membership.objects.filter(project=row.project).delete()
    else:
        User.objects.filter(username="lea").update(is_active=False)
    work.carry_out()

    if how == "removed":
        assert "has changed since you asked" in page(client, address)
        assert client.get(f"{address}file/")["Location"] == address
    else:
        assert "login" in client.get(f"{address}file/")["Location"]
    assert Export.objects.exists() == (when == "after")


def test_after_a_day_it_is_gone_with_its_file(client: Client) -> None:
    address = ask(client)
    work.carry_out()
    assert len(kept()) == 1

    Prepared.objects.update(asked_at=F("asked_at") - dt.timedelta(days=1))

    assert client.get(address).status_code == 404
    assert client.get(f"{address}file/").status_code == 404
    preparing.forget()
    assert (kept(), Prepared.objects.count(), Export.objects.count()) == ([], 0, 1)


def test_a_full_disk_is_told_on_the_page_and_leaves_nothing(
    client: Client, monkeypatch: Any
) -> None:
    address = ask(client)
    full = OSError(errno.ENOSPC, "full")

    def fails(**given: Any) -> Any:
        raise full

    monkeypatch.setattr("tempfile.TemporaryFile", fails)
    work.carry_out()

    assert "The server has no room to write this file" in page(client, address)
    assert not Export.objects.exists()
    monkeypatch.undo()
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 1)
    assert ask(client) != address  # asking again is a new try


def test_what_the_database_gives_up_is_told_and_not_tried_again(
    client: Client, monkeypatch: Any
) -> None:
    address = ask(client)

    def slow(*given: Any) -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(5)")

    kind = preparing.KINDS["list"]
    monkeypatch.setitem(preparing.KINDS, "list", preparing.PreparedKind(slow, kind.scope))
    preparing.make(Prepared.objects.get().pk)

    assert "takes the database too long to read so many rows" in page(client, address)


def test_files_without_a_row_go_too(client: Client, monkeypatch: Any) -> None:
    """Of a worker that was killed before it noted the file, and of a disk that filled up."""
    ask(client)
    work.carry_out()
    (whole,) = kept()
    store = storages["prepared"]
    old, new = store.save("of-a-killed-worker", ContentFile(b"x")), "being-written"
    store.save(new, ContentFile(b"x"))
    two_hours_ago = time.time() - 2 * 3600
    for name in (old, whole):
        os.utime(store.path(name), (two_hours_ago, two_hours_ago))

    preparing.forget()

    assert kept() == sorted([whole, new])


def test_who_gets_a_role_and_asks_again_gets_the_file_of_now(
    client: Client, row: Deliverable
) -> None:
    first = ask(client)
    make_member(make_project("tw-2"), "auditor", "lea")
    second = ask(client)
    work.carry_out()

    assert "has changed since you asked" in page(client, first)
    assert "The file is ready" in page(client, second)


def test_one_person_keeps_one_hand_of_a_worker_busy(client: Client) -> None:
    ask(client)
    ask(client, "?o=1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock FROM procrastinate_jobs WHERE task_name = %s", [preparing.JOB])
        first, second = cursor.fetchall()
    assert first == second != (None,)


def test_a_server_that_does_not_reach_the_file_says_so(client: Client) -> None:
    address = ask(client)
    work.carry_out()
    (name,) = kept()
    storages["prepared"].delete(name)

    answer = client.get(f"{address}file/", follow=True)

    assert "The storage of this server does not have the file." in answer.content.decode()


def test_a_fault_of_ours_is_told_and_not_only_logged(client: Client, monkeypatch: Any) -> None:
    address = ask(client)
    broken = preparing.PreparedKind(lambda *given: 1 / 0, preparing.KINDS["list"].scope)  # type: ignore[arg-type]
    monkeypatch.setitem(preparing.KINDS, "list", broken)

    with pytest.raises(ZeroDivisionError):
        preparing.make(Prepared.objects.get().pk)

    assert "The file could not be written. Tell the people" in page(client, address)


def test_of_two_workers_one_gives_it_out(client: Client, monkeypatch: Any) -> None:
    """As when a worker that was silent for a while goes on beside the one that took over."""
    ask(client)
    row = Prepared.objects.get()
    kind = preparing.KINDS["list"]
    calls: list[int] = []

    def write(out: IO[bytes], given: Any, by: Any) -> Any:
        made = kind.write(out, given, by)
        if not calls:
            calls.append(1)
            preparing.make(row.pk)
        return made

    monkeypatch.setitem(preparing.KINDS, "list", preparing.PreparedKind(write, kind.scope))
    work.carry_out()

    row.refresh_from_db()
    assert kept() == [row.key]
    assert Export.objects.get() == row.export


def test_more_at_once_than_are_allowed_are_refused_in_words(client: Client) -> None:
    for number in range(exporting.AT_ONCE):
        ask(client, f"?o={number + 1}")

    refused = client.post(reverse(LIST), {"format": "csv"})

    assert refused.status_code == 429
    assert "5 exports of yours are being written right now" in refused.content.decode()


def test_what_no_worker_writes_is_given_up_after_an_hour(client: Client) -> None:
    address = ask(client)

    Prepared.objects.update(asked_at=F("asked_at") - dt.timedelta(minutes=61))

    assert "Nobody has written this file for an hour" in page(client, address)
    work.carry_out()
    assert not Export.objects.exists()
    assert ask(client) != address


@pytest.mark.parametrize("what", ["pack", "workbook"])
def test_what_is_large_of_a_project_is_prepared_too(
    client: Client, monkeypatch: Any, what: str
) -> None:
    where = reverse("admin:extracts", args=["tw-1"])
    given = {"what": what, "first": "2026-01-01", "last": "", "evidence": "on"}
    address = client.post(where, given)["Location"]
    work.carry_out()

    assert ": TW-1" in page(client, address)
    prepared = taken(client, address)
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 50_000)
    at_once: Any = client.post(where, given)
    content = b"".join(at_once.streaming_content)
    first, second = Export.objects.order_by("pk")
    assert (first.rows, first.filter, first.kind) == (second.rows, second.filter, second.kind)
    if what == "pack":
        assert prepared == content


def test_much_evidence_makes_a_pack_large_unless_it_is_left_out(
    client: Client, row: Deliverable, monkeypatch: Any
) -> None:
    File.objects.create(
        project=row.project,
        name="a.pdf",
        kind="pdf",
        size=2000,
        sha256="0" * 64,
        key="00/x",
        added_at=timezone.now(),
    )
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 50_000)
    monkeypatch.setattr(limits, "BYTES_AT_ONCE", 1999)
    where = reverse("admin:extracts", args=["tw-1"])

    with_it = client.post(where, {"what": "pack", "evidence": "on"})
    without: Any = client.post(where, {"what": "pack"})

    assert "/prepared/" in with_it["Location"]
    assert b"".join(without.streaming_content).startswith(b"PK")
    assert "Audit pack" in page(client, with_it["Location"])


@pytest.mark.django_db(transaction=True)
def test_who_asks_outside_of_a_transaction_is_held_and_answered_by_one(row: Deliverable) -> None:
    """A person's orders are counted under a lock, which needs a transaction of its own."""
    by = User.objects.get(username="lea")
    given = {"project": row.component.project_id}
    first = preparing.ask("workbook", given, "All of it", by)
    assert preparing.ask("workbook", given, "All of it", by) == first
    assert Prepared.objects.count() == 1
