"""320 characters typed in a real browser, and the ways to lose them."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as current
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from accounts.access import sessions
from accounts.models import Draft, User
from deliverables.plan.models import WorkPlan
from tests.browser.screens import faults
from tests.make import (
    make_component,
    make_deliverable,
    make_item,
    make_member,
    make_plan,
    make_project,
)
from tests.twinning.test_typed import make_rows
from tests.volume import languages, volume
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long pass phrase"
TEXT = "Ā" + "ā" * 319


class Typist:
    """Somebody at the form of a deliverable."""

    def __init__(self, page: Page, server: str, user: User, row: Any) -> None:
        self.page, self.server, self.user, self.row = page, server, user, row
        self.asked: list[str] = []
        self.stays = True
        page.on("dialog", self._stay)
        meta = row._meta
        self.form = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/"

    def _stay(self, dialog: Dialog) -> None:
        self.asked.append(dialog.type)
        if self.stays:
            dialog.dismiss()
        else:
            dialog.accept()

    def log_in(self, page: Page | None = None, where: str = "") -> None:
        page = page or self.page
        if where:
            page.goto(f"{self.server}{where}")
        page.fill("#id_login", self.user.username)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)

    def open(self) -> None:
        self.page.goto(f"{self.server}{self.form}")

    def type(self, text: str = TEXT) -> None:
        self.page.fill("#id_note_en", text)

    def save(self) -> None:
        self.page.click("input[name=_save]")

    def finds(self, text: str = TEXT) -> None:
        """The form as it was typed, and nothing of it saved."""
        self.page.wait_for_url(f"**{self.form}")
        expect(self.page.locator("#id_note_en")).to_have_value(text)
        expect(self.page.locator("[data-kept]")).to_be_visible()
        self.row.refresh_from_db()
        assert self.row.note_en == ""

    def has_saved(self, text: str = TEXT) -> None:
        self.save()
        expect(self.page.locator(".messagelist .success")).to_be_visible()
        self.row.refresh_from_db()
        assert self.row.note_en == text
        assert not Draft.objects.exists()

    def look(self, name: str) -> None:
        assert faults(self.page, name) == []


@pytest.fixture
def ana(page: Page, live_server: Any) -> Typist:
    cache.clear()
    row = make_deliverable(make_component(make_project()))
    return Typist(page, live_server.url, make_member(row.project), row)


def make_everybody_idle(minutes: int) -> None:
    engine = import_module(current.SESSION_ENGINE)
    for session in Session.objects.all():
        store = engine.SessionStore(session.session_key)
        store[sessions.LAST] = int(time.time()) - minutes * 60
        store.save()


@pytest.mark.parametrize("language", languages("typed"))
def test_what_is_typed_before_a_session_ends_is_there_after_the_log_in(
    ana: Typist, language: str
) -> None:
    User.objects.update(language=language)
    ana.log_in(where="/admin/")
    ana.open()
    ana.type()
    make_everybody_idle(61)

    ana.save()
    ana.look(f"login-{language}")
    ana.log_in()

    ana.finds()
    ana.look(f"offered-{language}")
    ana.has_saved()
    assert ana.asked == []


def test_a_log_in_in_another_tab_costs_nothing(ana: Typist, context: BrowserContext) -> None:
    ana.log_in(where="/admin/")
    ana.open()
    ana.type()
    tab = context.new_page()
    tab.goto(f"{ana.server}/admin/")
    tab.click("#logout-form button")
    ana.log_in(tab, "/admin/")

    ana.save()

    ana.finds()
    ana.has_saved()


def test_the_other_language_shows_the_form_as_it_was_typed(ana: Typist) -> None:
    User.objects.update(language="en")
    ana.log_in(where="/admin/")
    ana.open()
    ana.type()

    ana.page.click("form.language button[value=lv]")

    expect(ana.page.locator("html")).to_have_attribute("lang", "lv")
    ana.finds()
    ana.has_saved()
    assert ana.asked == []


def test_a_server_that_is_killed_on_the_way_leaves_it_in_the_browser(
    ana: Typist, context: BrowserContext
) -> None:
    ana.log_in(where="/admin/")
    ana.open()
    ana.type()

    def kill(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionreset")
        else:
            route.continue_()

    ana.page.route(f"**{ana.form}", kill)
    ana.page.click("input[name=_save]", no_wait_after=True)
    wait_for(lambda: context.cookies() and ana.page.url.startswith("chrome-error:"))
    ana.page.unroute(f"**{ana.form}")
    ana.open()

    ana.finds()
    ana.has_saved()


def test_back_after_it_was_saved_brings_no_old_text(ana: Typist) -> None:
    ana.log_in(where="/admin/")
    ana.open()
    ana.type()
    ana.has_saved()

    ana.page.go_back()

    expect(ana.page.locator("[data-kept]")).to_have_count(0)
    assert not Draft.objects.exists()


def test_a_form_of_thousands_of_fields_is_saved_and_kept_like_any_other(ana: Typist) -> None:
    """More than Django takes, unless it is told: 1,000."""
    plan: WorkPlan = make_plan(ana.row.project)
    rows = volume(320, least=140)
    make_rows(plan, rows)
    large = Typist(ana.page, ana.server, ana.user, plan)
    large.log_in(where="/admin/")
    large.open()
    assert large.page.evaluate(
        "[...new FormData(document.querySelector('#workplan_form'))].length"
    ) > max(rows * 7, 1000)
    large.type()
    make_everybody_idle(61)

    large.save()
    large.log_in()

    large.finds()
    large.has_saved()


def test_leaving_a_changed_form_asks_and_an_unchanged_one_does_not(ana: Typist) -> None:
    make_item(ana.row)
    ana.log_in(where="/admin/")
    home = ".breadcrumbs a >> nth=0"
    changes: tuple[Callable[[], None], ...] = (
        lambda: ana.page.fill("#id_note_en", "x"),
        lambda: ana.page.check("#id_achievements_0"),
        lambda: ana.page.fill("#id_items-0-title_en", "x"),
        lambda: ana.page.click("#items-group .add-row a"),
    )
    ana.open()
    ana.page.click(home)
    ana.page.wait_for_url("**/admin/")
    assert ana.asked == []
    ana.open()
    for change in changes:
        change()

        ana.page.click(home, no_wait_after=True)

        wait_for(lambda: ana.page.title() and ana.asked)
        assert ana.asked == ["beforeunload"]
        assert ana.page.url.endswith(ana.form)
        ana.asked.clear()
        ana.stays = False
        ana.open()
        ana.stays = True
        ana.asked.clear()


def test_errors_have_the_focus_and_lead_to_their_fields(ana: Typist) -> None:
    ana.stays = False
    ana.log_in(where="/admin/")
    for language in languages("errors"):
        User.objects.update(language=language)
        ana.open()
        ana.page.fill("#id_title_en", "")
        ana.page.fill("#id_title_lv", "")
        ana.save()

        expect(ana.page.locator("[data-wrong]")).to_be_focused()
        ana.look(f"errors-{language}")
        ana.page.click("[data-wrong] a >> nth=0")
        expect(ana.page.locator("#id_title_lv")).to_be_focused()
    ana.page.goto(f"{ana.server}/admin/deliverables/deliverable/add/")
    ana.page.wait_for_selector(".select2-selection")
    ana.save()
    ana.page.click("[data-wrong] a[href='#id_component']")
    expect(ana.page.locator(".field-component .select2-selection").first).to_be_focused()
