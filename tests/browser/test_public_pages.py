"""The public pages in a real browser: accessible, alone, narrow, printed, within the policy."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from releases import actions
from tests.browser.screens import OVERFLOW, faults
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_plan,
    make_planned,
    make_project,
)
from tests.public.make import DEMO, KS
from tests.volume import ALL, languages

pytestmark = pytest.mark.usefixtures("seeded_for_all")
KINDS = [
    "",
    "accessibility/",
    "definitions/",
    "definitions/queries/",
    "codes/",
    KS,
    KS + "components/1/",
    KS + "deliverables/",
    KS + "deliverables/D1.2/",
    KS + "experts/",
    KS + "budget/",
    KS + "about/",
    KS + "data/",
    DEMO,
    DEMO + "deliverables/?late=original",
    DEMO + "deliverables/D2.4/",
    DEMO + "budget/?entries=2",
]
REFUSED = ["nowhere/", "projects/demo/?at=2026-13-01"]


@pytest.mark.parametrize("lang", languages("public"))
def test_no_public_page_has_a_barrier_a_guest_or_a_sideways_scroll(
    page: Page, live_server: Any, lang: str
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    found = []
    for address in [*KINDS, *REFUSED]:
        page.goto(f"{live_server.url}/{lang}/{address}")
        found += faults(page, address, narrow=(320,))
    assert found == []
    assert [url for url in asked if not url.startswith(live_server.url)] == []
    # What the browser itself remarks on: the two refused addresses, and nothing of the policy.
    assert len(said) == len(REFUSED), said
    assert not [text for text in said if "Content Security Policy" in text]
    assert page.context.cookies() == []


WIDTHS = range(320, 1300, 20) if ALL else (320, 390, 540, 740, 800, 960, 1280)


def test_no_kind_of_page_scrolls_sideways_at_any_width(page: Page, live_server: Any) -> None:
    found = []
    for address in KINDS:
        page.goto(f"{live_server.url}/lv/{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((address, width))
    assert found == []


def test_the_first_key_leads_to_the_content_and_the_filters_work_without_script(
    browser: Any, live_server: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/projects/demo/deliverables/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.get_by_label("Stage").select_option("accepted")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**rung=accepted**")
    expect(page.get_by_text("3 of 13 results match.")).to_be_visible()
    context.close()


def test_on_paper_the_tables_are_whole_and_the_menus_are_gone(page: Page, live_server: Any) -> None:
    page.emulate_media(media="print")
    page.goto(f"{live_server.url}/lv/projects/ks-14-jb-jh-04/data/")
    assert page.locator(".tabs").is_hidden()
    assert page.locator(".filters").is_hidden()
    assert page.locator(".words dd").last.is_visible()
    assert page.locator(".stamp code").is_visible()
    assert page.locator(".paper").is_visible()


@pytest.mark.parametrize("project", [KS, DEMO])
def test_an_overview_is_two_sheets_of_paper(page: Page, live_server: Any, project: str) -> None:
    page.goto(f"{live_server.url}/lv/{project}")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2


NAMED = """items => items.filter(item => getComputedStyle(item).fontSize !== "0px").map(item => {
    const range = document.createRange();
    range.selectNodeContents(item);
    const { left, right } = range.getBoundingClientRect();
    return [item.textContent, left, right];
})"""


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        ((2026, 4), (2026, 12), ["2026-Q2", "2026-Q3", "2026-Q4"]),
        ((2025, 10), (2027, 6), ["2026-Q1", "2027-Q1"]),
        ((2025, 4), (2029, 3), ["2026-Q1", "2027-Q1", "2028-Q1", "2029-Q1"]),
        ((2024, 1), (2029, 12), ["2024", "2025", "2026", "2027", "2028", "2029"]),
    ],
)
def test_the_line_of_time_names_quarters_that_can_be_read_on_a_phone_too(
    page: Page, live_server: Any, start: tuple[int, int], end: tuple[int, int], named: list[str]
) -> None:
    project = make_project(publishing="by_hand")
    activity, plan = make_activity(make_component(project)), make_plan(project)
    make_planned(plan, activity, from_on=dt.date(*start, 1), to_on=dt.date(*end, 28))
    approved(plan)
    actions.publish(project, by=None)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/lv/projects/tw-1/plan/")

        found = page.locator(".quarters li").evaluate_all(NAMED)

        latvian = [f"{name[:4]}. g. {name[-1]}. cet." if "-Q" in name else name for name in named]
        assert [name for name, _left, _right in found] == latvian
        assert all(before[2] < after[1] for before, after in pairwise(found))
        assert 0 <= found[0][1] < found[-1][2] <= width
        assert page.evaluate(OVERFLOW) == 0
