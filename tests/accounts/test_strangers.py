"""What somebody asks who is nobody here changes nothing for a member."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Draft, User
from tests import cost
from tests.accounts.pages import (
    NO_ROLES,
    PASSWORD,
    ask_for_a_link,
    choose_password,
    inside,
    log_in,
    mailed_links,
    mails,
    told,
)
from tests.accounts.test_second_factor import set_up
from tests.make import make_member, make_project, make_user
from tests.second_factor import with_totp

pytestmark = pytest.mark.django_db
# Of the visit itself: its session, what is counted, and mails on their way.
OWN = ("django_session", "accounts_limits", "accounts_letter")


def everything() -> dict[str, str]:
    """Of each table a digest of its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in OWN and not table.startswith("procrastinate_"):
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
                rows = "\n".join(row for (row,) in cursor.fetchall())
                found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def addresses(patterns: Any = None, before: str = "/") -> list[str]:
    """Every address of the register, with something in the places of its values."""
    found = []
    for entry in patterns or get_resolver().url_patterns:
        path = str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry.url_patterns, before + filled(path))
        elif isinstance(entry, URLPattern):
            found.append(before + filled(path))
    return found


def filled(path: str) -> str:
    path = re.sub(r"<language:\w+>", "en", path)
    path = re.sub(r"\(\?P<uidb36>[^)]*\)", "1", re.sub(r"\(\?P<key>[^)]*\)", "x-y", path))
    return re.sub(r"<[^>]+>", "1", path).strip("^$").replace("\\", "").replace("Z", "")


TYPED = {
    "login": "lea", "password": "wrong", "email": "LEA@example.org", "code": "123456",
    "oldpassword": "x", "password1": "another long pass phrase",
    "password2": "another long pass phrase", "credential": "{}", "language": "lv", "next": "/",
    "username": "lea", "action": "x", "_save": "x",
}  # fmt: skip


@pytest.fixture
def lea() -> User:
    """A leader, who has to have a second factor."""
    return make_member(make_project(), "ms_leader", "lea", email="lea@example.org")


def test_no_anonymous_request_changes_a_row_of_the_register(lea: User) -> None:
    before, everywhere = everything(), addresses()
    assert len(everywhere) > 100
    assert "/admin/account/password/reset/" in everywhere

    for address in everywhere:
        stranger = Client(REMOTE_ADDR="203.0.113.9")
        for ask in (stranger.get, stranger.post):
            assert ask(address, TYPED).status_code < 500, address

    assert [sent.to for sent in mails()] == [["lea@example.org"]]
    changed = [table for table, digest in everything().items() if before[table] != digest]
    assert changed == []


def test_a_member_does_afterwards_all_that_a_member_does(lea: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    for email in ("lea@example.org", "LEA@EXAMPLE.ORG", "lea@example.com"):
        Client(REMOTE_ADDR="203.0.113.9").post(reverse("account_reset_password"), {"email": email})
    strangers_link = mailed_links()[0]
    for _time in range(20):
        log_in(Client(REMOTE_ADDR="203.0.113.9"), "lea", "wrong")

    client = Client()
    log_in(client, "lea")
    _secret, page = set_up(client)

    assert "Recovery codes" in told(page)
    assert inside(client)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    other = "my new pass phrase"
    new = {"oldpassword": PASSWORD, "password1": other, "password2": other}
    client.post(reverse("account_change_password"), new)
    assert "This link opens nothing" in told(Client().get(strangers_link, follow=True))
    assert not EmailAddress.objects.exists()


def test_an_invited_person_sets_up_a_second_factor_at_once(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    office, root = Client(), User.objects.create_superuser("root", is_staff=True)
    office.force_login(root)
    with_totp(root)
    given = {"username": "jauna", "email": "jauna@example.org", "language": "en", **NO_ROLES}
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("admin:accounts_user_add"), given)
    make_member(make_project(), "ms_leader", "jauna")
    person = Client()
    choose_password(person, mailed_links()[0], PASSWORD)

    log_in(person, "jauna")
    assert person.get("/admin/").headers["Location"] == reverse("mfa_index")
    _secret, page = set_up(person)

    assert "Recovery codes" in told(page)
    assert inside(person)


def test_no_row_of_the_library_about_an_address_decides(lea: User) -> None:
    """As earlier versions left them: of an address that the person does not have any more."""
    EmailAddress.objects.create(user=lea, email="old@example.org", verified=False)
    Client().post(reverse("account_reset_password"), {"email": "old@example.org"})
    assert mails() == []

    client = Client()
    log_in(client, "lea")
    _secret, page = set_up(client)

    assert "Recovery codes" in told(page)


def within(seconds: float, ask: Callable[[], Any]) -> Any:
    with cost.seconds() as spent:
        answer = ask()
        assert spent() < seconds
    return answer


def test_a_password_of_a_hundred_thousand_marks_costs_no_time() -> None:
    above, below = "\N{COMBINING ACUTE ACCENT}", "\N{COMBINING GRAVE ACCENT BELOW}"
    marks = "a" + above * 50_000 + below * 50_000

    assert "is not right" in told(within(2, lambda: log_in(Client(), "nobody", marks)))
    make_user("lea")
    assert "is not right" in told(within(2, lambda: log_in(Client(), "lea", marks)))
    within(2, lambda: log_in(Client(), marks))
    within(2, lambda: ask_for_a_link(Client(), f"{marks}@example.org"))


@pytest.mark.parametrize("field", ["next", "typed"])
def test_a_language_chosen_with_a_million_fields_costs_no_time(field: str) -> None:
    given = {"language": "lv", "next": "/admin/", "typed": "a&"} | {
        field: "/admin/?" + "a&" * 10**6
    }

    answer = within(2, lambda: Client(enforce_csrf_checks=True).post("/admin/language/", given))

    assert answer.status_code in (302, 403)
    assert not Draft.objects.exists()


def test_a_page_that_no_parser_takes_is_no_page_to_go_back_to() -> None:
    for page in ("//[", "/admin//[", "https://[/"):
        answer = Client().post("/admin/language/", {"language": "lv", "next": page, "typed": "a=b"})
        assert answer.status_code < 500
