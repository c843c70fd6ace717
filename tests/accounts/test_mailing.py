"""Heads by mail: nothing before the address is confirmed, once a month, nothing after it left."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.letters import heads as mailing
from accounts.models import Letter, Subscriber
from audit.models import Event, Seal
from audit.seals.sealing import seal
from tests import work
from tests.make import make_project, make_user

pytestmark = pytest.mark.django_db
SITE = "https://register.example:8443"
LIST = "/admin/accounts/subscriber/"
DECEMBER = dt.date(2026, 12, 3)


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(make_user("root", is_superuser=True))
    return client


def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def entered(office: Client, email: str = "anna@example.org", language: str = "lv") -> Subscriber:
    office.post(f"{LIST}add/", {"email": email, "language": language})
    work.carry_out()
    return Subscriber.objects.get(email=email)


def link(sent: Any) -> str:
    """The path of the link in a mail that only its reader has."""
    (found,) = re.findall(rf"{SITE}(/\w\w/heads/mail/\S+/)$", sent.body, re.M)
    return str(found)


def confirmed(office: Client, **given: str) -> Subscriber:
    one = entered(office, **given)
    assert stranger().post(link(mail.outbox[-1])).status_code == 200
    one.refresh_from_db()
    return one


def sent_at(day: dt.date) -> list[Any]:
    """The mails that the workers send on a day."""
    before = len(mail.outbox)
    mailing.enter(day)
    work.carry_out()
    return mail.outbox[before:]


def sealed(*days: dt.date) -> list[Seal]:
    """A seal at noon of each day."""
    made = []
    for number, day in enumerate(days, 1):
        made.append(
            Seal.objects.create(
                number=number,
                events=number,
                occasion="x",
                root="0" * 64,
                head=f"{number:064x}",
                made_at=dt.datetime.combine(day, dt.time(12), dt.UTC),
            )  # fmt: skip
        )
    return made


def test_an_address_is_confirmed_by_a_click_and_nothing_else_is_mailed_before(
    office: Client,
) -> None:
    make_project()
    seal("first")
    one = entered(office)
    (sent,) = mail.outbox
    where = link(sent)
    assert (sent.to, where[:4]) == (["anna@example.org"], "/lv/")
    assert "nedēļas laikā" in sent.body
    assert stranger().get(where).status_code == 200  # as a program that looks at mails
    assert sent_at(DECEMBER) == []
    assert "garbage" in stranger().post(f"{where}?at=garbage").content.decode()
    assert sent_at(DECEMBER) == []

    page = stranger().post(where)
    one.refresh_from_db()
    when = one.confirmed_at
    assert when
    assert "Adrese ir apstiprināta" in page.content.decode()
    assert (page.headers["Cache-Control"], page.cookies.output()) == ("no-store", "")
    for again in (stranger().get(where), stranger().post(where)):
        assert "<form" not in again.content.decode().split("<main")[1].split("</main")[0]
    one.refresh_from_db()
    assert one.confirmed_at == when
    assert Event.objects.filter(table="accounts_subscriber", who="subscriber").count() == 1
    assert "anna" not in str(one)  # the trail calls the row so, and keeps it
    assert [letter.to for letter in sent_at(DECEMBER)] == [["anna@example.org"]]


def test_a_link_is_of_no_use_once_it_is_old_forged_or_the_address_is_removed(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = entered(office)
    where, off = link(mail.outbox[0]), mailing._link("heads_leave", one).removeprefix(SITE)
    token = where.split("/")[-2]
    of_another_kind = [f"/en/heads/mail/{off.split('/')[-3]}/", f"/en/heads/mail/{token}/off/"]
    for address in ("/en/heads/mail/forged/", *of_another_kind):
        assert stranger().post(address).status_code == 404
    monkeypatch.setattr(mailing, "DAYS", -1)
    assert stranger().post(where).status_code == 404
    monkeypatch.undo()
    assert not Subscriber.objects.get().confirmed_at

    assert office.post(f"{LIST}{one.pk}/delete/", {"post": "yes"}).status_code == 302
    entered(office)
    for address in (where, off):
        answer = stranger().post(address)
        assert answer.status_code == 404
        assert "Šī saite vairs nedarbojas" in answer.content.decode()
    assert not Subscriber.objects.get().confirmed_at


def test_each_month_has_one_letter_also_after_the_first_and_by_two_workers(office: Client) -> None:
    ends = [dt.date(2026, 9, 30), dt.date(2026, 10, 2), dt.date(2026, 10, 31), dt.date(2026, 11, 1)]
    made = sealed(*ends)
    confirmed(office)
    confirmed(office, email="bob@example.org", language="en")

    first = sent_at(dt.date(2026, 11, 29))
    assert len(first) == 2
    assert sent_at(dt.date(2026, 11, 30)) == []
    Letter.objects.all().delete()  # after a month they are forgotten
    assert sent_at(dt.date(2026, 11, 30)) == []
    assert len(sent_at(DECEMBER)) == 2
    assert sent_at(DECEMBER) == []

    english = next(sent for sent in first if sent.to == ["bob@example.org"])
    assert english.subject == "Register of Twinning projects: the head of seal 4"
    assert "Seal 4, 1 Nov 2026" in english.body
    assert "4 events since the seal before it" in english.body
    assert f"{SITE}/en/heads/" in english.body
    assert re.findall("[0-9a-f]{64}", english.body)[0] == made[-1].head
    latvian = next(sent for sent in first if sent.to == ["anna@example.org"])
    assert "4 notikumi" in latvian.body
    assert f"{SITE}/lv/heads/" in latvian.body


def test_a_letter_repeats_the_last_head_of_each_month_that_is_over(office: Client) -> None:
    today = timezone.localdate()
    last, before = (today.replace(day=1) - dt.timedelta(days) for days in (1, 40))
    made = sealed(before, last - dt.timedelta(3), last, today)
    confirmed(office)

    (sent,) = sent_at(today)

    heads = re.findall("[0-9a-f]{64}", sent.body)
    assert heads == [made[3].head, made[2].head, made[0].head]
    assert re.findall("<code>([0-9a-f]{64})", sent.alternatives[0][0]) == heads


def test_who_leaves_by_the_link_of_a_letter_is_deleted_and_gets_no_more(office: Client) -> None:
    sealed(dt.date(2026, 11, 1))
    confirmed(office)
    (sent,) = sent_at(DECEMBER)
    (off,) = re.findall(rf"<{SITE}(\S+)>", sent.extra_headers["List-Unsubscribe"])
    assert link(sent) == off
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stranger().get(off).status_code == 200
    assert Subscriber.objects.exists()
    mailing.enter(dt.date(2027, 1, 1))  # a letter waits, and is not sent any more

    assert stranger().post(off, {"List-Unsubscribe": "One-Click"}).status_code == 200

    work.carry_out()
    assert mail.outbox[-1] is sent
    assert not Subscriber.objects.exists()
    assert not Letter.objects.exists()
    assert stranger().post(off).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM audit_event e")
        assert "anna@example.org" not in cursor.fetchone()[0]


def test_the_list_says_who_confirmed_and_what_became_of_the_last_letter(office: Client) -> None:
    sealed(dt.date(2026, 11, 1))
    one = confirmed(office)
    entered(office, email="bob@example.org")
    office.post("/admin/language/", {"language": "en"})
    mailing.enter(DECEMBER)
    assert "December 2026: waits to be sent" in office.get(LIST).content.decode()
    work.carry_out()
    text = office.get(LIST).content.decode()
    assert len(re.findall(r'field-last_letter">\d', text)) == 1
    assert len(re.findall(r'field-confirmed_at[^>]*">–|field-confirmed_at[^>]*">-', text)) == 1
    twice = office.post(f"{LIST}add/", {"email": "BOB@example.org", "language": "en"})
    assert "This address is in the list already." in twice.content.decode()
    letters = office.get("/admin/accounts/letter/").content.decode()
    assert one.email in letters
    assert re.search(r'column-reader">.*?>Reader<', letters, re.DOTALL)  # who may have no account

    client = Client()
    client.force_login(make_user("leader"))
    assert client.get(LIST).status_code == 403


def test_addresses_that_nobody_confirms_are_forgotten_by_the_workers(office: Client) -> None:
    one, kept = entered(office), confirmed(office, email="bob@example.org")
    tasks.mail_heads(0)
    assert Subscriber.objects.count() == 2
    Subscriber.objects.update(entered_at=timezone.now() - dt.timedelta(mailing.FORGOTTEN + 1))
    tasks.mail_heads(0)

    assert list(Subscriber.objects.all()) == [kept]
    assert one.pk != kept.pk
