"""A proxy that `TRUSTED_PROXIES` does not count is said: at the start, in the log, on the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.access import proxies
from accounts.models import User
from tests.accounts.pages import TOO_MANY, log_in, told
from tests.make import make_user
from tryout.management.commands import serve

pytestmark = pytest.mark.django_db


def test_a_proxy_that_is_not_known_is_said_once_in_the_log_and_to_administrators(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    told = (
        "A proxy passes requests on, and TRUSTED_PROXIES is 0, so everybody counts as one address"
    )

    assert told not in client.get("/admin/").content.decode()
    assert caplog.messages == []
    for _time in range(3):
        page = client.get("/admin/", headers={"x-forwarded-for": "203.0.113.7"}).content.decode()
        assert told in page

    assert caplog.messages == [proxies.UNKNOWN]


def test_a_known_proxy_is_not_spoken_of(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.force_login(User.objects.create_superuser("root"))

    page = client.get("/admin/", headers={"x-forwarded-for": "203.0.113.7"}).content.decode()

    assert "TRUSTED_PROXIES" not in page
    assert caplog.messages == []


def test_it_is_said_at_the_start_where_a_proxy_has_to_stand_before(settings: Any) -> None:
    told = (
        "TRUSTED_PROXIES is 0: behind a proxy everybody counts as one address, and after wrong "
        "passwords of anybody all people wait who log in at a new browser. Set it to the number "
        "of your proxies.\n"
    )
    settings.HTTPS = True
    assert told in serve.addresses(8000)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert told not in serve.addresses(8000)
    settings.HTTPS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = False, 0
    assert told not in serve.addresses(8000)


def test_others_than_administrators_read_nothing_of_proxies(client: Client) -> None:
    client.force_login(User.objects.create_user("ana", is_staff=True))

    page = client.get("/admin/", headers={"x-forwarded-for": "203.0.113.7"}).content.decode()

    assert "TRUSTED_PROXIES" not in page


@pytest.mark.parametrize("named", ["203.0.113.7", "unknown", "203.0.113.7, unknown", ",", ""])
def test_a_request_that_came_past_the_proxies_counts_where_it_comes_from(
    settings: Any, named: str
) -> None:
    """As of somebody who found the address of the server itself: no 5xx, and no way around."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    make_user()
    headers = {"x-forwarded-for": named}
    pages = [
        told(log_in(Client(REMOTE_ADDR="198.51.100.9", headers=headers), password="wrong"))
        for _time in range(6)
    ]

    assert [TOO_MANY in page for page in pages] == [False] * 5 + [True]
