"""Letters: entered with their cause, sent once, tried again, listed with the reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.letters import invitations, letters
from accounts.models import Letter, User
from tests import mail_server, work
from tests.accounts.pages import NO_ROLES
from tests.mail_server import DROP, HANG, Server
from tests.make import make_user

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with mail_server.running() as server:
        mail_server.use(settings, server)
        yield server


def invited(name: str = "ana", **given: Any) -> Letter:
    user = make_user(name, **{"email": f"{name}@example.org", **given})
    assert invitations.invite(user)
    return Letter.objects.get(user=user)


def seen(letter: Letter) -> tuple[str, int, str]:
    letter.refresh_from_db()
    return letter.state, letter.tries, letter.reason


def test_a_letter_goes_with_its_cause_or_not_at_all() -> None:
    user = make_user(email="ana@example.org")
    with transaction.atomic():
        invitations.invite(user)
        assert work.waiting()
        transaction.set_rollback(True)

    assert (Letter.objects.count(), work.waiting()) == (0, [])
    invitations.invite(user)
    (letter,) = Letter.objects.all()
    assert work.waiting() == [("accounts.tasks.send_letter", {"letter": letter.pk})]
    assert mail.outbox == []
    assert work.carry_out() == 1
    assert [sent.to for sent in mail.outbox] == [["ana@example.org"]]
    assert seen(letter) == ("sent", 0, "")


def test_no_letter_and_no_job_holds_a_name_an_address_or_a_link() -> None:
    invited(first_name="Anna", last_name="Bērziņa")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM accounts_letter l UNION ALL "
                       "SELECT row_to_json(j)::text FROM procrastinate_jobs j")  # fmt: skip
        text = " ".join(row for (row,) in cursor.fetchall())

    assert not re.findall(r"@|Anna|Bērziņa|\bana\b|reset/key", text)


def test_a_letter_is_written_when_it_is_sent_with_one_message_id_for_every_try(
    server: Server, settings: Any
) -> None:
    settings.SITE_URL = "https://register.example:8443"
    ids = []
    server.behaviour = mail_server.at("text", "451 later")
    letter = invited()

    for _try in range(2):
        sent = letters._written(Letter.objects.get())
        assert sent is not None
        ids.append(sent.extra_headers["Message-ID"])
    User.objects.update(language="lv", email="new@example.org")
    server.behaviour = mail_server.well
    work.carry_out()

    ((to, message),) = server.taken
    assert to == "new@example.org"
    assert {*ids, message["Message-ID"]} == {ids[0]}
    assert re.fullmatch(r"<[0-9a-f]{32}@register\.example>", ids[0])
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert message["Auto-Submitted"] == "auto-generated"
    assert seen(letter)[0] == "sent"


def test_an_address_of_a_domain_with_diacritics_goes_as_the_network_has_it(server: Server) -> None:
    letter = invited(email="anna@b\N{LATIN SMALL LETTER U WITH MACRON}ve.example")
    work.carry_out()

    assert (server.to(), seen(letter)[0]) == (["anna@xn--bve-50a.example"], "sent")


def test_nobody_is_told_of_an_invitation_that_can_never_go(client: Client) -> None:
    client.force_login(make_user("root", is_superuser=True))
    for person in (
        make_user("ana", email=""),
        make_user("bea", email="bea@example.org", is_active=False),
    ):
        page = client.post(reverse("admin:accounts_user_invite", args=[person.pk]), follow=True)
        (message,) = page.context["messages"]
        assert str(message).startswith(f"{person.username} was not invited: nobody can be")
    assert not Letter.objects.exists()


def test_who_had_a_letter_sent_again_is_told_in_the_readers_language(client: Client) -> None:
    root = make_user("root", is_superuser=True)
    client.force_login(root)
    letter = invited()
    Letter.objects.update(state="refused", next_try_at=None)
    letters.send_again(letter, by=root)
    where = reverse("admin:accounts_letter_changelist")

    client.post("/admin/language/", {"language": "en"})
    assert f"Sent again by {root.code}." in client.get(where).content.decode()
    client.post("/admin/language/", {"language": "lv"})
    assert f"Vēlreiz nosūtīja {root.code}." in client.get(where).content.decode()


NOT_YET = {
    ("connect", "421 busy"), ("connect", HANG), ("connect", DROP), ("ehlo", HANG), ("ehlo", DROP),
    ("mail", "451 later"), ("mail", "550 not from you"), ("mail", HANG), ("rcpt", "450 greylisted"),
    ("rcpt", HANG), ("rcpt", DROP), ("data", "451 later"), ("data", HANG), ("data", DROP),
    ("text", "452 no room"), ("text", "421 going away"),
}  # fmt: skip


@pytest.mark.parametrize(("stage", "answer"), sorted(NOT_YET))
def test_what_was_not_accepted_for_certain_is_tried_again_and_sent_once(
    server: Server, settings: Any, stage: str, answer: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    server.behaviour = mail_server.at(stage, answer)
    letter = invited()
    work.carry_out()

    state, tries, reason = seen(letter)
    assert (state, tries, server.taken) == ("waiting", 1, [])
    assert letter.next_try_at
    assert reason == answer if answer[0].isdigit() else "closed" in reason or "timed out" in reason
    assert work.carry_out() == 0
    server.behaviour = mail_server.well
    work.let_pass(MINUTE)
    work.carry_out()
    assert (server.to(), seen(letter)[0]) == (["ana@example.org"], "sent")


@pytest.mark.parametrize(
    ("stage", "answer"),
    [("rcpt", "550 <ana@example.org>: no such user"), ("data", "554 no"), ("text", "554 spam")],
)
def test_what_is_refused_for_good_is_listed_with_the_reason_and_without_the_address(
    server: Server, stage: str, answer: str
) -> None:
    server.behaviour = mail_server.at(stage, answer)
    letter = invited()
    work.carry_out()

    assert seen(letter) == ("refused", 1, answer.replace("ana@example.org", "…"))
    assert work.waiting() == []


@pytest.mark.parametrize("answer", [HANG, DROP])
def test_where_nobody_knows_whether_it_arrived_it_is_not_sent_again_by_itself(
    server: Server, settings: Any, answer: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    server.behaviour = mail_server.at("text", answer)
    letter = invited()
    work.carry_out()

    assert seen(letter)[0] == "handed"
    assert "Connection unexpectedly closed" in letter.reason
    work.let_pass(dt.timedelta(days=2))
    letters.take_up()
    assert work.carry_out() == 0
    assert server.to() == ["ana@example.org"]


def test_a_letter_is_tried_thirteen_times_in_growing_pauses_and_then_given_up(
    server: Server,
) -> None:
    server.behaviour = mail_server.at("rcpt", "450 later")
    letter = invited()
    pauses = []
    work.carry_out()
    while seen(letter)[0] == "waiting":
        assert letter.next_try_at
        pauses.append(round((letter.next_try_at - timezone.now()) / MINUTE))
        work.let_pass(letter.next_try_at - timezone.now())
        work.carry_out()

    assert pauses == [1, 5, 15, 60, 180, 360, *[720] * 6]
    assert seen(letter) == ("refused", 13, "450 later")
    assert server.taken == []


def test_one_refused_address_never_stops_the_others(server: Server) -> None:
    refuse: Any = lambda stage, to: "550 no" if stage == "rcpt" and to < "c" else None  # noqa: E731
    server.behaviour = refuse
    for name in ("ana", "berta", "cilda", "dora"):
        invited(name)
    work.carry_out()

    assert server.to() == ["cilda@example.org", "dora@example.org"]
    assert list(Letter.objects.order_by("pk").values_list("state", flat=True)) == [
        *("refused", "refused", "sent", "sent")
    ]


def test_of_two_workers_that_have_the_same_letter_one_sends_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one comes while the first is about to let it go."""
    letter = invited()
    let_go = letters._let_go
    overtaken: list[Letter] = []

    def late(mine: Letter) -> bool:
        if not overtaken:
            overtaken.append(mine)
            letters.send(letter.pk)
        return let_go(mine)

    monkeypatch.setattr(letters, "_let_go", late)
    letters.send(letter.pk)

    assert server.to() == ["ana@example.org"]
    assert seen(letter)[0] == "sent"
    letters.send(letter.pk)
    assert server.to() == ["ana@example.org"]


def test_a_second_click_within_a_minute_enters_no_second_letter(server: Server) -> None:
    user = make_user(email="ana@example.org")
    assert [invitations.invite(user) for _click in range(3)] == [True, False, False]
    invitations.reset("ana@example.org")
    invitations.reset("ANA@example.org")
    work.carry_out()

    assert server.to() == ["ana@example.org"] * 2  # an invitation and a reset
    work.let_pass(MINUTE)
    assert invitations.invite(user)
    assert Letter.objects.filter(user=None).count() == 0


def office() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", email="root@example.org"))
    return client


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_with_the_mail_server_down_a_person_is_invited_and_the_page_says_that_the_mail_waits(
    settings: Any,
) -> None:
    with mail_server.running() as gone:
        mail_server.use(settings, gone)
    given = {"username": "jauna", "email": "jauna@example.org", "language": "lv", **NO_ROLES}
    page = office().post(reverse("admin:accounts_user_add"), given, follow=True)

    assert page.status_code == 200
    assert told(page)[0] == (
        "jauna is entered, and the invitation waits to be sent to jauna@example.org. Letters tells "
        "when it has gone, or why not."
    )
    work.carry_out()
    letter = Letter.objects.get()
    assert seen(letter)[:2] == ("waiting", 1)
    assert "refused" in letter.reason
    assert letter.user == User.objects.get(username="jauna")


def reset(email: str) -> tuple[Any, list[str]]:
    """The answer, and what the database was asked for it, whoever has asked before."""
    client = Client()
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
    kinds = [re.sub(r"\d+", "N", query["sql"])[:40] for query in asked.captured_queries]
    return answer, kinds


def test_a_reset_answers_and_asks_the_same_for_known_and_unknown_addresses() -> None:
    make_user(email="ana@example.org", language="lv")
    make_user("off", email="off@example.org", is_active=False)
    reset("warm@example.org")
    found = [reset(to) for to in ("ana@example.org", "nobody@example.org", "off@example.org",
                                  "ANA@example.org")]  # fmt: skip
    pages = [re.sub(r"\w{60,}|\w+@example.org", "", page.content.decode()) for page, _a in found]

    assert len({page.status_code for page, _asked in found}) == 1
    assert pages[1:] == pages[:1] * 3
    assert [asked for _page, asked in found[1:]] == [found[0][1]] * 3
    assert len(work.waiting()) == 5
    work.carry_out()
    assert [sent.to for sent in mail.outbox] == [["ana@example.org"]]
    assert Letter.objects.count() == 1


def test_a_reset_finds_the_person_however_the_address_is_typed() -> None:
    make_user(email="Ana@example.org")

    reset("ana@EXAMPLE.org")
    work.carry_out()

    assert [sent.to for sent in mail.outbox] == [["Ana@example.org"]]


def test_a_reset_is_ours_in_the_persons_language(settings: Any) -> None:
    settings.SITE_URL = "https://register.example"
    make_user(email="ana@example.org", language="lv", first_name="Anna")
    reset("ana@example.org")
    work.carry_out()
    (sent,) = mail.outbox

    assert sent.subject == "Mērķsadarbības projektu reģistrs: izvēlieties jaunu paroli"
    assert "Labdien, Anna" in sent.body
    assert "nedariet neko: jūsu parole paliek, kāda tā ir" in sent.body
    assert not re.findall("example.com|site", str(sent.message()))
    (link,) = re.findall(r"https://register\.example(/admin/account/password/reset/key/\S+)",
                         str(sent.body))  # fmt: skip
    person, new = Client(), "my own long pass phrase"
    form = person.get(link, follow=True)
    person.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert User.objects.get().check_password(new)


def test_the_list_says_to_administrators_what_became_of_each_letter(server: Server) -> None:
    server.behaviour = mail_server.at("rcpt", "550 no such user")
    letter = invited()
    work.carry_out()
    page = office().get(reverse("admin:accounts_letter_changelist"), {"state": "refused"})
    text = page.content.decode()
    plain = Client()
    plain.force_login(make_user("plain"))

    for said in ("not sent: refused", "550 no such user", "invitation", "ana"):
        assert said in text
    assert plain.get(reverse("admin:accounts_letter_changelist")).status_code == 403
    change = reverse("admin:accounts_letter_change", args=[letter.pk])
    assert "Save" not in office_page(change)


def office_page(address: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username="root"))
    return str(client.get(address).content.decode())


def again(client: Client, *chosen: Letter) -> list[str]:
    given = {"action": "send_again", "_selected_action": [letter.pk for letter in chosen]}
    return told(client.post(reverse("admin:accounts_letter_changelist"), given, follow=True))


def test_a_letter_is_sent_again_by_a_click_and_once_by_two(server: Server) -> None:
    server.behaviour = mail_server.at("rcpt", "550 no such user")
    letter, client = invited(), office()
    work.carry_out()
    server.behaviour = mail_server.well

    assert again(client, letter) == [f"invitation {letter.pk} is sent again now."]
    assert again(client, letter) == [
        f"invitation {letter.pk}: it is being sent already. Look at the list again in a minute."
    ]
    assert work.carry_out() == 1
    assert server.to() == ["ana@example.org"]
    letter.refresh_from_db()
    (refusal,) = again(client, letter)
    assert refusal.startswith(f"invitation {letter.pk}: the mail server took it at ")
    assert refusal.endswith(", so it is not sent again.")
    assert work.waiting() == []


def test_what_may_have_arrived_is_sent_again_only_when_the_server_can_answer_no_more(
    server: Server, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    server.behaviour = mail_server.at("text", DROP)
    letter, client = invited(), office()
    work.carry_out()
    server.behaviour = mail_server.well

    assert again(client, letter) == [
        f"invitation {letter.pk}: it was handed over a moment ago. Look at the list again in five "
        "minutes."
    ]
    work.let_pass(6 * MINUTE)
    again(client, letter)
    work.carry_out()
    assert server.to() == ["ana@example.org"] * 2
    assert seen(letter) == ("sent", 0, "")


def test_a_letter_to_who_was_switched_off_is_dropped() -> None:
    letter = invited()
    User.objects.update(is_active=False)
    work.carry_out()

    assert (seen(letter)[0], mail.outbox) == ("dropped", [])
    assert again(office(), letter) == [
        f"invitation {letter.pk}: nothing is left that it would say."
    ]


def test_a_letter_whose_job_was_lost_is_taken_up_after_an_hour(server: Server) -> None:
    letter = invited()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    letters.take_up()
    assert work.waiting() == []
    work.let_pass(61 * MINUTE)
    letters.take_up()
    work.carry_out()

    assert (seen(letter)[0], server.to()) == ("sent", ["ana@example.org"])


@pytest.mark.parametrize(
    ("state", "days", "left"),
    [("sent", 29, 1), ("sent", 31, 0), ("dropped", 31, 0), ("handed", 31, 1), ("refused", 179, 1),
     ("refused", 181, 0), ("handed", 181, 0), ("waiting", 400, 1)],
)  # fmt: skip
def test_letters_are_forgotten_when_nobody_needs_them_any_more(
    state: str, days: int, left: int
) -> None:
    letter = invited()
    now = timezone.now()
    waits = state == "waiting"
    Letter.objects.update(
        state=state, entered_at=now - dt.timedelta(days), next_try_at=now if waits else None,
        sent_at=now if state == "sent" else None,
    )  # fmt: skip
    letters.forget()

    assert Letter.objects.filter(pk=letter.pk).count() == left
