"""axe's accessibility rules, run on the page that a browser shows."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests import volume

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The first column of Django's tabular inlines has no name: what it holds is hidden, but for errors.
RUN = """rules => axe.run({ runOnly: rules, resultTypes: ["violations"],
                           rules: { "empty-table-header": { enabled: false },
                                    "color-contrast": { enabled: CONTRAST } } }).then(
    found => found.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"""


def violations(page: Page) -> list[str]:
    """What breaks the rules of WCAG 2.2 AA and the best practice: the rule and the first place.

    Contrast costs two thirds of all rules: by default it is looked at on one page in four.
    """
    contrast = volume.is_turn(page.url.partition("//")[2].partition("/")[2], of=4)
    page.wait_for_load_state()  # a page that is half there has links without their text
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte, sent once to each page
        page.evaluate(AXE_SCRIPT)
    run = RUN.replace("CONTRAST", "true" if contrast else "false")
    found: list[str] = page.evaluate(run, RULES)
    return found
