"""A user name and an e-mail address belong to one person, however they are typed and written."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.test import Client
from django.urls import reverse

from accounts.folding import fold, folded
from accounts.models import Draft, User
from tests.accounts.pages import (
    NO_ROLES,
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
from tests.volume import volume

pytestmark = pytest.mark.django_db
NAME_TAKEN = (
    "Somebody has this user name already: capital and small letters count as the same. Choose "
    "another one."
)
EMAIL_TAKEN = (
    "Somebody has this e-mail address already, and mails must reach one person. Enter another one."
)
# What the field says first: of the very same name, and of one with what is not to be seen.
REFUSED_BEFORE = (
    "A user with that username already exists.",
    "Enter a valid username.",
    "a character that cannot be seen",
)
LETTERS = "aābcčdeēgģiījkķlļmnņoprsštuūvzžäöüßñçéŵđøłıσςωабвщїձქ"
BLANKS = ["", " ", "\t", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "\N{EM SPACE}"]


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


FORMS: list[Callable[[str], str]] = [
    str.upper, str.lower, str.title, str.swapcase, full_width,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: unicodedata.normalize("NFD", text.upper()),
    lambda text: text,
]  # fmt: skip


def pairs(count: int) -> list[tuple[str, str]]:
    """Names, each with how somebody else types it: another case, form, or with blanks."""
    dice = random.Random(14)  # noqa: S311 - the same names each time
    found = []
    for number in range(count):
        name = "".join(dice.choices(LETTERS, k=8)) + f"{number:03}"
        name = unicodedata.normalize("NFC", name)
        other = dice.choice(FORMS)(name)
        if len(other) == len(name) or unicodedata.normalize("NFD", name) == other:
            other = dice.choice(BLANKS) + other + dice.choice(BLANKS)
        found.append((name, other))
    return found


PAIRS = pairs(volume(200, least=20))


def address(name: str) -> str:
    """An e-mail address with the name, as far as a mailbox can have its letters."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if c.isascii())
    return f"{plain}@Example.org"


def refused_by_the_database(write: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        write()
    assert error.value.__cause__
    return str(error.value.__cause__.diag.constraint_name)  # type: ignore[attr-defined]


def run(sql: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)


@pytest.fixture
def office() -> Client:
    """An administrator at the back office."""
    client = Client()
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    return client


def test_two_hundred_names_in_another_case_form_or_with_blanks_are_no_other_persons(
    office: Client,
) -> None:
    bert = make_user("bert", email="bert@example.org")
    entered = {"language": "en", "is_active": "on"}
    for name, other in PAIRS:
        first = make_user(name, email=address(name).lower())
        twin, twins_address = other, address(name).swapcase()

        def row(**given: str) -> User:
            return User(**{"username": "x", "email": "", **given})

        pages = [
            office.post(reverse("admin:accounts_user_add"), {**entered, **NO_ROLES, **given})
            for given in ({"username": twin, "email": "x@example.org"},
                          {"username": "x", "email": twins_address})
        ]  # fmt: skip
        change = reverse("admin:accounts_user_change", args=[bert.pk])
        kept = {"username": "bert", "email": bert.email, "seen": str(bert.version), **entered}
        pages += [
            office.post(change, {**kept, **given})
            for given in ({"username": twin}, {"email": twins_address})
        ]
        for page, sentence in zip(pages, (NAME_TAKEN, EMAIL_TAKEN) * 2, strict=True):
            assert any(text in told(page) for text in (sentence, *REFUSED_BEFORE)), (name, twin)
        past_every_form: tuple[Callable[[], object], ...] = (
            lambda: User.objects.bulk_create([row(username=twin)]),  # noqa: B023
            lambda: User.objects.filter(pk=bert.pk).update(username=twin),  # noqa: B023
            lambda: run("UPDATE accounts_user SET username = %s WHERE id = %s", twin, bert.pk),  # noqa: B023
        )
        constraints = {refused_by_the_database(write) for write in past_every_form}
        assert constraints <= {"user_name_is_one_persons", "accounts_user_username_key"}
        assert refused_by_the_database(
            lambda: User.objects.filter(pk=bert.pk).update(email=twins_address)  # noqa: B023
        ) == "user_email_is_one_persons"  # fmt: skip
        assert User.objects.named(twin).get() == User.objects.named(name).get() == first
        assert User.objects.reached_at(twins_address).get() == first
    assert User.objects.count() == len(PAIRS) + 2


def test_each_of_them_logs_in_and_chooses_a_password_however_it_is_typed() -> None:
    for number, (name, other) in enumerate(PAIRS):
        stored = address(name).lower()
        make_user(name, email=stored)
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")

        log_in(client, other)
        assert inside(client), (name, other)
        client.logout()
        answer = ask_for_a_link(client, stored.swapcase(), follow=True)
        assert TOO_MANY not in told(answer)
        assert [sent.to for sent in mails()] == [[stored]]
        choose_password(client, mailed_links()[0], "another long pass phrase")
        log_in(client, other, "another long pass phrase")
        assert inside(client), (name, other)


@pytest.mark.parametrize("typed", [name for pair in PAIRS for name in pair] + ["İ", "ẞ", "ﬀ", "K"])
def test_a_text_folds_in_the_database_as_here(typed: str) -> None:
    found = User.objects.values_list(folded(Value(typed)))
    make_user()

    assert list(found) == [(fold(typed),)]


def test_the_link_goes_to_the_mailbox_that_is_kept_never_to_the_one_that_was_typed() -> None:
    make_user(email="mike@example.org")

    ask_for_a_link(Client(), "mi\N{KELVIN SIGN}e@example.org")  # another mailbox, and no address
    ask_for_a_link(Client(), "mike@e\N{FULLWIDTH LATIN SMALL LETTER X}ample.org")

    assert {sent.to[0] for sent in mails()} == {"mike@example.org"}
    assert "\N{FULLWIDTH LATIN SMALL LETTER X}" not in str([sent.body for sent in mails()])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"username": "JAUNS"}, "That username is already taken."),
        ({"email": "Jauns@EXAMPLE.org"}, EMAIL_TAKEN),
    ],
)
def test_createsuperuser_makes_no_twin(given: dict[str, str], sentence: str) -> None:
    make_user("jauns", email="jauns@example.org")

    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        call_command(
            "createsuperuser", interactive=False,
            **{"username": "x", "email": "x@example.org", **given},
        )  # fmt: skip

    assert User.objects.count() == 1


def test_a_person_gets_another_name_by_the_command_and_no_twins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_user("jauns", email="jauns@example.org")
    other = make_user("bert")
    for given, sentence in (({"username": "Jauns"}, NAME_TAKEN),
                            ({"email": "JAUNS@example.org"}, EMAIL_TAKEN)):  # fmt: skip
        with pytest.raises(CommandError) as error:
            call_command("person", "rename", other.code, **given)
        assert str(error.value) == f"Nothing was changed. {sentence}"
    with pytest.raises(CommandError, match="Nothing was changed. Write who of the back office"):
        call_command("person", "rename", other.code)

    call_command("person", "rename", other.code, username="jauns2", email="j2@example.org")

    assert capsys.readouterr().out == f"{other.code} is changed.\n"
    other.refresh_from_db()
    assert (other.username, other.email) == ("jauns2", "j2@example.org")


def test_without_an_address_people_are_not_twins() -> None:
    make_user("ana")
    make_user("bert")

    assert User.objects.twins("email") == []


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("kept", ["NFC", "NFD"])
def test_a_password_is_the_same_from_every_keyboard(typed: Any, kept: Any) -> None:
    password = "mana garā paŗole ar šņācēm"
    user = make_user()
    user.set_password(unicodedata.normalize(kept, password))
    user.save()
    by_command = User.objects.create_superuser(
        "root", password=unicodedata.normalize(kept, password)
    )

    for person in (user, by_command):
        client = Client()
        log_in(client, person.username, unicodedata.normalize(typed, password))
        assert inside(client)


def test_a_password_that_was_kept_as_it_was_typed_still_opens() -> None:
    from django.contrib.auth.hashers import make_password

    old = unicodedata.normalize("NFD", "mana garā parole")
    User.objects.filter(pk=make_user().pk).update(password=make_password(old))

    client = Client()
    log_in(client, password=old)
    assert inside(client)


def test_a_letter_counts_as_one_in_a_password() -> None:
    user = make_user(email="ana@example.org")
    ask_for_a_link(Client(), user.email)

    page = choose_password(Client(), mailed_links()[0], unicodedata.normalize("NFD", "āēīūčšž"))

    assert "This password is too short." in told(page)


@pytest.fixture
def twins() -> list[User]:
    """As a database lets them be whose indexes somebody has dropped."""
    for name in ("user_name_is_one_persons", "user_email_is_one_persons"):
        run(f"DROP INDEX {name}")
    people = [User(username=name, email=email, is_staff=True)
              for name, email in (("jauns", "a@example.org"), ("JAUNS", ""),
                                  ("anna", "A@EXAMPLE.ORG"), ("bert", ""))]  # fmt: skip
    for person in people:
        person.set_password(PASSWORD)
    return User.objects.bulk_create(people)


def test_twins_are_told_by_the_nightly_check_and_parted_by_the_command(
    twins: list[User], capsys: pytest.CaptureFixture[str]
) -> None:
    jauns, again, anna, _bert = (person.code for person in twins)

    with pytest.raises(CommandError):
        call_command("check_data")
    lines = capsys.readouterr().out
    assert f"{jauns}, {again} have one user name, so that none of them gets in." in lines
    assert f"{jauns}, {anna} have one e-mail address, so that a link reaches one of them." in lines

    call_command("person", "rename", again, username="jauns2")
    call_command("person", "rename", anna, email="anna@example.org")
    assert [User.objects.twins(column) for column in ("username", "email")] == [[], []]


def test_an_old_value_is_put_back_into_no_twin(office: Client) -> None:
    """Names are kept in the trail as hashes, so there is nothing to put back."""
    from audit.models import Event

    ana = make_user("ana", email="ana@example.org")
    ana.email = "ana2@example.org"
    ana.save()
    ana.refresh_from_db()
    make_user("bert", email="ANA@example.org")
    event = Event.objects.get(operation="update", row=ana.pk, after__has_key="email")

    put_back = {"event": event.pk, "column": "email", "seen": ana.version}
    assert office.post(reverse("admin:restore"), put_back).status_code == 403


def test_a_twin_is_told_in_words_where_somebody_entered_it_meanwhile(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two administrators at once: the form of the second one finds nobody yet."""
    make_user("ana")
    monkeypatch.setattr(User, "validate_constraints", lambda self, exclude=None: None)

    page = office.post(
        reverse("admin:accounts_user_add"),
        {"username": "Ana", "email": "x@example.org", "language": "en", **NO_ROLES}, follow=True,
    )  # fmt: skip

    assert [str(message) for message in page.context["messages"]] == [
        "Nothing was saved: somebody got this user name or this e-mail address in the meantime. "
        "Look for the person in the list."
    ]
    assert mails() == []
    assert not Draft.objects.exists()  # nothing was sent with a mark
    form = office.get(reverse("admin:accounts_user_add"))
    mark = re.search(r'name="typed_by" value="([^"]+)"', form.content.decode())
    assert mark
    office.post(reverse("admin:accounts_user_add"), {
        "username": "Ana", "email": "x@example.org", "language": "en", **NO_ROLES,
        "typed_by": mark[1],
    })  # fmt: skip
    assert Draft.objects.exists()


def test_create_user_makes_no_twin() -> None:
    make_user("ana")

    with pytest.raises(ValidationError) as error:
        User.objects.create_user("ANA")
    assert error.value.messages == [NAME_TAKEN]
