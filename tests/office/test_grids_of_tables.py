"""What each table allows in its grid: the same as in its form."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from deliverables.indicators.models import Measurement
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import Activity
from deliverables.projects.models import Component
from experts.missions.models import ExpertDay, Mission, MissionExpert
from office.grids.tables import GRIDS
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_entry,
    make_expert,
    make_goer,
    make_indicator,
    make_line,
    make_member,
    make_mission,
    make_project,
    make_value,
)
from tests.office.grids import Typing

pytestmark = pytest.mark.django_db
SHOWN = "The page of the row only shows this column now, so it is not changed here either."
NOT_YOURS = "This row is not in a project or component in which you may write."
MISSION = {"activity": "A0.1", "from_on": "4.5.2026", "to_on": "2026-05-08"}


@pytest.fixture
def component() -> Component:
    return make_component(make_project(start_planned="2025-01-01"))


@pytest.fixture
def activity(component: Component) -> Activity:
    return make_activity(component, "A0.1")


@pytest.fixture
def grid(component: Component, client: Client) -> Any:
    """Opens a grid, as the leader of the project."""
    client.force_login(make_member(component.project, language="en"))
    return lambda table, query="": Typing(client, table, query).open()


def test_dates_and_weights_of_results_move_in_their_table(grid: Any, component: Component) -> None:
    make_deliverable(component, "D1.1", weight=2)
    make_deliverable(component, "D1.2", due_current="2026-05")
    results = grid("deliverables_deliverable")
    results.rows[0] |= {"weight": "5", "due_original": "31.12.2026"}
    results.rows[1]["due_current"] = ""
    results.add(code="D1.3", component="1", title_lv="Jauns", title_en="New")

    results.save()

    assert results.told == ["1 row was entered. 2 rows were changed."]
    assert [*Deliverable.objects.values_list("code", "weight", "due_original", "due_current")] == [
        ("D1.1", 5, "2026-12-31", ""), ("D1.2", 1, "", ""), ("D1.3", 1, "", ""),
    ]  # fmt: skip


def test_a_coordinator_sees_and_enters_results_of_own_components_alone(
    component: Component, client: Client
) -> None:
    other = make_component(component.project, 2)
    make_deliverable(component, "D1.1")
    make_deliverable(other, "D2.1")
    client.force_login(make_member(component, "coordinator", name="zed", language="en"))
    results = Typing(client, "deliverables_deliverable").open()
    assert [row["code"] for row in results.rows if row["seen"]] == ["D1.1"]
    new = {"title_lv": "Jauns", "title_en": "New"}
    results.add(code="D2.2", component="2", **new)
    results.add(code="D1.2", component="1", **new)

    results.save()

    ((row, label, said),) = results.wrong
    assert (row, label) == ("Row 2", "Component")
    assert said.startswith("“2” is not a known component.")
    assert Deliverable.objects.count() == 2


def test_values_are_entered_and_an_approved_one_is_read(grid: Any, component: Component) -> None:
    indicator = make_indicator(component)
    make_value(indicator, approved_by="U-0009")
    values = grid("deliverables_measurement")
    assert values.fixed[0] == {*values.rows[0]} - {"seen"}
    values.rows[0]["value"] = "7"
    said = {"source_lv": "Pārskats", "source_en": "Report"}
    values.add(indicator="I1.1", on="2026-06-01", value="7,5", **said)

    values.save()
    final = "The value is approved and never changes. A correction is a value of another day."
    assert values.wrong == [("Row 1", "", final)]

    values.rows[0]["value"] = "5"
    values.save()
    assert values.told == ["1 row was entered."]
    assert [str(value) for value in Measurement.objects.values_list("value", flat=True)] == [
        "5.000", "7.500",
    ]  # fmt: skip


def test_missions_are_numbered_by_the_register(grid: Any, activity: Activity) -> None:
    make_mission(activity, "M4")
    missions = grid("experts_mission", "?q=2026-Q2")
    assert missions.fixed[-1] == {"code"}
    missions.add(**MISSION)
    missions.add(code="M9", **MISSION)

    missions.save()
    assert missions.wrong == [("Row 3", "Code", SHOWN)]

    missions.rows[2]["code"] = ""
    missions.save()
    assert [*Mission.objects.values_list("code", "state")] == [
        ("M4", "draft"), ("M5", "draft"), ("M6", "draft"),
    ]  # fmt: skip


def test_terms_that_are_approved_are_read(grid: Any, activity: Activity) -> None:
    make_mission(activity, state="approved", place="Rīga")
    missions = grid("experts_mission", "?q=2026-Q2")
    assert missions.fixed[0] == {*missions.rows[0]} - {"seen", "place"}
    missions.rows[0] |= {"place": "Tirana", "to_on": "2026-05-09"}

    missions.save()

    final = "The terms are approved. Send the mission back on its page, then change it."
    assert missions.wrong == [("Row 1", "", final)]
    missions.rows[0]["to_on"] = "2026-05-08"
    missions.save()
    assert missions.told == ["1 row was changed."]
    assert Mission.objects.get().to_on == dt.date(2026, 5, 8)


def test_who_goes_and_the_days_are_entered_by_mission_and_expert(
    grid: Any, activity: Activity
) -> None:
    expert = make_expert()
    make_mission(activity, "M1")
    confirmed = make_mission(activity, "M2")
    make_goer(confirmed, expert)
    Mission.objects.filter(pk=confirmed.pk).update(state="confirmed")
    goers = grid("experts_missionexpert")
    goers.add(mission="M1", expert=expert.code, days="2")
    goers.save()
    assert goers.told == ["1 row was entered."]
    days = grid("experts_expertday", "?q=2026-Q2")
    for day in ("2026-05-04", "2026-05-05", "2026-05-09"):
        days.add(mission="M2", expert=expert.code, on=day)

    days.save()
    late = "2026-05-09 is not a day of the mission, which lasts 2026-05-04 to 2026-05-08."
    assert days.wrong == [("Row 3", "Day", late)]
    days.rows[2] |= dict.fromkeys(days.rows[2], "")
    days.save()

    assert days.told == ["2 rows were entered."]
    assert MissionExpert.objects.count() == ExpertDay.objects.count() == 2


@pytest.mark.parametrize("grid_of", [grid.label for grid in GRIDS])
def test_a_table_that_is_saved_as_it_stands_changes_nothing(
    grid: Any, component: Component, activity: Activity, grid_of: str
) -> None:
    make_deliverable(component, note_en="two\nlines", weight=3)
    make_entry(make_line(component.project), "B1", amount="1234567.80", on="2026-05", note_en="-5")
    make_value(make_indicator(component), value="1234.5", words_en="=so")
    mission = make_mission(activity, terms_en="two\n\nlines", place="'=x")
    make_goer(mission, make_expert())
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    ExpertDay.objects.create(
        project=mission.project, mission=mission, expert=mission.experts.get().expert,
        on=mission.from_on,
    )  # fmt: skip
    User.objects.update(language="lv")
    table = grid(grid_of, "?q=2026-Q2")

    table.save()

    assert table.told == ["Nekas netika mainīts."]
