"""Log-in, second factor, limits and sessions, through the real pages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.access import sessions
from accounts.models import SecondFactor, User
from audit.models import Event
from tests import work
from tests.accounts.pages import LOGIN, NO_ROLES, PASSWORD, choose_password, log_in, mailed_links
from tests.make import make_component, make_member, make_project, make_user
from tests.second_factor import with_totp

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["ms_leader", "bc_leader", "administrator"])
def test_where_it_is_demanded_nothing_opens_without_it(settings: Any, role: str) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    project = make_project()
    user = (
        User.objects.create_superuser("root", is_staff=True)
        if role == "administrator"
        else make_member(project, role)
    )
    client = Client()
    client.force_login(user)

    for address in ("/admin/", f"/admin/deliverables/project/{project.pk}/change/",
                    "/admin/preview/en/"):  # fmt: skip
        assert client.get(address).headers["Location"] == reverse("mfa_index")
    posted = client.post(f"/admin/deliverables/project/{project.pk}/change/", {"title_en": "x"})
    assert posted.headers["Location"] == reverse("mfa_index")
    told = client.get(reverse("mfa_index")).content.decode()
    assert "Who may publish, sign or administer needs a second factor." in told
    with_totp(user)
    assert client.get("/admin/").status_code == 200


def test_who_only_edits_or_reads_is_not_asked(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    component = make_component(make_project())
    for name, member in (("ana", make_member(component, "coordinator")),
                         ("aud", make_member(component.project, "auditor", "aud"))):  # fmt: skip
        client = Client()
        client.force_login(member)
        assert client.get("/admin/").status_code == 200, name


def test_in_the_try_out_it_is_offered_and_says_so() -> None:
    client = Client()
    client.force_login(make_member(make_project()))

    page = client.get("/admin/").content.decode()

    assert "The second factor is offered, not demanded: this is a try-out" in page


def test_a_changed_password_ends_the_other_sessions() -> None:
    make_user()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        log_in(client)
    new = "another long pass phrase"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert here.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_who_is_switched_off_is_out_at_once() -> None:
    user, client = make_user(), Client()
    log_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(
    ("began", "last", "status"),
    [(0, 0, 200), (0, 59 * 60, 200), (0, 61 * 60, 302), (12 * 3600 + 60, 30, 302)],
)
def test_a_session_ends_after_twelve_hours_or_one_idle(
    began: int, last: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    client = Client()
    log_in(client)
    client.get("/admin/")
    session = client.session
    session[sessions.BEGAN] -= max(began, last)
    session[sessions.LAST] -= last
    session.save()

    answer = client.get("/admin/roles/", follow=status == 302)

    if status == 302:
        assert answer.redirect_chain[0][0] == "/admin/login/?next=%2Fadmin%2Froles%2F"
        assert "You were logged out: a session ends after 12 hours" in answer.content.decode()
    else:
        assert answer.status_code == 200


def test_there_is_no_sign_up_and_no_open_redirect() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    inside = Client()
    inside.force_login(make_user("inside"))
    for address in ("/admin/account/signup/", "/accounts/signup/"):
        assert inside.get(address).status_code == 404
    assert "sign up" not in Client().get(LOGIN).content.decode().casefold()
    make_user()
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        client = Client()
        assert log_in(client, next=target).headers["Location"] == "/admin/"
    client = Client()
    assert log_in(client, next="/admin/roles/").headers["Location"] == "/admin/roles/"


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("en", "Your account in the register of Twinning projects", "Your user name is jauna."),
        ("lv", "Jūsu konts mērķsadarbības projektu reģistrā", "Jūsu lietotājvārds ir jauna."),
    ],
)
def test_an_invited_person_chooses_a_password_by_a_link_of_ours(
    settings: Any, language: str, subject: str, sentence: str
) -> None:
    settings.SITE_URL = "https://register.example"
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    client = Client()
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    given = {"username": "jauna", "email": "jauna@example.org", "language": language, **NO_ROLES}

    client.post(reverse("admin:accounts_user_add"), given, headers={"host": "evil.example"})
    work.carry_out()

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (subject, ["jauna@example.org"])
    assert sentence in sent.body
    assert len(sent.alternatives) == 1  # type: ignore[attr-defined]
    assert "https://register.example/admin/account/password/reset/key/" in str(sent.body)
    (link,) = mailed_links()
    person = Client()
    new = "my own long pass phrase"
    assert "Your password is set" in choose_password(person, link, new).content.decode()
    assert log_in(person, "jauna", new).headers["Location"] == "/admin/"
    assert person.get("/admin/").status_code == 200
    assert "This link opens nothing" in Client().get(link, follow=True).content.decode()


def test_people_are_invited_in_the_language_of_the_office(client: Client, settings: Any) -> None:
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    for language in ("lv", "en"):
        settings.DEFAULT_LANGUAGE = language
        page = client.get(reverse("admin:accounts_user_add")).content.decode()
        assert f'<option value="{language}" selected>' in page


def test_the_last_administrator_stays(client: Client) -> None:
    root = User.objects.create_superuser("root", is_staff=True)
    client.force_login(root)

    page = client.post(
        reverse("admin:accounts_user_change", args=[root.pk]),
        {"username": "root", "language": "en", "is_active": "on", "seen": str(root.version)},
    )

    assert "This is the last active administrator." in page.content.decode()
    root.refresh_from_db()
    assert root.is_superuser


@pytest.mark.parametrize("column", ["is_superuser", "is_active"])
def test_the_last_administrator_does_not_go_by_putting_back_what_was(
    client: Client, column: str
) -> None:
    root = make_user("root", **({"is_superuser": True} | {column: False}))
    setattr(root, column, True)
    root.save()
    root.refresh_from_db()
    client.force_login(root)
    event = Event.objects.get(operation="update", row=root.pk, after__has_key=column)
    put_back = {"event": event.pk, "column": column, "seen": root.version}

    page = client.post(reverse("admin:restore"), put_back, follow=True)

    assert [str(told) for told in page.context["messages"]] == [
        "Nothing was restored: This is the last active administrator. Make somebody else an "
        "administrator first."
    ]
    make_user("another", is_superuser=True)
    client.post(reverse("admin:restore"), put_back)
    root.refresh_from_db()
    assert not getattr(root, column)


def test_a_lost_factor_is_reset_by_an_administrator_only(client: Client) -> None:
    lost = make_user("lost")
    with_totp(lost)
    address = reverse("admin:accounts_user_reset_factor", args=[lost.pk])
    client.force_login(make_member(make_project(), name="lea"))
    assert client.post(address).status_code == 403
    assert SecondFactor.objects.filter(user=lost).exists()

    client.force_login(User.objects.create_superuser("root", is_staff=True))
    assert client.get(address).status_code == 403
    client.post(address)

    assert not SecondFactor.objects.filter(user=lost).exists()


@pytest.mark.parametrize("how", ["idle", "log out"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_login_page_speaks_as_the_back_office_did(how: str, language: str) -> None:
    """Else what it says of the end of the session stands on a page of another language."""
    make_user(language=language)
    other = {"lv": "en", "en": "lv"}[language]
    client = Client(headers={"accept-language": other})
    log_in(client)
    if how == "idle":
        session = client.session
        session[sessions.LAST] = int(time.time()) - 61 * 60
        session.save()
        page = client.get("/admin/", follow=True)
    else:
        page = client.post(reverse("account_logout"), follow=True)

    text = page.content.decode()
    assert f'<html lang="{language}"' in text
    assert {"lv": "Pieteikties", "en": "Log in"}[language] in text
