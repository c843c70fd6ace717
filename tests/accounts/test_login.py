"""Log-in, second factor, limits and sessions, through the real pages."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import sessions
from accounts.models import SecondFactor, User
from audit.models import Event
from tests.make import make_component, make_member, make_project, make_user
from tests.second_factor import code_of, with_totp

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"
LOGIN = "/admin/account/login/"


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


def log_in(client: Client, name: str = "ana", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password, **extra})


def test_who_has_a_second_factor_is_asked_for_it_and_a_code_works_once() -> None:
    user = make_user()
    secret = with_totp(user)
    client = Client()

    assert log_in(client).headers["Location"].endswith("/second-factor/authenticate/")
    assert client.get("/admin/").status_code == 302  # not in yet
    code = code_of(secret)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/admin/").status_code == 200
    second = Client()
    log_in(second)
    replayed = second.post(reverse("mfa_authenticate"), {"code": code})

    assert replayed.status_code == 200
    assert "Incorrect code." in replayed.content.decode()
    assert second.get("/admin/").status_code == 302


def test_a_recovery_code_works_once() -> None:
    user = make_user()
    with_totp(user)
    codes = RecoveryCodes(
        SecondFactor.objects.get(user=user, type="recovery_codes")
    ).get_unused_codes()
    answers = []
    for _try in range(2):
        client = Client()
        log_in(client)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        answers.append(client.get("/admin/").status_code)

    assert answers == [200, 302]


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


def test_five_wrong_passwords_close_the_account_before_any_hashing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_user()
    client = Client()
    for _try in range(5):
        assert "are not correct" in log_in(client, password="wrong").content.decode()
    hashed: list[str] = []
    verify = MD5PasswordHasher.verify

    def counted(self: Any, password: str, encoded: str) -> bool:
        hashed.append("x")
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(MD5PasswordHasher, "verify", counted)
    page = log_in(client)  # the right one

    assert "Too many failed login attempts. Try again later." in page.content.decode()
    assert hashed == []
    assert log_in(Client(), "somebody-else", "x").status_code == 200


def test_unknown_inactive_and_known_get_the_same_answer() -> None:
    make_user("known")
    make_user("switched-off", is_active=False)

    def page(name: str, password: str) -> str:
        text = log_in(Client(), name, password).content.decode()
        text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text)
        return text.replace(name, "NAME")

    answers = {
        page("known", "wrong"), page("unknown", "wrong"), page("switched-off", "wrong"),
    }  # fmt: skip
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

    told = [answer.content.decode() for answer in answers]
    # Who waits a second for the count is turned away as well, with 429.
    refused = [
        answer.status_code == 429 or "Too many failed" in text
        for answer, text in zip(answers, told, strict=True)
    ]
    assert 1 <= sum("are not correct" in text for text in told) <= 5
    assert sum(refused) + sum("are not correct" in text for text in told) == 20


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
    settings: Any, django_capture_on_commit_callbacks: Any, language: str, subject: str,
    sentence: str,
) -> None:  # fmt: skip
    settings.SITE_URL = "https://register.example"
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    client = Client()
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    given = {"username": "jauna", "email": "jauna@example.org", "language": language}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:accounts_user_add"), given, headers={"host": "evil.example"})

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (subject, ["jauna@example.org"])
    assert sentence in sent.body
    assert len(sent.alternatives) == 1  # type: ignore[attr-defined]
    (link,) = re.findall(r"https://register\.example(/admin/account/password/reset/key/\S+)",
                         str(sent.body))  # fmt: skip
    person = Client()
    form = person.get(link, follow=True)
    new = "my own long pass phrase"
    person.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert log_in(person, "jauna", new).headers["Location"] == "/admin/"
    assert person.get("/admin/").status_code == 200
    assert "link was invalid" in Client().get(link, follow=True).content.decode()


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
