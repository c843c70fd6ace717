"""What each screen on a person's way is looked at for."""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

from playwright.sync_api import ConsoleMessage, Page

from tests import volume
from tests.browser.axe import violations

SHOTS = os.environ.get("SHOTS")  # a folder: keep pictures of the screens there
PHONE, SCREEN = 390, 1280
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(
    page: Page, name: str, *, whose: str = "", narrow: tuple[int, ...] = (), axe: bool = True
) -> list[str]:
    """What `axe` finds, and where the page scrolls sideways: on a phone and on a screen, and at
    the widths of `narrow`, too. A picture of each is taken where pictures are wanted.

    axe looks at one width by default, at the other one in the other language; at full strength
    at both.
    """
    language = page.locator("html").get_attribute("lang") or ""
    turn = (crc32(name.encode()) + (language == "en")) % 2
    found = []
    for width in (SCREEN, PHONE, *narrow):
        page.set_viewport_size({"width": width, "height": 900})
        if axe and width not in narrow and (volume.ALL or width == (SCREEN, PHONE)[turn]):
            found += [f"{name} {width}: {one}" for one in violations(page)]
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{name} {width}: scrolls sideways")
        if SHOTS:
            parts = [whose, name.strip("/").replace("/", "-"), language, str(width)]
            picture = Path(SHOTS, "-".join(filter(None, parts)) + ".png")
            page.screenshot(path=picture, full_page=True)
    page.set_viewport_size({"width": SCREEN, "height": 900})
    return found


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
        """The policy held, and nothing is wrong with the screen; axe looks at one in four."""
        assert self.problems == [], name
        found = faults(self.page, name, whose=self.name, axe=volume.is_turn(name, of=4))
        assert found == [], found
        self.problems.clear()  # axe itself adds inline styles
