"""How many clicks it takes beyond the data: a project from nothing, and what is done most."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from accounts.models import User
from budget.money.models import Line
from deliverables.evidence.models import Evidence
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import Activity
from deliverables.projects.models import Component
from experts.missions.models import Mission
from experts.people.models import Assignment, Expert, Institution, Partnership
from tests.browser.clicks import Hand
from tests.browser.test_hour import Desk
from tests.browser.test_transfers import logged_in
from tests.deliverables.test_file_kinds import PDF
from tests.experts.test_many_missions import stepped
from tests.make import (
    approved,
    make_activity,
    make_assignment,
    make_component,
    make_deliverable,
    make_expert,
    make_indicator,
    make_member,
    make_plan,
    make_planned,
    make_project,
    make_worked,
)
from tests.volume import ALL, volume

pytestmark = pytest.mark.django_db(transaction=True)
Rows = list[dict[str, Any]]
SAVE, ANOTHER = "input[name=_save]", "input[name=_addanother]"
LEAST = {4: 2, 6: 1, 12: 1, 15: 1}  # of a table of so many rows
BY_FORMS, BY_WORKBOOK = 450, 15  # clicks and fields of the whole project, beyond its data


def titles(thing: str, number: int) -> dict[str, str]:
    return {"title_lv": f"{thing} {number} latviski", "title_en": f"{thing} {number}"}


def parts(series: str, full: int, thing: str, **more: Any) -> Rows:
    """Rows of components, as evenly as in a contract: D1.1, D1.2 …"""
    components = volume(4, least=2)
    each = -(-volume(full, least=2) // components)
    return [
        {"component": component, "code": f"{series}{component}.{n}", **titles(thing, n), **more}
        for component in range(1, components + 1)
        for n in range(1, each + 1)
    ][: volume(full, least=2)]


def project() -> dict[str, Rows]:
    """The tables of a project, by the names of the template's sheets, references as tuples."""
    numbers = {n: range(1, volume(n, least=least) + 1) for n, least in LEAST.items()}
    return {
        "components": [{"number": n, **titles("Component", n)} for n in numbers[4]],
        "deliverables": parts("D", 20, "Result"),
        "institutions": [
            {"code": f"LV-{n}", "name_lv": f"Pārvalde {n}", "name_en": f"Office {n}",
             "country": "LV"}
            for n in numbers[6]
        ],
        "partnerships": [
            {"code": f"P{n}", "country": "LV", "institution": (f"LV-{n}", f"Office {n}"),
             "role": "lead" if n == 1 else "junior"}
            for n in numbers[6]
        ],
        "experts": [{"code": f"LV-E{n:02}", "country": "LV"} for n in numbers[12]],
        "assignments": [
            {"code": f"A{n}", "function": "short_term_expert", "expert": (f"LV-E{n:02}",)}
            for n in numbers[12]
        ],
        "activities": parts("A", 20, "Activity", kind="mission"),
        "budget_lines": [{"code": f"B{n}", **titles("Line", n)} for n in numbers[15]],
        "indicators": parts("I", 8, "Indicator", unit="number"),
    }  # fmt: skip


def there() -> list[int]:
    tables = (Component, Deliverable, Institution, Partnership, Expert, Assignment, Activity, Line,
              Indicator)  # fmt: skip
    return [table.objects.count() for table in tables]


def number_of_rows() -> list[int]:
    return [len(rows) for rows in project().values()]


ITSELF = {
    "title_lv": "Pārtikas drošība", "title_en": "Food safety", "reference": "MD 18",
    "beneficiary_country": "MD", "start_planned": "2026-01", "implementation_months": "24",
    "end_planned": "2027-12",
}  # fmt: skip
ADDED_AT = {
    "components": "deliverables/component", "deliverables": "deliverables/deliverable",
    "institutions": "experts/institution", "partnerships": "experts/partnership",
    "experts": "experts/expert", "assignments": "experts/assignment",
    "activities": "deliverables/activity", "budget_lines": "budget/line",
    "indicators": "deliverables/indicator",
}  # fmt: skip


@pytest.fixture
def boss(browser: Browser, live_server: Any, settings: Any, tmp_path: Path) -> Hand:
    """An administrator on the front page."""
    cache.clear()
    settings.VAR_DIR = tmp_path
    user = User.objects.create_superuser("boss", language="en")
    return at_front(logged_in(Desk(browser, live_server.url, user), Client()))


def at_front(desk: Desk) -> Hand:
    desk.page.goto(f"{desk.server}/admin/")
    return Hand(desk.page)


def is_public(hand: Hand, server: str) -> bool:
    return hand.page.request.get(f"{server}/en/projects/md-18/").status == 200


@pytest.mark.slow("types a whole project in a browser, at full strength a hundred forms")
def test_a_project_from_nothing_by_forms(boss: Hand, live_server: Any) -> None:
    boss.click("text=New project")
    boss.fill_in(ITSELF)
    boss.click(SAVE)
    for table, rows in project().items():
        boss.click(f".subjects a.verb[href$='{ADDED_AT[table]}/add/']")
        for row in rows:
            given = {
                name: (f"{value}. Component",) if name == "component" else value
                for name, value in row.items()
            }
            boss.fill_in(given)
            boss.send(SAVE if row is rows[-1] else ANOTHER)
        boss.click("nav.desk .wide >> text=Overview")

    assert there() == number_of_rows()
    assert not is_public(boss, live_server.url)
    boss.click("nav.desk .wide >> text=Publish")
    boss.send("button.default:has-text('Publish the project')")
    assert is_public(boss, live_server.url)
    assert boss.count <= (BY_FORMS if ALL else 100)


def test_a_project_from_nothing_by_the_template(
    boss: Hand, live_server: Any, tmp_path: Path
) -> None:
    boss.click("text=New project")
    boss.click("text=From the template workbook")
    with boss.page.expect_download() as waiting:
        boss.click("text=Download a template")
    boss.count += 1  # where the file is looked for
    boss.page.set_input_files("#file", filled(waiting.value.path(), tmp_path))
    boss.click("button.default")
    boss.click("text=Carry it out")
    expect(boss.page.locator("#content")).to_contain_text("was imported")

    assert there() == number_of_rows()
    assert not is_public(boss, live_server.url)
    assert boss.count <= BY_WORKBOOK


def filled(template: Path, folder: Path) -> Path:
    book = load_workbook(io.BytesIO(template.read_bytes()))
    data: dict[str, Rows] = {"projects": [{"slug": "md-18", **ITSELF}], **project()}
    for table, rows in data.items():
        sheet = book[table]
        header = [str(cell.value).rstrip("* ") for cell in sheet[1]]
        for row in rows:
            cells = {"project": "md-18", **row}
            values = (cells.get(name) for name in header)
            sheet.append([v[0] if isinstance(v, tuple) else v for v in values])
    book.save(folder / "md-18.xlsx")
    return folder / "md-18.xlsx"


@pytest.fixture
def activity(settings: Any, tmp_path: Path) -> Activity:
    """A project under way: a result that is due, an indicator, six missions with their reports."""
    cache.clear()
    settings.VAR_DIR = tmp_path
    soon = (timezone.localdate() + dt.timedelta(days=7)).isoformat()
    component = make_component(make_project(start_actual="2026-01-01"))
    make_deliverable(component, due_original=soon)
    make_indicator(component)
    activity = make_activity(component)
    plan = make_plan(component.project)
    make_planned(plan, activity, days=100)
    approved(plan)
    for code in ("LV-E01", "LV-E02"):
        make_assignment(component.project, f"A{code[-1]}", expert=make_expert(code))
    return activity


@pytest.fixture
def lea(browser: Browser, live_server: Any, activity: Activity) -> Hand:
    user = make_member(activity.project, name="lea", language="en")
    return at_front(logged_in(Desk(browser, live_server.url, user), Client()))


def test_a_result_is_reported_and_proved_in_three_clicks_each(lea: Hand, tmp_path: Path) -> None:
    front = lea.page.url
    lea.click("text=Due in 14 days")
    lea.click("td.field-doors >> text=Report as delivered")
    lea.page.check("#id_outcome_0")
    lea.page.fill("#id_on", "20.11.2026")
    lea.send("button.default")
    assert Deliverable.objects.get().rung == "delivered"
    assert lea.count <= 3

    (tmp_path / "report.pdf").write_bytes(PDF)
    lea.page.goto(front)
    lea.count = 0
    lea.click("text=Lacking evidence")
    lea.click("td.field-doors >> text=Attach files")
    lea.page.set_input_files("#id_uploads", tmp_path / "report.pdf")
    lea.page.fill("#id_shows_lv", "Gala teksts")
    lea.page.fill("#id_shows_en", "Final text")
    lea.send("button.default")
    assert Evidence.objects.get().file is not None
    assert lea.count <= 3


def test_a_value_of_an_indicator_is_entered_in_three_clicks(lea: Hand) -> None:
    lea.page.fill("form.search [name=q]", "I1.1")
    lea.press("form.search [name=q]")
    lea.click(".found a:has-text('I1.1')")
    lea.fill_in(
        {"on": "04.05.2026", "value": "7", "source_lv": "Pārskats", "source_en": "Report"},
        "#id_values-0-",
    )
    lea.send(SAVE)

    assert Measurement.objects.get().value == 7
    assert lea.count <= 3


def test_a_mission_with_two_experts_is_planned_in_six_clicks(lea: Hand) -> None:
    lea.click("table.projects a:has-text('TW-1')")
    lea.click("nav.desk .wide >> text=Missions")
    lea.click("a.addlink")
    lea.choose_by_keys(".field-activity", "A1.1")
    lea.fill_in({"from_on": "04.05.2026", "to_on": "08.05.2026", "place": "Tirana"})
    for number, code in enumerate(("LV-E01", "LV-E02")):
        if number:
            lea.click(".add-row a")
        lea.choose_by_keys(f"#experts-{number} .field-expert", code)
        lea.page.fill(f"#id_experts-{number}-days", "3")
    lea.send(SAVE)

    assert Mission.objects.get().experts.count() == 2
    assert lea.count <= 6


def test_six_missions_are_accepted_in_four_clicks(lea: Hand, activity: Activity) -> None:
    expert, rta = Expert.objects.get(code="LV-E01"), make_member(activity.project, name="rta")
    for number in range(6):
        first = dt.date(2026, 5, 4) + dt.timedelta(7 * number)
        stepped(make_worked(activity, expert, 3, f"M{number + 1}", "reported", first), rta)
    lea.page.reload()

    lea.click("text=Reports to be accepted")
    lea.click("text=Accept the report: all listed")
    lea.send("button.default")

    assert set(Mission.objects.values_list("state", flat=True)) == {"accepted"}
    assert lea.count <= 4
