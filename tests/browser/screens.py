"""What each screen on a person's way is looked at for."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page

from tests.browser.axe import violations

SHOTS = os.environ.get("SHOTS")  # a folder: keep pictures of the screens there


class Screens:
    """The screens of one person's page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.problems: list[str] = []
        page.on("console", self._listen)

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "409" not in said.text:
            self.problems.append(said.text)

    def look(self, name: str) -> None:
        """The policy held, axe finds nothing on a screen or a phone, where nothing scrolls
        sideways, and a picture is taken where one is wanted."""
        assert self.problems == [], name
        for width in (390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            found = violations(self.page)
            assert found == [], f"{name}: {found}"
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} scrolls sideways at {width} px"
            if SHOTS:
                language = self.page.locator("html").get_attribute("lang")
                where = Path(SHOTS, f"{self.name}-{name}-{language}-{width}.png")
                self.page.screenshot(path=where, full_page=True)
        self.problems.clear()  # axe itself adds inline styles
