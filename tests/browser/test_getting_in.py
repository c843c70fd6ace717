"""The way in as it is deployed: from the invitation to a lost telephone that is replaced.

The second factor is demanded, each mail is read, and each screen is looked at in each language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from deliverables.ladder.models import Deliverable
from tests import work
from tests.browser.screens import Screens
from tests.make import make_component, make_deliverable, make_member, make_project, make_user
from tests.second_factor import code_of, with_totp
from tests.volume import ALL
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "my own long pass phrase", "another long pass phrase"
EMAIL = "jauna@example.org"


@dataclass(frozen=True)
class Words:
    """What the register says on the way, in one language."""

    my_work: str
    log_in: str
    log_out: str
    factor: str
    set_up_app: str
    go_on: str
    add_key: str
    keep_key: str
    one_key: str
    use_key: str
    forgot: str
    send: str
    mailbox: str
    password_set: str
    saved: str


# Who has to have a second factor and who need not, and each language; at full strength each role
# in each language.
WALKS = [
    ("lv", "ms_leader"), ("en", "coordinator"),
    *([("en", "administrator"), ("lv", "auditor"), ("en", "ms_leader"), ("lv", "coordinator"),
       ("en", "auditor"), ("lv", "administrator")] if ALL else []),
]  # fmt: skip
WORDS = {
    "en": Words(
        "My work", "Log in", "Log out", "Second factor", "Set up an app",
        "I have kept them: go on", "Add a passkey", "Add the passkey", "1 passkey is set up.",
        "Use a passkey", "Forgot your password?", "Send the link", "Look into your mailbox",
        "Your password is set", "was changed successfully",
    ),
    "lv": Words(
        "Mans darbs", "Pieteikties", "Iziet", "Otrais faktors", "Iestatīt lietotni",
        "Kodi ir saglabāti, turpināt", "Pievienot piekļuves atslēgu", "Pievienot atslēgu",
        "Iestatīta 1 piekļuves atslēga.", "Izmantot piekļuves atslēgu", "Aizmirsāt paroli?",
        "Sūtīt saiti", "Ieskatieties pastkastē", "Parole ir iestatīta", "Izmaiņas saglabātas",
    ),
}  # fmt: skip


def mailed_link() -> str:
    """The one link in the one mail that has come; the mailbox is empty then."""
    wait_for(lambda: work.carry_out() and mail.outbox)
    (sent,) = mail.outbox
    assert sent.to == [EMAIL]
    (link,) = re.findall(r"http\S+/password/reset/key/\S+", str(sent.body))
    mail.outbox.clear()
    return str(link)


class Newcomer(Screens):
    """Somebody who is invited, at a browser of their own; `looks` looks at each screen."""

    def __init__(
        self, context: BrowserContext, server: str, name: str, words: Words, looks: bool
    ) -> None:
        super().__init__(context.new_page(), name)
        self.context, self.server, self.words, self.looks = context, server, words, looks
        self.password, self.secret, self.codes = FIRST, "", [""]

    def look(self, name: str) -> None:
        if self.looks:
            super().look(name)

    def click(self, text: str, role: Any = "link") -> None:
        self.page.get_by_role(role, name=text, exact=True).first.click()

    def stands(self, heading: str) -> None:
        expect(self.page.locator("h1")).to_have_text(heading)

    def choose(self, link: str, password: str) -> None:
        self.page.goto(link)
        self.look("choose-password")
        self.page.fill("#id_password1", password)
        self.page.fill("#id_password2", password)
        self.page.press("#id_password2", "Enter")
        self.stands(self.words.password_set)
        self.look("password-set")
        self.password = password
        self.click(self.words.log_in)

    def type_password(self) -> None:
        """On the page of the log-in, where Enter and the first button log in."""
        self.stands(self.words.log_in)
        self.look("log-in")
        expect(self.page.get_by_role("button").first).to_have_text(self.words.log_in)
        self.page.fill("#id_login", self.name)
        self.page.fill("#id_password", self.password)
        self.page.press("#id_password", "Enter")

    def type_code(self, code: str) -> None:
        self.stands(self.words.factor)
        self.look("code")
        expect(self.page.get_by_role("button").first).to_have_text(self.words.log_in)
        self.page.fill("#id_code", code)
        self.page.press("#id_code", "Enter")
        self.stands(self.words.my_work)

    def use_passkey(self) -> None:
        self.click(self.words.use_key, "button")
        self.stands(self.words.my_work)

    def log_out(self) -> None:
        self.click(self.words.log_out, "button")
        self.stands(self.words.log_in)

    def set_up_app(self) -> None:
        """On the page of the second factor; leads to the front page."""
        self.stands(self.words.factor)
        self.look("second-factor")
        self.click(self.words.set_up_app)
        password, code = self.page.locator("#id_password"), self.page.locator("#id_code")
        expect(password.or_(code)).to_be_visible()
        if password.is_visible():
            self.look("is-it-you")
            self.page.fill("#id_password", self.password)
            self.page.press("#id_password", "Enter")
        self.look("app")
        self.secret = self.page.locator("#authenticator_secret").inner_text()
        self.page.fill("#id_code", code_of(self.secret))
        self.page.press("#id_code", "Enter")
        self.codes = self.page.locator("#recovery_codes").input_value().split()
        assert len(self.codes) == 10
        self.look("recovery-codes")
        self.click(self.words.go_on)
        self.stands(self.words.my_work)

    def keep_passkey(self) -> None:
        """A browser makes none for a page without the focus, which others take: then once more."""
        refused, adding = self.page.locator("#passkey_refused"), self.page.url
        for _time in range(5):
            self.page.bring_to_front()
            self.click(self.words.keep_key, "button")
            wait_for(lambda: self.page.url != adding or refused.is_visible())
            if self.page.url != adding:
                return
            self.page.goto(adding)

    def add_passkey(self) -> None:
        devices = self.context.new_cdp_session(self.page)
        devices.send("WebAuthn.enable")
        built_in = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": built_in})
        self.click(self.words.factor)
        self.click(self.words.add_key)
        self.look("passkey")
        self.keep_passkey()
        expect(self.page.locator("#content")).to_contain_text(self.words.one_key)
        self.look("two-factors")


@dataclass(frozen=True)
class Office:
    """An administrator, already logged in."""

    page: Page
    server: str

    def invite(self, name: str, language: str) -> User:
        self.page.goto(f"{self.server}/admin/accounts/user/add/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_email", EMAIL)
        self.page.select_option("#id_language", language)
        self.page.click("input[name=_save]")
        expect(self.page.locator(".messagelist")).to_contain_text("was added successfully")
        return User.objects.get(username=name)

    def reset_factor(self, person: User) -> None:
        self.page.goto(f"{self.server}/admin/accounts/user/{person.pk}/change/")
        self.page.get_by_role("button", name="Reset the second factor").click()
        expect(self.page.locator(".messagelist")).to_contain_text("has no second factor any more")

    def make_administrator(self, person: User) -> None:
        self.page.goto(f"{self.server}/admin/accounts/user/{person.pk}/change/")
        self.page.check("#id_is_superuser")
        self.page.click("input[name=_save]")
        expect(self.page.locator(".messagelist")).to_contain_text("was changed successfully")


@pytest.fixture
def office(browser: Browser, live_server: Any, client: Client) -> Office:
    root = make_user("root", is_superuser=True)
    with_totp(root)
    client.force_login(root)
    context = browser.new_context(locale="en")
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    return Office(context.new_page(), live_server.url)


@pytest.fixture
def row(settings: Any, live_server: Any) -> Deliverable:
    """What can be worked on, in a register as it is deployed."""
    cache.clear()
    settings.SECOND_FACTOR_REQUIRED = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost is as good as HTTPS
    settings.SITE_URL = live_server.url
    return make_deliverable(make_component(make_project()))


def first_save(newcomer: Newcomer, row: Deliverable, role: str) -> None:
    """Of what the role may change; an auditor may read it."""
    page, kind = newcomer.page, "deliverable" if role == "coordinator" else "project"
    key = row.pk if role == "coordinator" else row.project_id
    page.goto(f"{newcomer.server}/admin/deliverables/{kind}/{key}/change/")
    if role == "auditor":
        expect(page.locator("#content")).to_contain_text(row.project.reference)
        expect(page.locator("input[name=_save]")).to_have_count(0)
        return
    page.fill("#id_title_en", "As the newcomer wrote it")
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".messagelist")).to_contain_text(newcomer.words.saved)


@pytest.mark.parametrize(("language", "role"), WALKS)
def test_from_the_invitation_to_a_lost_telephone(
    browser: Browser, live_server: Any, office: Office, row: Deliverable, role: str, language: str
) -> None:
    words, context = WORDS[language], browser.new_context(locale=language)
    name = f"jauna.{role}"
    person = office.invite(name, language)
    # The row of the library that anybody once called forth by asking for a new password.
    EmailAddress.objects.create(user=person, email=EMAIL, verified=False, primary=True)
    if role == "administrator":
        office.make_administrator(person)
    else:
        make_member(row.component if role == "coordinator" else row.project, role, name)
    new = Newcomer(context, live_server.url, name, words, looks=role == "ms_leader")

    new.choose(mailed_link(), FIRST)
    new.type_password()
    if role in ("coordinator", "auditor"):  # of them it is not demanded
        new.click(words.factor)
    new.set_up_app()
    new.add_passkey()
    first_save(new, row, role)
    new.log_out()
    if not (new.looks or ALL):  # from here on the way is the same for everybody
        return

    new.type_password()
    new.type_code(code_of(new.secret, 1))  # the one before set up the app
    new.log_out()
    new.type_password()
    new.use_passkey()
    new.log_out()
    new.type_password()
    new.type_code(new.codes[0])
    new.log_out()

    new.click(words.forgot)
    new.look("forgot")
    new.page.fill("#id_email", EMAIL.upper())
    new.click(words.send, "button")
    new.stands(words.mailbox)
    new.look("mailbox")
    new.choose(mailed_link(), SECOND)
    new.type_password()
    new.type_code(new.codes[1])
    new.log_out()

    office.reset_factor(person)
    new.type_password()
    if role in ("coordinator", "auditor"):
        new.click(words.factor)
    new.set_up_app()
    assert new.problems == []


def test_a_passkey_that_does_not_come_is_told(
    browser: Browser, live_server: Any, row: Deliverable, client: Client
) -> None:
    lea = make_member(row.project, "ms_leader", "lea")
    client.force_login(lea)
    context = browser.new_context(locale="en")
    new = Newcomer(context, live_server.url, "lea", WORDS["en"], looks=False)
    new.password = "a long pass phrase"
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    new.page.goto(f"{live_server.url}/admin/account/second-factor/webauthn/add/")
    new.page.fill("#id_password", new.password)
    new.page.press("#id_password", "Enter")
    new.stands(WORDS["en"].add_key)
    expect(new.page.locator("#passkey_refused")).to_be_hidden()
    no = "() => { navigator.credentials.create = () => Promise.reject(new Error('no')) }"
    new.page.evaluate(no)

    new.click(WORDS["en"].keep_key, "button")

    expect(new.page.locator("#passkey_refused")).to_contain_text("No passkey was added:")
