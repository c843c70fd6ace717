"""What the lists say of each row besides its facts."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from deliverables.projects.models import Project
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_entry,
    make_expert,
    make_indicator,
    make_line,
    make_member,
    make_mission,
    make_project,
    make_value,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client: Client) -> Project:
    project = make_project("tw-1", publishing="by_hand")
    client.force_login(User.objects.create_superuser("root"))
    return project


def cells(client: Client, table: str, column: str) -> list[str]:
    page = client.get(f"/desk/tw-1/admin/{table}/").content.decode()
    found = re.findall(rf'<t[dh] class="field-{column}[^"]*">(.*?)</t[dh]>', page, re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found]


def test_a_result_whose_date_has_passed_says_so_until_it_is_done(
    client: Client, project: Project
) -> None:
    component = make_component(project)
    rows: dict[str, dict[str, Any]] = {
        "D1.1": {"due_original": "2020-03"},
        "D1.2": {"due_original": "2020-03", "rung": "accepted"},
        "D1.3": {"due_original": "2020-03", "due_current": "2100-01"},
        "D1.4": {"due_original": "2020-03", "active": False},
        "D1.5": {},
        "D1.6": {"due_original": "2020-03", "rung": "partially_delivered",
                 "delivered_on": "2020-03-01", "reason_lv": "Daļa", "reason_en": "A part"},
    }  # fmt: skip
    for code, given in rows.items():
        make_deliverable(component, code, **given)
    assert cells(client, "deliverables/deliverable", "due") == [
        "March 2020 overdue", "March 2020", "January 2100", "March 2020", "–",
        "March 2020 overdue",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", ["4\u00a0May\u00a02026", "May 2026", "2026"]),
     ("lv", ["04.05.2026.", "2026. gada maijs", "2026. gads"])],
)  # fmt: skip
def test_a_list_has_dates_as_precise_as_they_are_known_in_its_language(
    client: Client, project: Project, language: str, shown: list[str]
) -> None:
    line, component = make_line(project), make_component(project)
    for number, on in enumerate(("2026-05-04", "2026-05", "2026"), 1):
        make_entry(line, f"N{number}", on=on)
        make_deliverable(component, f"D1.{number}", due_original=on, rung="accepted")
    client.post("/admin/language/", {"language": language})

    assert sorted(cells(client, "budget/entry", "on")) == sorted(shown)
    assert cells(client, "deliverables/deliverable", "due") == shown


def test_an_indicator_says_its_newest_value_and_of_which_day(
    client: Client, project: Project
) -> None:
    row = make_indicator(make_component(project))
    assert cells(client, "deliverables/indicator", "last_value") == ["–"]
    for day, value in ((5, "40.500"), (9, "12.000"), (7, "90.000")):
        make_value(row, dt.date(2026, 6, day), value=Decimal(value))
    assert cells(client, "deliverables/indicator", "last_value") == ["12 (9 Jun 2026)"]
    assert cells(client, "deliverables/measurement", "value") == ["12.000", "90.000", "40.500"]


def test_a_line_says_what_is_left_and_a_list_what_its_entries_come_to(
    client: Client, project: Project
) -> None:
    line = make_line(project)
    make_entry(line, "B1", kind="planned", amount=1000)
    wrong = make_entry(line, "B2", kind="spent", amount=999, on="2026-02")
    make_entry(line, "B3", kind="spent", amount=250, on="2026-03", corrects=wrong,
               note_lv="Kļūda", note_en="Mistake")  # fmt: skip
    assert cells(client, "budget/line", "left") == ["750.00"]
    page = client.get("/desk/tw-1/admin/budget/entry/").content.decode()
    totals = re.sub(r"<[^>]+>|\s+", " ", page[page.index('class="totals"') :][:400])
    assert "planned 1,000.00 EUR" in re.sub(" +", " ", totals)
    assert "spent 250.00 EUR" in re.sub(" +", " ", totals)
    assert cells(client, "budget/entry", "code")[:2] == ["B3", "B2"]


@pytest.mark.parametrize(("role", "who"), [("ms_leader", "Anna Ozola"), ("auditor", "LV-E1")])
def test_a_mission_says_who_goes_by_name_only_to_who_may_see_names(
    client: Client, project: Project, role: str, who: str
) -> None:
    expert = make_expert("LV-E1", name="Anna Ozola")
    mission = make_mission(make_activity(make_component(project)))
    mission.experts.create(project=project, expert=expert, days=2)
    client.force_login(make_member(project, role, "lea"))
    assert cells(client, "experts/mission", "who") == [who]
    assert (who in cells(client, "experts/expert", "name")) == (role == "ms_leader")
