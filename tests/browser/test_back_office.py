"""A coordinator's way through the back office, in a real browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from accounts.models import User
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import WorkPlan
from deliverables.projects.models import Project
from tests import work
from tests.browser.screens import faults
from tests.make import make_activity, make_plan, make_planned
from tests.volume import languages

pytestmark = [pytest.mark.usefixtures("seeded_for_all")]
PASSWORD = "a long pass phrase"
# Each autocomplete has got the name of its label.
NAMED = """() => [...document.querySelectorAll(".select2-selection[role=combobox]")]
    .every(box => box.hasAttribute("aria-label"))"""


@pytest.fixture
def problems(page: Page) -> list[str]:
    """What the browser complains of: broken policies, failed requests, errors of scripts."""
    told: list[str] = []

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error":
            told.append(said.text)

    page.on("console", listen)
    return told


@pytest.fixture
def office(page: Page, live_server: Any) -> Page:
    """The login page, with a coordinator who works in Latvian."""
    User.objects.create_superuser("ana", password=PASSWORD, language="lv")
    page.goto(f"{live_server.url}/admin/login/")
    return page


def log_in(page: Page) -> None:
    page.fill("#id_login", "ana")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    expect(page.locator("h1")).to_have_text("Mans darbs")


def test_a_coordinator_corrects_a_result_and_sees_it_in_public(
    office: Page, live_server: Any, problems: list[str]
) -> None:
    log_in(office)
    office.get_by_role("link", name="KS 14 JB JH 04").first.click()
    office.locator("nav.desk .wide").get_by_role("link", name="Rezultāti").click()
    office.fill("#searchbar", "ROKASGRAMATA")
    office.press("#searchbar", "Enter")
    office.get_by_role("link", name="D2.4").click()
    office.fill("#id_title_lv", "Labota rokasgrāmata")
    office.fill("#id_title_en", "Corrected handbook")
    office.locator("input[name=_save]").click()
    expect(office.locator(".messagelist .success")).to_be_visible()
    work.let_pass(dt.timedelta(minutes=6))
    work.carry_out()

    for language, title in (("lv", "Labota rokasgrāmata"), ("en", "Corrected handbook")):
        office.goto(f"{live_server.url}/{language}/projects/ks-14-jb-jh-04/deliverables/D2.4/")
        expect(office.locator("h1")).to_have_text(title)
    assert problems == []


def test_what_cannot_be_saved_is_told_beside_its_field(office: Page, live_server: Any) -> None:
    log_in(office)
    deliverable = Deliverable.objects.get(project__slug="demo", code="D1.3")
    office.goto(f"{live_server.url}/admin/deliverables/deliverable/{deliverable.pk}/change/")
    office.fill("#id_due_current", "31.02.2027")
    office.locator("input[name=_save]").click()

    expect(office.locator(".field-due_current .errorlist")).to_contain_text("31.02.2027")
    deliverable.refresh_from_db()
    assert deliverable.due_current == "2026-10-31"


def test_a_date_is_chosen_from_a_calendar_whose_week_begins_on_monday(
    office: Page, live_server: Any, problems: list[str]
) -> None:
    User.objects.update(language="en")
    office.fill("#id_login", "ana")
    office.fill("#id_password", PASSWORD)
    office.press("#id_password", "Enter")
    deliverable = Deliverable.objects.get(project__slug="demo", code="D1.3")
    office.goto(f"{live_server.url}/admin/deliverables/deliverable/{deliverable.pk}/change/")
    office.locator(".field-due_current .datetimeshortcuts a").nth(1).click()
    calendar = office.locator(".calendarbox:visible")
    assert calendar.locator("th").all_inner_texts() == list("MTWTFSS")
    calendar.get_by_role("link", name="9", exact=True).click()
    expect(office.locator("#id_due_current")).to_have_value("2026-10-09")
    assert problems == []


def a_draft_plan() -> WorkPlan:
    project = Project.objects.get(slug="demo")
    plan = make_plan(project, "P9", kind="rolling")
    make_planned(plan, make_activity(project.components.get(number=1), "A1.99"))
    return plan


@pytest.mark.parametrize("language", languages("back office"))
def test_the_back_office_has_no_accessibility_violation_and_keeps_the_policy(
    office: Page, live_server: Any, problems: list[str], language: str
) -> None:
    office.click(f"button[name=language][value={language}]")
    found = faults(office, "login")
    User.objects.update(language=language)
    office.fill("#id_login", "ana")
    office.fill("#id_password", PASSWORD)
    office.press("#id_password", "Enter")
    deliverable = Deliverable.objects.get(project__slug="demo", code="D1.2").pk
    plan = a_draft_plan().pk
    problems.clear()  # axe itself adds inline styles
    for address in (
        "",
        "deliverables/deliverable/",
        f"deliverables/deliverable/{deliverable}/change/",
        "deliverables/deliverable/add/",
        "releases/release/demo/changes/",
        "deliverables/deliverable/import/",
        "deliverables/deliverable/export/",
        f"deliverables/workplan/{plan}/delete/",
        "trail/?table=deliverables_deliverable&field=title_en",
    ):
        office.goto(f"{live_server.url}/admin/{address}")
        office.wait_for_function(NAMED)
        assert problems == []
        assert office.locator("html").get_attribute("lang") == language
        found += faults(office, address)
        problems.clear()

    assert found == []


def test_a_picker_finds_what_goes_with_the_rest_of_the_form(
    office: Page, live_server: Any, problems: list[str]
) -> None:
    log_in(office)
    office.goto(f"{live_server.url}/desk/ks-14-jb-jh-04/admin/deliverables/deliverable/add/")

    def found(field: str) -> list[str]:
        office.locator(f".field-{field} .select2-selection").click()
        expect(office.locator(".select2-results__option--highlighted")).to_be_visible()
        expect(office.locator(".loading-results")).to_have_count(0)
        return office.locator(".select2-results__option[role=option]").all_inner_texts()

    assert {text[:2] for text in found("parent")} > {"D1", "D2"}
    office.keyboard.press("Escape")
    found("component")
    office.locator(".select2-results__option", has_text="2.").first.click()

    assert {text[:2] for text in found("parent")} == {"D2"}
    assert problems == []
