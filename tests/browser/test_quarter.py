"""A quarter in the life of an adviser: missions, days that run out, more days, a report, OPSYS."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, expect

from budget.money.models import Entry, Line
from deliverables.indicators.models import Measurement
from deliverables.plan.models import Activity, WorkPlan
from experts.missions.models import Mission
from releases.actions import publish
from tests import work
from tests.browser.test_hour import Desk
from tests.browser.test_transfers import logged_in
from tests.make import (
    approved,
    make_activity,
    make_assignment,
    make_component,
    make_entry,
    make_expert,
    make_heading,
    make_indicator,
    make_line,
    make_member,
    make_plan,
    make_planned,
    make_project,
    make_rate,
    make_ruleset,
    make_value,
)
from tests.volume import languages, volume

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "lv": {
        "copy": "Kopēt misiju", "approve": "Apstiprināt darba uzdevumu",
        "none": "Saīsiniet misiju vai panāciet", "sign": "Parakstīt",
        "left": "šai misijai vajag: 4, tātad paliktu: 6. Pēc likmju kartes tie ir 1",
        "confirm": "Apstiprināt saņēmēja iestādes vārdā",
        "sheet": "Aizpildīt darba laika uzskaites lapu", "report": "Iesniegt ziņojumu",
        "value": "Apstiprināt vērtību", "clock": "Ekspertdienas", "opsys": "Pierakstīt iesniegšanu",
        "missions": "Ceturkšņa misijas",
    },
    "en": {
        "copy": "Copy the mission", "approve": "Approve the terms",
        "none": "Shorten the mission, or have", "sign": "Sign",
        "left": "asks for 4, so 6 would be left. By the rate card that is 1,400.00 EUR.",
        "confirm": "Confirm for the host",
        "sheet": "Fill in the time sheet", "report": "Hand in the report",
        "value": "Approve the value", "clock": "Expert-days",
        "opsys": "Record the submission", "missions": "Missions of the quarter",
    },
}  # fmt: skip


@pytest.fixture
def activity(settings: Any, tmp_path: Path) -> Activity:
    """Ten days in the contract, one expert, an indicator with a value that waits."""
    cache.clear()
    settings.VAR_DIR = tmp_path
    project = make_project(
        title_lv="Pārtikas drošība", title_en="Food safety", start_actual="2026-01-01",
        end_planned="2027-12-31", publishing="at_once",
    )  # fmt: skip
    component = make_component(project, title_lv="Laboratorijas", title_en="Laboratories")
    activity = make_activity(component, title_lv="Paraugu ņemšanas plāns", title_en="Sampling plan")
    plan = make_plan(project)
    make_planned(plan, activity, days=10)
    approved(plan)
    for number in range(1, 4):
        expert = make_expert(f"LV-E0{number}")
        make_assignment(
            project, f"A{number}", function="short_term_expert", expert=expert,
            component=component,
        )  # fmt: skip
    make_ruleset(project, reallocation_limit=25)
    make_rate(project, "350.00")
    for number in (1, 2):
        line = make_line(project, f"B{number}", heading=make_heading(project, f"H{number}"))
        make_entry(line, amount="5000.00", on="2026-03")
    paid = make_line(project, "B3", cost_basis="unit_cost", priced_by="fee")
    make_entry(paid, amount="3500.00", on="2026-03")
    make_value(make_indicator(component, baseline=0, target=10), source_lv="Pārskats")
    return activity


@pytest.mark.parametrize("language", languages("quarter"))
def test_a_quarter_of_an_adviser(
    browser: Browser, live_server: Any, activity: Activity, language: str
) -> None:
    said = WORDS[language]
    project = activity.project
    publish(project, by=None)
    rta = make_member(project, "ms_leader", f"rta-{language}", language=language)
    host = make_member(project, "bc_leader", f"host-{language}", language=language)
    vera = logged_in(Desk(browser, live_server.url, rta), Client())
    hugo = logged_in(Desk(browser, live_server.url, host), Client())

    plan_missions(vera, activity, said)
    before = clock_of_days(vera, language)
    run_out_of_days(hugo, said)
    ask_for_a_side_letter(vera, hugo, said)
    enter_a_report(vera, hugo, said)
    approve_a_value(vera, hugo, said)
    enter_what_the_days_come_to(vera, hugo)

    work.carry_out()
    page = vera.page
    for where in ("", "plan/"):
        page.goto(f"{live_server.url}/{language}/projects/tw-1/{where}")
        vera.look(f"publiski-{where.strip('/') or 'sakums'}")
    page.goto(f"{live_server.url}/{language}/projects/tw-1/")
    expect(page.locator(".clocks")).to_contain_text(said["clock"])
    assert (before, clock_of_days(vera, language)) == (["0", "10"], ["3", "24"])
    page.goto(f"{live_server.url}/admin/quarter/tw-1/?q=2026-Q2")
    vera.look("ceturksnis")
    page.click(f"text={said['missions']}")
    vera.look("misijas")
    page.goto(page.url.replace("/mission/?", "/mission/export/?"))
    page.check("input[value=csv]")
    with page.expect_download() as waiting:
        page.click("button.default")
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    inside = Mission.objects.filter(from_on__lte="2026-06-30", to_on__gte="2026-04-01")
    assert len(text.splitlines()) == 1 + inside.count()
    assert "M1,accepted" in text


def clock_of_days(vera: Desk, language: str) -> list[str]:
    """What the public clock of expert-days says: delivered, of what the plan in force gives."""
    work.let_pass(dt.timedelta(minutes=6))
    work.carry_out()
    vera.page.goto(f"{vera.server}/{language}/projects/tw-1/")
    row = vera.page.locator(".clocks tr", has_text=WORDS[language]["clock"]).first
    return re.findall(r"\d+", row.locator("td").nth(2).inner_text())


def plan_missions(vera: Desk, activity: Activity, said: dict[str, str]) -> None:
    page = vera.page
    page.goto(
        f"{vera.server}/admin/experts/mission/add/"
        f"?project={activity.project_id}&activity={activity.pk}"
    )
    page.fill("[name=from_on]", "04.05.2026")
    page.fill("[name=to_on]", "08.05.2026")
    page.fill("[name=place]", "Tirāna")
    pick(page, "LV-E01")
    page.fill("[name=experts-0-days]", "4")
    expect(page.locator("#left")).to_contain_text(said["left"])  # as it is typed
    vera.look("misija-jauna")
    press(vera, "[name=_continue]")
    expect(page.locator("#mission-title")).to_be_visible()
    vera.look("misija")
    copies = volume(5, least=2)
    for week in range(1, 1 + copies):
        page.goto(f"{vera.server}/admin/experts/mission/{first().pk}/change/")
        page.click(f"text={said['copy']}")
        page.fill("[name=on]", (dt.date(2026, 5, 4) + dt.timedelta(7 * week)).isoformat())
        press(vera)
    assert Mission.objects.count() == 1 + copies


def pick(page: Any, code: str, within: str = ".field-expert") -> None:
    """The choice of an autocomplete, as a person makes it."""
    page.locator(f"{within} .select2-selection").first.click()
    page.locator(".select2-search__field").fill(code)
    page.locator(f".select2-results__option:has-text('{code}')").first.click()


def press(desk: Desk, selector: str = "button.default") -> None:
    """Send the form, and go on once the next page says that it was done."""
    desk.page.click(selector)
    expect(desk.page.locator(".messagelist .success")).to_be_visible()


def first() -> Mission:
    return Mission.objects.get(code="M1")


def run_out_of_days(hugo: Desk, said: dict[str, str]) -> None:
    """Four days each: the third mission asks for more than the ten."""
    for mission in Mission.objects.order_by("code_order")[:3]:
        hugo.page.goto(f"{hugo.server}/admin/experts/mission/{mission.pk}/change/")
        hugo.page.click(f"a:has-text('{said['approve']}')")
        if mission.code == "M3":
            break
        press(hugo)
    hugo.page.click("button.default")
    expect(hugo.page.locator(".errornote")).to_contain_text(said["none"])
    hugo.look("dienu-nepietiek")
    assert Mission.objects.filter(state="approved").count() == 2


def ask_for_a_side_letter(vera: Desk, hugo: Desk, said: dict[str, str]) -> None:
    """Draft it with what it moves, sign it: days, a due date and money move at once."""
    page = vera.page
    plan = WorkPlan.objects.get()
    page.goto(f"{vera.server}/admin/budget/contractchange/add/?project={plan.project_id}")
    page.fill("[name=code]", "SL1")
    page.select_option("[name=kind]", "side_letter")
    page.fill("[name=reason_lv]", "Paraugu ir vairāk, nekā plānots.")
    page.fill("[name=reason_en]", "There are more samples than planned.")
    for number, (field, code, cells) in enumerate(MOVES):
        if number:
            page.click(".add-row a")
        row = f"#moves-{number}"
        pick(page, code, f"{row} .fieldBox.field-{field}")
        for name, value in cells.items():
            page.fill(f"{row} [name=moves-{number}-{name}]", value)
    vera.look("vienosanas")
    press(vera, "[name=_continue]")
    vera.look("vienosanas-projekts")
    page.click(f"a.verb.default:has-text('{said['sign']}')")
    vera.look("vienosanas-parakstit")
    press(vera)
    vera.look("vienosanas-parakstita")
    assert WorkPlan.objects.approved().count() == 2
    assert sorted(Entry.objects.filter(change__code="SL1").values_list("amount", flat=True)) == [
        Decimal(-900), Decimal(900),
    ]  # fmt: skip
    third = Mission.objects.get(code="M3")
    hugo.page.goto(f"{hugo.server}/admin/experts/mission/{third.pk}/step/approve/")
    press(hugo)
    third.refresh_from_db()
    assert third.state == "approved"


MOVES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("activity", "A1.1", {"from_on": "01.01.2026", "to_on": "31.03.2027", "days": "24"}),
    ("line", "B1", {"amount": "900", "to_on": "2026-06"}),
    ("line", "B2", {"amount": "-900", "to_on": "2026-06"}),
)


def enter_a_report(vera: Desk, hugo: Desk, said: dict[str, str]) -> None:
    hugo.page.goto(f"{hugo.server}/admin/experts/mission/{first().pk}/change/")
    hugo.page.click(f"a:has-text('{said['confirm']}')")
    press(hugo)
    page = vera.page
    page.goto(f"{vera.server}/admin/experts/mission/{first().pk}/change/")
    page.click(f"text={said['sheet']}")
    for day in ("2026-05-05", "2026-05-06", "2026-05-07"):
        page.check(f"[name^=country][value='{day}']")
    page.check("[name^=travel][value='2026-05-04']")
    vera.look("uzskaites-lapa")
    press(vera)
    page.click(f"a:has-text('{said['report']}')")
    page.fill("[name=on]", "15.05.2026")
    vera.look("zinojums")
    press(vera)
    vera.look("misija-zinojums")
    assert first().state == "reported"
    assert first().days.filter(kind="country").count() == 3


def enter_what_the_days_come_to(vera: Desk, hugo: Desk) -> None:
    """Once the report is accepted, the budget lacks three days, and the screen says so."""
    hugo.page.goto(f"{hugo.server}/admin/experts/mission/{first().pk}/step/accept/")
    press(hugo)
    page = vera.page
    page.goto(f"{vera.server}/admin/standing/tw-1/")
    vera.look("stavoklis")
    line = Line.objects.get(code="B3")
    page.click(f"a[href$='/line/{line.pk}/days/']")
    page.fill("[name=on]", "05.2026")
    page.fill("[name=ledger_ref]", "2026/17")
    vera.look("dienas-budzeta")
    press(vera)
    vera.look("pozicija")
    entry = line.entries.get(kind="spent")
    assert (entry.amount, entry.on) == (Decimal(1050), "2026-05")
    page.goto(f"{vera.server}/admin/")
    vera.look("mans-darbs")


def approve_a_value(vera: Desk, hugo: Desk, said: dict[str, str]) -> None:
    value = Measurement.objects.get()
    hugo.page.goto(f"{hugo.server}/admin/deliverables/measurement/{value.pk}/change/")
    hugo.look("vertiba")
    press(hugo, f"text={said['value']}")
    value.refresh_from_db()
    assert value.approved_by == hugo.user.code
    page = vera.page
    page.goto(f"{vera.server}/admin/deliverables/indicator/opsys/tw-1/")
    vera.look("opsys")
    press(vera, f"text={said['opsys']}")
    vera.look("opsys-iesniegts")
