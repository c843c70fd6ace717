"""A hand that counts: each click, and each field filled in that is none of the data."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect


class Hand:
    """What is typed or chosen as data costs nothing; to open a picker and to choose in it does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).first.click()

    def press(self, selector: str) -> None:
        """A field that is no data, sent by Enter."""
        self.count += 1
        self.page.press(selector, "Enter")

    def send(self, selector: str) -> None:
        """A button that saves, and the page that says so."""
        self.click(selector)
        expect(self.page.locator(".messagelist .success, .messagelist .info").first).to_be_visible()

    def fill_in(self, row: dict[str, Any], prefix: str = "#id_") -> None:
        """The data of a form; a picker for a tuple, the last of which is what it shows."""
        for name, value in row.items():
            field = f"{prefix}{name}"
            if isinstance(value, tuple):
                self.pick(name, value[-1])
            elif self.page.locator(field).evaluate("field => field.tagName") == "SELECT":
                self.page.select_option(field, value)
            else:
                self.page.fill(field, str(value))

    def pick(self, name: str, text: str) -> None:
        """Open the picker, look for it, and choose; nothing where it says so already."""
        box = f".field-{name} .select2-selection"
        if text in self.page.locator(box).first.inner_text():
            return
        self.click(box)
        self.page.locator(".select2-search__field").last.fill(text)
        self.count += 1
        self.click(f".select2-results__option--highlighted:has-text('{text}')")

    def choose_by_keys(self, within: str, text: str) -> None:
        """The same without the mouse: it is typed as data is."""
        self.page.locator(f"{within} .select2-selection").last.press("Enter")
        search = self.page.locator(".select2-search__field").last
        search.fill(text)
        expect(
            self.page.locator(f".select2-results__option--highlighted:has-text('{text}')")
        ).to_be_visible()
        search.press("Enter")
