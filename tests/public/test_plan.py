"""The clocks and the work plan in public, and the figures added again from their files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client

from deliverables.evidence.models import Evidence
from deliverables.plan import actions as planning
from deliverables.plan.models import Activity, ActivityDeliverable, PlanKind
from deliverables.projects.models import Project
from experts.missions.models import ExpertDay, Mission
from public.charts import clocks
from public.charts import geometry as charts
from public.pages import plan
from releases import actions
from releases.document import live
from releases.document.build import canonical
from releases.models import Release
from releases.reading.reading import Reading
from tests.make import (
    approved,
    make_activity,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_goer,
    make_line,
    make_member,
    make_mission,
    make_move,
    make_plan,
    make_planned,
    make_project,
    make_release,
)
from tests.public.make import get

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 5, 4)
HERE = "projects/tw-1/"


@pytest.fixture
def running() -> Project:
    """Two activities; a side letter moved one of them and gave it days; one mission reported."""
    project = make_project(
        publishing="by_hand", start_actual="2026-01-01", end_planned="2026-06-30"
    )
    component = make_component(project)
    make_deliverable(component)
    first, second = make_activity(component), make_activity(component, "A1.2")
    original = make_plan(project)
    make_planned(original, first, days=10)
    make_planned(original, second, days=5)
    approved(original)
    lea = make_member(project, name="lea")
    amended = planning.next_version(project, PlanKind.AMENDED, by=lea)
    amended.lines.filter(activity=second).update(days=8, to_on=dt.date(2027, 2, 28))
    approved(amended, dt.date(2026, 3, 1))
    mission = make_mission(first)
    expert = make_expert(name="Canary Ozola")
    make_goer(mission, expert, 3)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    for day in range(2):
        ExpertDay.objects.create(
            project=project, mission=mission, expert=expert, on=MON + dt.timedelta(day)
        )
    Mission.objects.filter(pk=mission.pk).update(state="reported", report_on=mission.to_on)
    actions.publish(project, by=None)
    return project


def test_the_clocks_stand_on_one_scale_each_beside_its_n_of_m(
    client: Client, running: Project
) -> None:
    text = get(client, f"/en/{HERE}")

    assert "Time 100 % 181 of 181 days" in text
    assert "Results 0 % 0 of 1 accepted by the beneficiary" in text
    assert "Expert-days 11.1 % 2 of 18 delivered" in text
    assert "accepted. Results are 100 percentage points behind schedule." in text
    assert "Money not planned The upright line" in text


@pytest.mark.parametrize(
    ("lang", "figure", "moved"),
    [
        ("en", "2 of 18 delivered", "In the contract: 1 Jan 2026 – 31 Dec 2026"),
        ("lv", "2 no 18", "Līgumā: 01.01.2026. – 31.12.2026."),
    ],
)
def test_the_plan_shows_the_original_beside_the_current_in_both_languages(
    client: Client, running: Project, lang: str, figure: str, moved: str
) -> None:
    text = get(client, f"/{lang}/{HERE}plan/")

    assert figure in text
    assert text.count(moved) == 1
    assert text.count({"en": "In the contract: 5 8", "lv": "Līgumā: 5 8"}[lang]) == 1
    assert "11.1 %" in text or "11,1 %" in text


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_figure_of_days_is_added_again_from_its_file(
    client: Client, running: Project, lang: str
) -> None:
    rows = table(client, lang, "person_days")
    lines = table(client, lang, "planned_activities")

    sums = {name: sum(int(row[name]) for row in rows) for name in rows[0] if row_is_number(name)}
    assert sums == {
        "contract": 15, "envelope": 18, "planned_days": 2, "delivered": 2, "accepted": 0,
        "days_left": 16,
    }  # fmt: skip
    totals = Release.objects.get().document["totals"]["days"]
    assert {name: totals[name] for name in sums} == sums
    by_version = dict.fromkeys(("P1", "P2"), 0)
    for row in lines:
        by_version[row["plan"]] += int(row["days"])
    assert by_version == {"P1": sums["contract"], "P2": sums["envelope"]}
    page = get(client, f"/{lang}/{HERE}plan/")
    figure, accepted, component, *activities = re.findall(r"(\d+) (?:of|no) (\d+)", page)
    assert accepted == (str(sums["accepted"]), str(sums["envelope"]))
    assert figure == component == (str(sums["delivered"]), str(sums["envelope"]))
    delivered = activities[:2]
    assert sum(int(part) for part, _whole in delivered) == sums["delivered"]
    assert sum(int(whole) for _part, whole in delivered) == sums["envelope"]


@pytest.mark.parametrize(
    ("delivered", "taken", "told"),
    [
        (10, 10, "10 of 10 0"),
        (10, 14, "10 of 10 −4 beyond the plan"),
        (14, 14, "14 of 10 beyond the plan −4 beyond the plan"),
    ],
)
def test_days_beyond_the_envelope_are_marked(
    client: Client, running: Project, delivered: int, taken: int, told: str
) -> None:
    release = Release.objects.get()
    document = dict(release.document)
    days = {
        "envelope": 10, "delivered": delivered, "planned_days": taken, "days_left": 10 - taken,
    }  # fmt: skip
    own = [row for row in document["person_days"] if row["activity"] == "A1.1"]
    document["person_days"] = [row | days for row in own]
    document["totals"] = document["totals"] | {"days": document["totals"]["days"] | days}
    make_release(running, document, number=2, made_at=release.made_at + dt.timedelta(seconds=1))

    text = get(client, f"/en/{HERE}plan/")

    assert text.count(told) == 2, "the component and its activity"
    assert text.count("beyond the plan") == 2 * told.count("beyond") + (delivered > 10)


def row_is_number(name: str) -> bool:
    return name not in ("project", "component", "activity")


def table(client: Client, lang: str, name: str) -> list[dict[str, str]]:
    content = client.get(f"/{lang}/{HERE}{name}.csv").content.decode()
    return list(csv.DictReader(io.StringIO(content)))


def test_no_single_mission_expert_or_day_is_in_a_release(client: Client, running: Project) -> None:
    text = str(Release.objects.get().document)

    for secret in ("Canary", "LV-E01", "M1", "2026-05-04"):
        assert secret not in text
    for name in ("missions", "mission_experts", "expert_days"):
        assert client.get(f"/en/{HERE}{name}.csv").status_code == 404


def test_what_is_still_a_draft_is_in_no_release(client: Client, running: Project) -> None:
    """The next version of the plan and the next change of the contract are nobody's yet."""
    plan = make_plan(running, "P9", kind="rolling", note_en="Canary of the plan")
    make_planned(plan, Activity.objects.filter(project=running)[0], days=77)
    new = make_activity(running.components.get(), "A1.9", title_en="Canary of an activity")
    make_planned(plan, new, days=7)
    ActivityDeliverable.objects.create(
        project=running, activity=new, deliverable=running.deliverables.get()
    )
    make_move(make_change(running, "SL9", reason_en="Canary of the change"))

    document = live.build(running)

    assert "P9" not in {row["code"] for row in document["work_plans"]}
    assert 77 not in {row["days"] for row in document["planned_activities"]}
    assert {row["code"] for row in document["activities"]} == {"A1.1", "A1.2"}
    assert {row["activity"] for row in document["person_days"]} == {"A1.1", "A1.2"}
    assert document["activity_deliverables"] == []
    assert (document["contract_changes"], document["contract_moves"]) == ([], [])
    assert "Canary" not in canonical(document).decode()


def test_papers_of_missions_are_in_no_release_and_fees_neither(running: Project) -> None:
    """A paper that also proves something else is that thing's, and public."""
    mission = Mission.objects.get()
    for code, name in (("E1", "boarding_passes"), ("E2", "report"), ("E3", "time_sheet")):
        setattr(mission, name, make_evidence(running, code, title_en=f"Canary {code}"))
    mission.save()
    line = make_line(running)
    make_entry(
        line, kind="spent", amount="700.00", units="2", unit_rate="350.00", ledger_ref="7",
        evidence=Evidence.objects.get(code="E2"),
    )  # fmt: skip
    Evidence.objects.filter(code="E3").update(deliverable=running.deliverables.get())

    document = live.build(running)

    assert [row["code"] for row in document["evidence"]] == ["E2", "E3"]
    assert "350.00" not in canonical(document).decode()


def test_of_two_versions_of_one_day_the_later_code_is_in_force() -> None:
    rows: Any = [
        {"code": code, "state": state, "approved_on": on}
        for code, state, on in (
            ("P1", "approved", "2026-05-04"), ("P2", "approved", "2026-05-04"),
            ("P3", "draft", ""), ("P10", "approved", "2026-05-04"),
        )
    ]  # fmt: skip
    assert plan.in_force(rows) == "P10"
    assert plan.in_force(rows[:3]) == "P2"


def test_the_line_of_quarters() -> None:
    found = plan.quarters(dt.date(2026, 10, 1), dt.date(2027, 6, 30))

    assert [name for name, _mark in found] == ["2026-Q4", "2027-Q1", "2027-Q2"]
    assert found[0][1] == charts.Mark("span", "0.00%", "33.70%")
    assert [name for name, _mark in plan.quarters(dt.date(2020, 1, 1), dt.date(2026, 12, 31))] == [
        str(year) for year in range(2020, 2027)
    ]


def test_results_that_run_ahead_are_not_behind() -> None:
    def clock(key: str, percent: str) -> Any:
        return clocks.Clock(key, percent, "", 0, 0)

    assert clocks.behind([clock("time", "58.0"), clock("results", "41.3")]) == "16.7"
    assert clocks.behind([clock("time", "41.0"), clock("results", "58.0")]) is None
    assert clocks.behind([clock("results", "58.0")]) is None


@pytest.mark.parametrize(
    ("delivered", "end", "told"),
    [
        (50, "2026-12-31", clocks.Pace("2026-10", True)),
        (50, "2026-06-30", clocks.Pace("2026-10", False)),
        (0, "2026-12-31", None),
        (100, "2026-12-31", None),
    ],
)
def test_the_pace_says_when_the_days_run_out(
    delivered: int, end: str, told: clocks.Pace | None
) -> None:
    project = {
        "status": "running", "start_actual": "2026-01-01", "start_planned": "",
        "end_planned": end, "end_current": "",
    }  # fmt: skip
    totals = {"days": {"delivered": delivered, "envelope": 100}}
    document: Any = {"project": project, "totals": totals}
    reading = Reading(document, "", 1, None, dt.date(2026, 6, 1), {})

    assert clocks.pace(reading) == told
