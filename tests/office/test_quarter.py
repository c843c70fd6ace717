"""The quarter screen: what waits, for whom it may be seen, and nothing that is done."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from budget.contract.models import Report
from budget.costs import actions
from deliverables.fields import quarters
from deliverables.indicators import actions as measuring
from deliverables.indicators.models import Indicator, Submission
from deliverables.projects.models import Component
from experts.missions.models import Mission
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_expert,
    make_goer,
    make_indicator,
    make_line,
    make_member,
    make_mission,
    make_plan,
    make_planned,
    make_project,
    make_rate,
    make_ruleset,
    make_value,
    make_worked,
)
from tests.twinning.forms import form_of
from tests.twinning.real import text_of

pytestmark = pytest.mark.django_db
JUNE = dt.date(2026, 6, 1)
WHEN = "2026-05-04 – 2026-05-08 · A1.1 Activity · Riga"
HERE = "/admin/quarter/tw-1/?q=2026-Q2"


@pytest.fixture
def component() -> Component:
    """A mission in each state that waits, a result and an activity that end, a value."""
    component = make_component(make_project(publishing="by_hand"))
    make_deliverable(component, due_original="2026-06")
    make_deliverable(component, "D1.2", due_original="2026-09")
    activity = make_activity(component)
    plan = make_plan(component.project)
    make_planned(plan, activity, to_on=dt.date(2026, 6, 30))
    approved(plan)
    for number, state in enumerate(("draft", "approved", "done", "reported", "settled"), 1):
        mission = make_mission(activity, f"M{number}", place="Riga")
        make_goer(mission, make_expert(f"LV-E{number}"))
        Mission.objects.filter(pk=mission.pk).update(state=state, report_on=mission.to_on)
    make_value(make_indicator(component))
    return component


def needs(client: Client, address: str = HERE) -> dict[str, list[str]]:
    page = client.get(address)
    return {str(need.title): [row for row, _a, _s in need.rows] for need in page.context["needs"]}


def test_it_lists_what_waits_with_its_state_and_who_acts(
    client: Client, component: Component
) -> None:
    client.force_login(make_member(component.project, name="lea"))
    make_member(component, "coordinator", "carl")
    make_member(component.project, "auditor", "aud")

    assert needs(client) == {
        "Drafts of missions": [f"M1 {WHEN}"],
        "Missions to be confirmed": [f"M2 {WHEN}"],
        "Reports awaited": [f"M3 {WHEN}"],
        "Reports to be accepted": [f"M4 {WHEN}"],
        "Results due": ["D1.1 Deliverable"],
        "Activities that end": ["A1.1 Activity"],
        "Values of indicators to be approved": ["I1.1 2026-05-04"],
    }
    text = client.get(HERE).content.decode()
    assert "What the project still needs from 2026-04-01 to 2026-06-30" in text
    assert "Who acts: the component’s coordinator · carl (1), lea" in text
    assert "Who acts: the two project leaders" not in text  # no contract change waits
    assert "Done, report awaited" in text
    assert "2026-Q1" in text
    assert "2026-Q3" in text


def test_indicators_without_a_value_and_what_opsys_lacks_wait(
    client: Client, component: Component
) -> None:
    client.force_login(make_member(component.project, name="lea"))
    without = make_indicator(component, "I1.2")
    title, opsys = "Indicators without a value of the quarter", "Values to be submitted to OPSYS"
    today = f"/admin/quarter/tw-1/?q={quarters.name(timezone.localdate())}"

    assert needs(client)[title] == [str(without)]
    assert "no value yet" in client.get(HERE).content.decode()
    assert title in needs(client, HERE.replace("Q2", "Q1"))
    later = f"/admin/quarter/tw-1/?q={timezone.localdate().year + 1}-Q4"
    assert title not in needs(client, later)
    assert needs(client, today)[opsys] == ["OPSYS sheet"]
    assert "no submission is recorded" in client.get(today).content.decode()
    Submission.objects.create(
        project=component.project, on=timezone.localdate(), by="x", at=timezone.now(),
        content=measuring.sheet(component.project),
    )  # fmt: skip
    assert opsys not in needs(client, today)
    Indicator.objects.filter(pk=without.pk).update(title_en="Called otherwise")
    assert f"1 cell changed since {timezone.localdate()}" in client.get(today).content.decode()
    client.force_login(make_member(component, "coordinator", "carl"))
    assert opsys not in needs(client, today)


def test_what_was_done_waits_for_the_next_one_to_act(client: Client, component: Component) -> None:
    activity = component.activities.get()
    for number, state in enumerate(("accepted", "claimed"), start=7):
        make_worked(activity, make_expert(f"LV-E{number}"), 1, f"M{number}", state, JUNE)
    for number, rung in enumerate(("delivered", "documented", "accepted"), start=7):
        dated = {"accepted_on": "2026-06-01"} if rung == "accepted" else {}
        make_deliverable(component, f"D1.{number}", rung=rung, **dated)
    make_plan(component.project, "P9", kind="rolling")
    client.force_login(make_member(component.project, name="lea"))

    waiting = needs(client)

    wanted = {
        "Accepted missions to be claimed": "M7", "Claimed missions to be settled": "M8",
        "Results to be checked": "D1.7", "Results to be accepted": "D1.8",
        "Results to be signed": "D1.9", "Versions of the work plan to be approved": "P9",
    }  # fmt: skip
    assert {title: waiting[title][0].split()[0] for title in wanted} == wanted
    assert waiting["Results due"] == ["D1.1 Deliverable"]


def test_the_missions_of_a_quarter_are_a_list_that_can_be_exported(
    client: Client, component: Component
) -> None:
    make_mission(
        component.activities.get(), "M8", from_on=dt.date(2026, 6, 29), to_on=dt.date(2026, 7, 3)
    )
    make_mission(
        component.activities.get(), "M9", from_on=dt.date(2026, 7, 1), to_on=dt.date(2026, 7, 3)
    )
    client.force_login(make_member(component.project, name="lea"))

    def codes(quarter: str) -> set[str]:
        page = client.get(f"/admin/experts/mission/?quarter={quarter}")
        return {row.code for row in page.context["cl"].result_list}

    assert codes("2026-Q2") == {"M1", "M2", "M3", "M4", "M5", "M8"}
    assert codes("2026-Q3") == {"M8", "M9"}
    assert codes("2026-Q9") == {"M1", "M2", "M3", "M4", "M5", "M8", "M9"}
    where = "/admin/experts/mission/export/?quarter=2026-Q3"
    text = b"".join(client.post(where, {"format": "csv"})).decode()
    assert {line.split(",")[2] for line in text.splitlines()[1:]} == {"M8", "M9"}
    assert "quarter=2026-Q2" in client.get(HERE).content.decode()


def test_an_earlier_quarter_needs_less_and_an_odd_one_is_todays(
    client: Client, component: Component
) -> None:
    client.force_login(make_member(component.project, name="lea"))

    assert "Results due" not in needs(client, "/admin/quarter/tw-1/?q=2026-Q1")
    assert needs(client, "/admin/quarter/tw-1/?q=nonsense") == needs(client, "/admin/quarter/tw-1/")


def test_a_coordinator_of_another_component_sees_none_of_it(
    client: Client, component: Component
) -> None:
    other = make_component(component.project, 2)
    client.force_login(make_member(other, "coordinator", "carl"))
    far: Any = make_member(make_project("far"), name="far")

    assert needs(client) == {}
    assert "Nothing waits in this quarter." in client.get(HERE).content.decode()
    client.force_login(far)
    assert client.get(HERE).status_code == 404


def test_accepted_days_wait_to_be_entered_until_they_are(
    client: Client, component: Component
) -> None:
    leader: Any = make_member(component.project, name="lea")
    make_rate(component.project, "350.00")
    make_worked(component.activities.get(), make_expert("LV-E9"), 2, "M9", from_on=JUNE)
    line = make_line(component.project, cost_basis="unit_cost", priced_by="fee")
    client.force_login(leader)

    title = "Accepted days to be entered in the budget"
    assert needs(client)[title] == ["B1 Line"]
    assert "700.00 EUR" in client.get(HERE).content.decode()
    assert title not in needs(client, HERE.replace("Q2", "Q1"))
    actions.enter_days(line, by=leader, seen="700.00", on="2026-06", ledger_ref="")
    assert title not in needs(client)


def test_it_costs_no_more_queries_with_more_rows(
    client: Client, component: Component, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_mission(component.activities.get(), f"M{number + 20}")
        make_member(component, "coordinator", f"c{number}")
    client.force_login(make_member(component.project, name="lea"))
    client.get(HERE)
    with django_assert_max_num_queries(15):
        client.get(HERE)


def test_quarters_begin_and_end() -> None:
    assert quarters.name(dt.date(2026, 12, 31)) == "2026-Q4"
    assert (quarters.first("2026-Q4"), quarters.last("2026-Q4")) == (
        dt.date(2026, 10, 1), dt.date(2026, 12, 31),
    )  # fmt: skip
    for wrong in ("2026-Q5", "1999-Q1", "2026", ""):
        with pytest.raises(ValueError, match=f"^{wrong}$"):
            quarters.first(wrong)


def test_reports_of_the_quarter_are_entered_from_it(client: Client) -> None:
    project = make_project(start_planned="2026-01-01", end_planned="2026-12-31")
    make_ruleset(project, reporting_months=3, interim_due_days=30)
    client.force_login(make_member(project, "ms_leader"))
    answer = client.get(HERE)
    assert "Interim report 1, 2026-01-01 – 2026-03-31 · due: 2026-04-30" in text_of(answer)
    assert "Interim report 2, 2026-04-01 – 2026-06-30" in text_of(answer)
    assert "Final report" not in text_of(answer)
    first, _second = re.findall(r'href="([^"]*/report/add/[^"]*)"', answer.content.decode())

    form = form_of(client.get(html.unescape(first)).content.decode())
    assert form
    client.post(html.unescape(first), {**form.fields, "handed_in_on": "2026-04-28"})

    row = Report.objects.get()
    assert (row.number, row.due_on, row.handed_in_on) == (
        1, dt.date(2026, 4, 30), dt.date(2026, 4, 28)
    )  # fmt: skip
    page = text_of(client.get(HERE))
    assert "due: 2026-04-30 · handed in: 2026-04-28" in page
    assert page.count("Enter when it was handed in") == 1
    row.handed_in_on = None
    row.save()
    assert "due: 2026-04-30 · not handed in yet" in text_of(client.get(HERE))
