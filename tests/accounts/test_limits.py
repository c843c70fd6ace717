"""How often somebody may be wrong, and whom it concerns."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.letters import letters
from accounts.models import SecondFactor, User
from tests import work
from tests.accounts.pages import (
    NOT_RIGHT,
    PASSWORD,
    TOO_MANY,
    ask_for_a_link,
    choose_password,
    inside,
    log_in,
    mailed_links,
    mails,
    told,
)
from tests.make import make_user
from tests.second_factor import code_of, with_totp

pytestmark = pytest.mark.django_db
ELSEWHERE = "203.0.113.7"
MINUTES = f"{TOO_MANY} Try again in 15 minutes."


def guess(name: str = "ana", times: int = 1, at: str = ELSEWHERE) -> list[str]:
    """What a stranger at an address is told of so many wrong passwords."""
    return [told(log_in(Client(REMOTE_ADDR=at), name, f"wrong {n}")) for n in range(times)]


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each password that is hashed from now on."""
    found: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        found.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds pass."""
    passed, clock = [0.0], time.time
    monkeypatch.setattr(time, "time", lambda: clock() + passed[0])

    def pass_by(seconds: float) -> None:
        passed[0] += seconds

    return pass_by


def test_five_wrong_passwords_close_the_name_there_before_any_hashing(hashed: list[str]) -> None:
    make_user()
    assert all(NOT_RIGHT in page for page in guess(times=5))
    hashed.clear()

    page = told(log_in(Client(REMOTE_ADDR=ELSEWHERE)))  # the right one

    assert MINUTES in page
    assert hashed == []
    assert NOT_RIGHT in guess("somebody-else")[0]


def test_it_says_how_long_and_opens_then(later: Callable[[float], None]) -> None:
    make_user()
    guess(times=5)

    later(3 * 60)
    assert f"{TOO_MANY} Try again in 12 minutes." in guess()[0]
    later(11 * 60 + 30)
    assert re.search(r"Try again in (29|30) seconds\.", guess()[0])
    later(30)
    assert inside_after(log_in, Client(REMOTE_ADDR=ELSEWHERE))


def inside_after(step: Callable[..., Any], client: Client, *given: Any) -> bool:
    step(client, *given)
    return inside(client)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_it_is_said_in_the_persons_language(language: str) -> None:
    guess(times=5)

    page = told(log_in(Client(REMOTE_ADDR=ELSEWHERE, headers={"accept-language": language})))

    lv = "Mēģinājumu bija par daudz, tāpēc šis netika pārbaudīts. Mēģiniet vēlreiz pēc 15 minūtēm."
    assert (lv if language == "lv" else MINUTES) in page


def test_the_person_gets_in_from_elsewhere_meanwhile() -> None:
    make_user()
    guess(times=8)

    assert inside_after(log_in, Client())


def test_a_right_log_in_clears_the_count() -> None:
    make_user()
    client = Client()
    for _round in range(3):
        for _try in range(4):
            assert NOT_RIGHT in told(log_in(client, password="wrong"))
        assert inside_after(log_in, client)
        client.logout()


def test_a_name_tried_from_everywhere_is_slowed_down_and_not_where_the_person_was(
    later: Callable[[float], None],
) -> None:
    make_user()
    known = Client()
    log_in(known)
    known.post(reverse("account_logout"))
    pages = [guess(at=f"203.0.113.{n}")[0] for n in range(10)]
    assert all(NOT_RIGHT in page for page in pages)

    assert f"{TOO_MANY} Try again in 1 second." in guess(at="203.0.113.77")[0]
    later(1.1)
    assert NOT_RIGHT in guess(at="203.0.113.77")[0]
    assert f"{TOO_MANY} Try again in 2 seconds." in guess(at="203.0.113.78")[0]
    for n in range(100, 106):
        later(31)
        assert NOT_RIGHT in guess(at=f"203.0.113.{n}")[0]
    assert re.search(r"Try again in (29|30) seconds\.", guess(at="203.0.113.79")[0])
    assert inside_after(log_in, known)


def test_a_flooded_name_opens_by_the_mailed_link() -> None:
    user = make_user(email="ana@example.org")
    for n in range(11):
        guess(at=f"203.0.113.{n}")
    fresh = Client(REMOTE_ADDR="198.51.100.9")
    assert TOO_MANY in told(log_in(fresh))

    ask_for_a_link(fresh, user.email)
    choose_password(fresh, mailed_links()[0], "another long pass phrase")

    assert inside_after(log_in, fresh, "ana", "another long pass phrase")


def test_the_mailed_link_gives_no_more_tries_at_the_second_factor() -> None:
    """Who reads somebody's mail has the password; the factor is there for just that case."""
    user = make_user(email="ana@example.org")
    with_totp(user)
    reader = Client(REMOTE_ADDR="198.51.100.9")
    ask_for_a_link(reader, user.email)
    choose_password(reader, mailed_links()[0], "another long pass phrase")
    log_in(reader, "ana", "another long pass phrase")
    for n in range(5):
        reader.post(reverse("mfa_authenticate"), {"code": f"{n:08}"})

    again = Client(REMOTE_ADDR="198.51.100.9")
    log_in(again, "ana", "another long pass phrase")
    assert TOO_MANY in told(again.post(reverse("mfa_authenticate"), {"code": "00000009"}))


def test_made_up_names_behind_one_address_lock_nobody_out_of_it(
    later: Callable[[float], None],
) -> None:
    """As behind a proxy that TRUSTED_PROXIES does not know: everybody has its address."""
    make_user()
    make_user("new")
    known = Client()
    log_in(known)
    known.post(reverse("account_logout"))

    pages = [guess(f"nobody{n}", at="127.0.0.1")[0] for n in range(22)]

    assert NOT_RIGHT in pages[19]
    assert f"{TOO_MANY} Try again in 1 second." in pages[20]
    assert inside_after(log_in, known)
    later(2)
    assert inside_after(log_in, Client(), "new")


def test_a_browser_that_is_known_is_closed_by_its_own_wrong_passwords_alone() -> None:
    make_user()
    make_user("bert")
    known = Client()
    log_in(known)
    known.post(reverse("account_logout"))
    guess(times=5, at="127.0.0.1")
    assert inside_after(log_in, known)
    known.post(reverse("account_logout"))

    for _try in range(5):
        log_in(known, password="wrong")

    assert MINUTES in told(log_in(known))
    forged = Client()
    forged.cookies["known_browser"] = known.cookies["known_browser"].value[:-1] + "x"
    assert MINUTES in told(log_in(forged))
    assert inside_after(log_in, known, "bert")


def test_unknown_inactive_and_known_get_the_same_answer(hashed: list[str]) -> None:
    """In page and in work: also for a password in a form that no other keyboard types."""
    make_user("known")
    make_user("switched-off", is_active=False)
    invited = make_user("invited")
    invited.set_unusable_password()
    invited.save()
    hashed.clear()

    def page(name: str, password: str) -> tuple[str, int]:
        before = len(hashed)
        text = told(log_in(Client(), name, password))
        text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text).replace(name, "NAME")
        return text, len(hashed) - before

    for password in ("wrong", "wro\N{COMBINING DIAERESIS}ng"):
        answers = {page(name, password) for name in ("known", "unknown", "switched-off", "invited")}
        assert len(answers) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_attempts_at_once_pass_the_limit_five_times() -> None:
    """Counted in the database, exactly, whichever worker is asked."""
    make_user()
    barrier, answers = threading.Barrier(20), []

    def attempt() -> None:
        client = Client()
        barrier.wait(30)
        answers.append(log_in(client, password="wrong"))
        connection.close()

    threads = [threading.Thread(target=attempt) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    cache.clear()  # what was counted is committed, and would close the door to later tests

    pages = [told(answer) for answer in answers]
    # Who waits a second for the count is turned away as well.
    assert 1 <= sum(NOT_RIGHT in page for page in pages) <= 5
    assert sum(NOT_RIGHT in page or TOO_MANY in page for page in pages) == 20


def test_a_stranger_who_asks_for_links_neither_fills_the_mailbox_nor_keeps_the_person_out() -> None:
    make_user(email="ana@example.org")
    asked = []
    for number in range(8):
        stranger = Client(REMOTE_ADDR=f"203.0.113.{number}")
        asked.append(ask_for_a_link(stranger, "ana@example.org", follow=True))
        mails()
        work.let_pass(letters.ONE_CLICK)
    assert len(mails()) == 5

    here = ask_for_a_link(Client(), "ana@example.org", follow=True)

    assert {told(page).partition("csrf")[0] for page in [*asked, here]} == {
        told(here).partition("csrf")[0]
    }
    assert "If this is the address of somebody in the register, a link" in told(here)
    fresh = Client()
    choose_password(fresh, mailed_links()[0], "another long pass phrase")
    assert inside_after(log_in, fresh, "ana", "another long pass phrase")


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_links_are_asked_for_five_times_from_one_address(email: str) -> None:
    make_user(email="ana@example.org")
    client = Client()
    for _time in range(5):
        assert ask_for_a_link(client, email).status_code == 302

    assert MINUTES in told(ask_for_a_link(client, email))
    assert ask_for_a_link(Client(REMOTE_ADDR=ELSEWHERE), email).status_code == 302


def wrong_codes(user: User, at: str, times: int) -> Client:
    """Somebody who knows the password, at the second factor."""
    client = Client(REMOTE_ADDR=at)
    log_in(client, user.username)
    for n in range(times):
        page = client.post(reverse("mfa_authenticate"), {"code": f"{n:08}"})
        assert "Incorrect code." in told(page)
    return client


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_five_wrong_codes_close_the_second_factor_there_and_not_for_the_person(kind: str) -> None:
    user = make_user()
    secret = with_totp(user)
    kept = SecondFactor.objects.get(user=user, type="recovery_codes")
    code = code_of(secret) if kind == "app" else RecoveryCodes(kept).get_unused_codes()[0]
    stranger = wrong_codes(user, ELSEWHERE, 5)

    assert MINUTES in told(stranger.post(reverse("mfa_authenticate"), {"code": code}))
    assert not inside(stranger)
    person = Client()
    log_in(person)
    person.post(reverse("mfa_authenticate"), {"code": code})
    assert inside(person)


def test_codes_tried_from_many_addresses_wait_up_to_a_quarter_of_an_hour(
    later: Callable[[float], None],
) -> None:
    user = make_user()
    secret = with_totp(user)
    known = Client()
    log_in(known)
    known.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    known.post(reverse("account_logout"))
    wrong_codes(user, "203.0.113.1", 5)
    wrong_codes(user, "203.0.113.2", 5)
    for n in range(3, 9):
        later(2.0 ** (n - 3) + 0.5)
        wrong_codes(user, f"203.0.113.{n}", 1)

    refused = wrong_codes(user, "203.0.113.9", 0)
    page = told(refused.post(reverse("mfa_authenticate"), {"code": code_of(secret)}))

    assert re.search(r"Try again in [12] minutes?\.", page)
    log_in(known)
    known.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert inside(known)


def test_the_old_password_of_a_change_is_counted_as_a_log_in_is() -> None:
    make_user()
    client = Client()
    log_in(client)
    new = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    change = reverse("account_change_password")

    for _try in range(5):
        page = told(client.post(change, {"oldpassword": "wrong", **new}))
        assert "Please type your current password." in page

    assert MINUTES in told(client.post(change, {"oldpassword": PASSWORD, **new}))
    assert MINUTES in told(client.post(reverse("account_reauthenticate"), {"password": PASSWORD}))
