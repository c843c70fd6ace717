"""Pages that are kept ready: the same answer as before, and another as soon as there is one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from experts.people.models import Assignment
from public.http import kept
from releases import actions, withdrawing
from releases.document.build import digest
from releases.models import Release
from releases.reading import documents, standing
from releases.reading.shelf import Shelf
from tests.make import make_user
from tests.public.make import EVERY_PAGE, KS, get, make_released

PAGE = f"/en/{KS}components/1/"
NAME = "O. Vaikulis"
MOVING = ("search/", "heads/")  # what also shows rows that are in no release


def kept_at(address: str) -> list[kept.Page]:
    path = address.partition("?")[0]
    return [page for at, (page, _size) in kept.PAGES._things.items() if at[2] == path]


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
class TestAnswer:
    @pytest.mark.parametrize("address", EVERY_PAGE)
    @pytest.mark.parametrize("takes", ["", "gzip, br"])
    def test_it_is_the_one_that_was_made(self, client: Client, address: str, takes: str) -> None:
        takes_: dict[str, Any] = {"accept-encoding": takes}
        first = client.get(address, headers=takes_)
        moving = address.partition("?")[0].endswith(MOVING)
        assert bool(kept_at(address)) != moving
        if moving:
            return
        again = client.get(address, headers=takes_)
        assert (again.status_code, again.content) == (200, first.content)
        assert sorted(again.items()) == sorted(first.items())
        assert (first.headers.get("Content-Encoding") == "gzip") == bool(takes)

    def test_it_is_there_for_readers_of_any_kind(self, client: Client) -> None:
        first = client.get(PAGE)
        zipped = client.get(PAGE, headers={"accept-encoding": "gzip"})
        assert zipped.headers["ETag"] == f"W/{first.headers['ETag']}"
        head = client.head(PAGE)
        assert (head.content, head.headers["Content-Length"]) == (b"", str(len(first.content)))
        for known in (first.headers["ETag"], zipped.headers["ETag"], "*"):
            told = client.get(PAGE, headers={"if-none-match": known})
            assert (told.status_code, told.content) == (304, b"")
            assert told.headers["ETag"] == first.headers["ETag"]
            assert "Content-Type" not in told.headers
        assert client.get(PAGE, headers={"if-none-match": '"other"'}).content == first.content
        assert client.get(PAGE, headers={"if-match": '"other"'}).status_code == 412
        assert client.post(PAGE).status_code == 405

    def test_a_reader_who_has_it_already_makes_it_known(self, client: Client) -> None:
        first = client.get(PAGE)
        kept.PAGES.clear()
        for _time in range(2):
            known = client.get(PAGE, headers={"if-none-match": first.headers["ETag"]})
            assert known.status_code == 304
        assert [page.body for page in kept_at(PAGE)] == [None]
        assert client.get(PAGE).content == first.content

    def test_who_may_not_ask_gets_none(self, client: Client, settings: Any) -> None:
        client.get(PAGE)
        assert client.get(PAGE, headers={"host": "elsewhere.example"}).status_code == 400
        settings.SECURE_SSL_REDIRECT = True
        client.get(PAGE, secure=True)
        assert client.get(PAGE).status_code == 200  # its middleware read the setting before

    def test_a_page_that_refuses_is_not_kept(self, client: Client) -> None:
        for address in (f"/en/{KS}deliverables/D9.9/", f"/en/{KS}?at=2001-01-01", "/en/no/"):
            assert client.get(address).status_code == 404
        assert not kept.PAGES.used

    def test_a_preview_is_for_who_may_see_it(self, client: Client, admin_client: Client) -> None:
        preview = "/admin/preview/en/"
        for page in ("", KS, "definitions/", "codes/", "accessibility/"):
            assert admin_client.get(f"{preview}{page}").status_code == 200
            assert client.get(f"{preview}{page}").status_code == 302
        assert not kept.PAGES.used

    def test_it_costs_a_query(self, client: Client, django_assert_num_queries: Any) -> None:
        get(client, PAGE)
        for headers in ({}, {"if-none-match": client.get(PAGE).headers["ETag"]}):
            with django_assert_num_queries(1):
                client.get(PAGE, headers=headers)


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
class TestAnother:
    def test_name_once_its_consent_is_gone(self, client: Client) -> None:
        named = Assignment.objects.filter(holder_name=NAME)
        assert NAME in get(client, PAGE)
        named.update(name_published=False)
        assert NAME not in get(client, PAGE)
        named.update(name_published=True)
        assert NAME in get(client, PAGE)

    def test_release(self, client: Client) -> None:
        cited, of_day = f"/en/{KS}releases/1/", f"/en/{KS}?at={timezone.localdate()}"
        newest, listed = f"/en/{KS}", "/en/"
        addresses = (newest, listed, cited, of_day, f"/en/{KS}releases/")
        before = {address: get(client, address) for address in addresses}
        project = Release.objects.filter(slug="ks-14-jb-jh-04").first().project  # type: ignore[union-attr]
        project.title_en = "Another title of the project"
        project.save()
        assert all(get(client, address) == text for address, text in before.items())
        actions.publish(project, by=None)
        for address in (newest, listed, of_day):
            assert "Another title of the project" in get(client, address)
        assert "There is a newer release" not in before[cited]
        assert get(client, cited) != before[cited]
        assert "Another title of the project" not in get(client, cited)
        assert get(client, addresses[-1]) != before[addresses[-1]]

    def test_withdrawal(self, client: Client) -> None:
        project = Release.objects.get(slug="ks-14-jb-jh-04").project
        by = make_user("admin")
        first = get(client, PAGE)
        withdrawing.withdraw(project, by=by, reason="closed", sentence_en="It ended.")
        assert "It ended." in get(client, PAGE)
        withdrawing.give_back(project, by=by)
        assert get(client, PAGE) == first
        withdrawing.withdraw(project, by=by, reason="mistake", sentence_en="Wrong.")
        for headers in ({}, {"if-none-match": "*"}):
            assert client.get(PAGE, headers=headers).status_code == 410
        assert KS not in get(client, "/en/")

    def test_day(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        overview = "/en/projects/demo/"
        first = client.get(overview)
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        real = timezone.localdate
        monkeypatch.setattr(timezone, "localdate", lambda at=None: real(at) if at else tomorrow)
        told = client.get(overview, headers={"if-none-match": first.headers["ETag"]})
        assert told.status_code == 200
        assert told.headers["ETag"] != first.headers["ETag"]

    def test_language_filter_and_page(self, client: Client) -> None:
        asked = ("en/{}", "lv/{}", "en/{}?late=now", "en/{}?page=1", "en/{}?q=x")
        found = {get(client, f"/{one.format(KS)}deliverables/") for one in asked[:2]}
        found |= {get(client, f"/en/{KS}deliverables/?{one}") for one in ("q=law", "q=x")}
        assert len(found) == 4


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_again_until_something_is_committed(
    client: Client, django_assert_num_queries: Any
) -> None:
    """Each request looks at the clock of the database; the row is asked where that went on."""
    project = make_released(1)
    address = "/en/projects/tw-1/"
    first = get(client, address)
    get(client, address)
    get(client, "/en/definitions/")
    with django_assert_num_queries(0):
        get(client, "/en/definitions/")
    with django_assert_num_queries(1) as asked:
        assert get(client, address) == first
    assert "pg_current_snapshot" in asked[0]["sql"]
    make_user("somebody")
    with django_assert_num_queries(2):
        assert get(client, address) == first
    project.title_en = "Another title of the project"
    project.save()
    actions.publish(project, by=None)
    assert "Another title of the project" in get(client, address)
    withdrawing.withdraw(project, by=make_user("admin"), reason="legal", sentence_en="Wrong.")
    assert client.get(address).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_a_page_is_made_where_the_database_cannot_say_whether_it_holds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> str:
        raise OperationalError

    make_released(1)
    first = get(client, "/en/projects/tw-1/")
    monkeypatch.setattr(kept, "moment", away)
    assert get(client, "/en/projects/tw-1/") == first


@pytest.mark.django_db(transaction=True)
def test_a_session_of_the_database_that_was_ended_costs_nobody_an_answer(client: Client) -> None:
    make_released(1)
    first = get(client, "/en/projects/tw-1/")
    login = {name: connection.settings_dict[name.upper()] for name in ("host", "user", "port")}
    ours = connection.connection.info.backend_pid
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **login) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    assert get(client, "/en/projects/tw-1/") == first
    assert connection.connection.info.backend_pid != ours


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_no_page_changes_the_document_that_others_read(client: Client) -> None:
    for address in EVERY_PAGE:
        client.get(address)
    read = {
        release: digest(document)
        for (release, _written), ((document, _today), _size) in documents.KEPT._things.items()
    }
    assert read == dict(Release.objects.filter(pk__in=read).values_list("pk", "digest"))
    assert len(read) >= 2


def test_a_shelf_holds_so_many_bytes_and_what_is_used_stays() -> None:
    shelf: Shelf[int, str] = Shelf(40)
    for number in range(4):
        shelf.put(number, "thing", 10)
    assert shelf.get(0) == "thing"
    shelf.put(4, "thing", 10)
    assert (shelf.get(1), shelf.get(0), shelf.used) == (None, "thing", 40)
    shelf.put(0, "too large", 11)
    assert (shelf.get(0), shelf.used) == (None, 30)
    Shelf[int, str](0).put(1, "thing", 1)
    shelf.clear()
    assert (shelf.get(2), shelf.used) == (None, 0)


@pytest.mark.django_db
def test_the_database_tells_no_moment_within_a_transaction() -> None:
    assert connection.in_atomic_block
    assert standing.moment() is None
