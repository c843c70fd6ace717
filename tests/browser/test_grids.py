"""A table that is typed in, as a browser has it: pasted blocks, the keyboard, a lost connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from budget.money.models import Entry
from tests.browser.screens import PHONE, faults
from tests.make import make_entry, make_line, make_member, make_project
from tests.volume import languages

pytestmark = pytest.mark.django_db(transaction=True)
GRID = "/desk/tw-1/admin/budget/entry/grid/?q=2025-Q4"
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste",
    { clipboardData: data, bubbles: true, cancelable: true }));
}"""


class Keys:
    """Somebody at the table of entries."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        page.on("dialog", lambda dialog: dialog.accept())

    def log_in(self) -> None:
        self.page.goto(f"{self.server}/admin/")
        self.page.fill("#id_login", "ana")
        self.page.fill("#id_password", "a long pass phrase")
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url(lambda address: "/login/" not in address)

    def open(self) -> None:
        self.page.goto(f"{self.server}{GRID}")

    def cell(self, place: str) -> Locator:
        return self.page.locator(f"#{place}")

    def type(self, *keys: str) -> None:
        """Each a key that is pressed, or a text."""
        for key in keys:
            if key in ("Tab", "Enter", "ArrowUp", "ArrowDown", "Shift+Enter", "Alt+Enter"):
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)


@pytest.fixture
def keys(page: Page, live_server: Any) -> Keys:
    cache.clear()
    line = make_line(make_project())
    make_entry(line, "B1", kind="spent", amount="7.00", on="2025-10")
    make_member(line.project, language="en")
    return Keys(page, live_server.url)


def test_forty_entries_are_pasted_and_saved_with_three_clicks(keys: Keys) -> None:
    page = keys.page
    keys.log_in()
    page.get_by_role("link", name="TW-1").first.click()
    page.locator("#content").get_by_role("link", name="Budget entries").click()
    block = "\n".join(f"B1\t\tspent\t{n},50\t2025-11\t\tK-{n}" for n in range(40))
    keys.cell("line-1").evaluate(PASTE, block + "\n")
    expect(page.locator("tbody tr")).to_have_count(40)
    expect(keys.cell("ledger_ref-40")).to_have_value("K-39")

    page.get_by_role("button", name="Save").click()

    expect(page.locator(".messagelist")).to_contain_text("40 rows were entered.")
    assert Entry.objects.filter(ledger_ref__startswith="K-").count() == 40


def test_a_block_that_does_not_fit_is_told_and_a_quoted_cell_is_one(keys: Keys) -> None:
    keys.log_in()
    keys.open()
    keys.cell("evidence-2").evaluate(PASTE, "E1\tE2")
    expect(keys.page.locator("#grid-told")).to_have_text(
        "The block does not fit to the right of this cell, so nothing was pasted."
    )
    expect(keys.cell("evidence-2")).to_have_value("")

    keys.cell("note_lv-2").evaluate(PASTE, '"viens\n""divi"""\ttwo\r\ntrīs\tthree\r\n')

    expect(keys.cell("note_lv-2")).to_have_value('viens\n"divi"')
    expect(keys.cell("note_en-2")).to_have_value("two")
    expect(keys.cell("note_lv-3")).to_have_value("trīs")
    expect(keys.page.locator("#grid-told")).to_have_text("")


@pytest.mark.parametrize("language", languages("grids"))
def test_the_keyboard_alone_fills_in_and_saves(keys: Keys, language: str) -> None:
    User.objects.update(language=language)
    page = keys.page
    keys.log_in()
    keys.open()
    keys.cell("amount-1").focus()
    keys.type("Enter", "ten", "ArrowDown", "2,5", "Enter", "ArrowUp", "ArrowUp")
    expect(keys.cell("amount-2")).to_be_focused()
    keys.type("Tab", "2025-11", "Enter", "2025-Q4")
    keys.cell("line-2").focus()
    keys.type("B1", "Enter", "B1", "Tab", "Tab", "spent", "Shift+Enter", "spent")
    keys.cell("note_en-2").focus()
    keys.type("one", "Alt+Enter", "two")
    keys.cell("line-6").focus()
    keys.type("Enter")
    expect(keys.cell("line-7")).to_be_focused()
    assert keys.cell("line-7").get_attribute("aria-label") == (
        "Budžeta pozīcija, rinda 7" if language == "lv" else "Budget line, row 7"
    )
    _to_the_button(page)
    page.keyboard.press("Enter")

    expect(page.locator("[data-wrong]")).to_be_focused()
    assert faults(page, f"grid-{language}") == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(keys.cell("amount-2")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    keys.type("10")
    _to_the_button(page)
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_be_visible()
    kept = [(str(e.amount), e.on, e.note_en) for e in Entry.objects.order_by("code")]
    assert kept[1:] == [("10.00", "2025-11", "one\ntwo"), ("2.50", "2025-12", "")]


def _to_the_button(page: Page) -> None:
    for _time in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            return
    raise AssertionError("the button is out of reach")


def test_a_narrow_screen_leads_to_the_list_and_its_forms(keys: Keys) -> None:
    page = keys.page
    keys.log_in()
    page.set_viewport_size({"width": PHONE, "height": 900})
    keys.open()
    expect(page.locator("#grid")).to_be_hidden()

    page.get_by_role("link", name="Use the list and its forms.").click()

    page.wait_for_url("**/desk/tw-1/admin/budget/entry/")


def test_what_was_sent_over_a_lost_connection_is_there_when_it_is_back(keys: Keys) -> None:
    page = keys.page
    keys.log_in()
    keys.open()
    keys.cell("line-2").evaluate(PASTE, "B1\t\tspent\t1,50\t2025-11\nB1\t\tspent\t2,50\t2025-11")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)

    keys.open()

    expect(page.locator("[data-kept]")).to_be_visible()
    expect(keys.cell("amount-3")).to_have_value("2,50")
    assert Entry.objects.count() == 1
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messagelist .success")).to_have_text("2 rows were entered.")
    assert Entry.objects.count() == 3
