"""Codes of the app, recovery codes, and each of them once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import LastCode, SecondFactor, User
from tests.accounts.pages import PASSWORD, inside, log_in, told
from tests.make import make_user
from tests.second_factor import code_of, with_totp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_in_the_middle_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """No step ends between the making of a code and its typing."""
    import time

    now = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: now)


def opens(code: str) -> bool:
    """Whether the code lets somebody in who knows the password."""
    client = Client()
    assert log_in(client).headers["Location"].endswith("/second-factor/authenticate/")
    assert not inside(client)
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer.status_code == 302 or "Incorrect code." in told(answer)
    return inside(client)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_step_before_and_after_is_taken_once(steps: int) -> None:
    secret = with_totp(make_user())

    assert opens(code_of(secret, steps))
    assert not opens(code_of(secret, steps))


def test_all_three_are_taken_in_their_order_and_none_again() -> None:
    secret = with_totp(make_user())
    codes = [code_of(secret, steps) for steps in (-1, 0, 1)]

    assert [opens(code) for code in codes] == [True, True, True]
    assert [opens(code) for code in codes] == [False, False, False]


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_is_refused(steps: int) -> None:
    assert not opens(code_of(with_totp(make_user()), steps))


def test_a_code_may_be_typed_as_the_app_shows_it() -> None:
    code = code_of(with_totp(make_user()))

    assert opens(f" {code[:3]} {code[3:]}")


def set_up(client: Client) -> tuple[str, Any]:
    """Set up an app by the pages: its secret, and the answer to its first code."""
    activate = reverse("mfa_activate_totp")
    page = client.get(activate)
    if page.status_code == 302:
        client.post(page.headers["Location"], {"password": PASSWORD})
        page = client.get(activate)
    secret = page.context["form"].secret
    return secret, client.post(activate, {"code": code_of(secret)}, follow=True)


def test_the_code_that_set_up_the_app_opens_no_second_log_in() -> None:
    make_user()
    client = Client()
    log_in(client)

    secret, page = set_up(client)

    assert "Recovery codes" in told(page)
    assert not opens(code_of(secret))
    assert not opens(code_of(secret, -1))
    assert opens(code_of(secret, 1))


def test_another_app_begins_anew() -> None:
    user = make_user()
    with_totp(user)
    LastCode.objects.create(user=user, step=10**12)
    SecondFactor.objects.filter(user=user).delete()
    client = Client()
    log_in(client)

    secret, _page = set_up(client)

    assert opens(code_of(secret, 1))


def test_a_recovery_code_works_once_and_leaves_the_others() -> None:
    user = make_user()
    secret = with_totp(user)
    kept = SecondFactor.objects.get(user=user, type="recovery_codes")
    first, second, *_rest = RecoveryCodes(kept).get_unused_codes()

    assert [opens(first), opens(first), opens(second)] == [True, False, True]
    assert opens(code_of(secret))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_requests_at_once_one_gets_in(kind: str) -> None:
    user = make_user()
    secret = with_totp(user)
    kept = SecondFactor.objects.get(user=user, type="recovery_codes")
    code = code_of(secret) if kind == "app" else RecoveryCodes(kept).get_unused_codes()[0]
    clients = [Client() for _number in range(4)]
    for client in clients:
        log_in(client)
    barrier = threading.Barrier(len(clients))

    def attempt(client: Client) -> None:
        barrier.wait(30)
        client.post(reverse("mfa_authenticate"), {"code": code})
        connection.close()

    threads = [threading.Thread(target=attempt, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    cache.clear()  # what was counted is committed

    assert sum(inside(client) for client in clients) == 1


def test_who_lost_the_telephone_sets_it_up_again_after_the_reset(client: Client) -> None:
    lost = make_user()
    old = with_totp(lost)
    assert opens(code_of(old))
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    client.post(reverse("admin:accounts_user_reset_factor", args=[lost.pk]))

    again = Client()
    log_in(again)
    secret, page = set_up(again)

    assert "Recovery codes" in told(page)
    assert opens(code_of(secret, 1))
    assert not opens(code_of(old, 1))
