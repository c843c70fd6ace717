"""Each check of missions finds the error that was planted, and is silent on a clean project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from experts import findings
from experts.missions.models import ExpertDay, Mission
from experts.people.models import Assignment
from tests.make import (
    approved,
    make_activity,
    make_assignment,
    make_component,
    make_evidence,
    make_expert,
    make_goer,
    make_mission,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 5, 4)


@pytest.fixture
def mission() -> Mission:
    """Reported with all its papers, three days of five used."""
    project = make_project(
        publishing="by_hand", start_actual="2026-01-01", end_planned="2026-12-31"
    )
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity, days=10)
    approved(plan)
    paper = make_evidence(project)
    papers: dict[str, Any] = dict.fromkeys(
        ("report", "time_sheet", "boarding_passes", "attendance_list"), paper
    )
    mission = make_mission(activity, **papers)
    expert = make_expert()
    make_assignment(project, function="short_term_expert", expert=expert)
    make_goer(mission, expert, 3)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    for day in range(3):
        ExpertDay.objects.create(
            project=project, mission=mission, expert=expert, on=MON + dt.timedelta(day)
        )
    Mission.objects.filter(pk=mission.pk).update(state="reported", report_on=mission.to_on)
    return mission


def by_force(sql: str, *given: Any) -> None:
    """Past the triggers, as damage comes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, given)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def move_day(mission: Mission, day: dt.date) -> None:
    first = mission.days.order_by("on").values("pk")[:1].get()["pk"]
    by_force('UPDATE experts_expertday SET "on" = %s WHERE id = %s', day, first)


def more_days(mission: Mission) -> None:
    by_force("UPDATE experts_missionexpert SET days = 2 WHERE mission_id = %s", mission.pk)


def a_smaller_plan(mission: Mission) -> None:
    by_force("UPDATE deliverables_plannedactivity SET days = 2")


def a_twin(mission: Mission) -> None:
    twin = make_mission(mission.activity, "M2", papers_note="on-line")
    make_goer(twin, mission.experts.get().expert, 1)
    Mission.objects.filter(pk=twin.pk).update(state="approved")


def somebody_elses_day(mission: Mission) -> None:
    first = mission.days.order_by("on").values("pk")[:1].get()["pk"]
    other = make_expert("LV-E02")
    by_force("UPDATE experts_expertday SET expert_id = %s WHERE id = %s", other.pk, first)


def travelled_more(mission: Mission) -> None:
    first = mission.days.order_by("on").values("pk")[:1].get()["pk"]
    by_force("UPDATE experts_expertday SET kind = 'travel' WHERE id = %s", first)


PLANTED: list[tuple[Callable[..., Any], Callable[[Mission], Any], str]] = [
    (
        findings.more_travel_than_planned,
        travelled_more,
        "LV-E01 travelled for mission M1 on more days (1) than its terms give (0).",
    ),
    (
        findings.outside_the_project,
        lambda _: Project.objects.update(start_actual="2026-05-05"),
        "LV-E01 has 2026-05-04 on mission M1, outside the project's time.",
    ),
    (
        findings.missions_outside,
        lambda _: Project.objects.update(end_planned="2026-05-07"),
        "Mission M1 lasts 2026-05-04 to 2026-05-08, outside the project's time.",
    ),
    (
        findings.outside_the_mission,
        lambda mission: move_day(mission, dt.date(2026, 6, 1)),
        "LV-E01 has 2026-06-01 on mission M1, which lasts 2026-05-04 to 2026-05-08.",
    ),
    (
        findings.weekends,
        lambda mission: move_day(mission, dt.date(2026, 5, 10)),
        "LV-E01 worked on mission M1 on 2026-05-10, a weekend.",
    ),
    (
        findings.more_days_than_planned,
        more_days,
        "Mission M1 used 3 days, and its terms give 2.",
    ),
    (
        findings.over_the_envelope,
        a_smaller_plan,
        "Activity A1.1 takes 3 days of 2 in the plan in force.",
    ),
    (
        findings.without_report,
        lambda _: Mission.objects.update(state="done", report_on=None),
        "Mission M1 ended on 2026-05-08 and has no report.",
    ),
    (
        findings.without_report,  # nor did the host confirm it
        lambda _: Mission.objects.update(state="approved", report_on=None),
        "Mission M1 ended on 2026-05-08 and has no report.",
    ),
    (
        findings.after_the_activity,
        lambda _: Activity.objects.update(status="completed", ended_on="2026-04"),
        "Mission M1 begins on 2026-05-04, and its activity A1.1 is over.",
    ),
    (
        findings.after_the_activity,
        lambda _: Activity.objects.update(status="cancelled", reason_lv="Nav", reason_en="None"),
        "Mission M1 begins on 2026-05-04, and its activity A1.1 is over.",
    ),
    (
        findings.without_papers,
        lambda _: Mission.objects.update(boarding_passes=None, report=None),
        "Mission M1 lacks: report, boarding passes. Attach them, or say why there are none.",
    ),
    (
        findings.overlapping,
        a_twin,
        "LV-E01 is on missions M1 and M2 on the same days.",
    ),
    (
        findings.not_on_the_mission,
        lambda mission: somebody_elses_day(mission),
        "LV-E02 has 2026-05-04 on the time sheet of mission M1, and is not on it.",
    ),
    (
        findings.strangers_to_the_project,
        lambda _: Assignment.objects.all().delete(),
        "LV-E01 is on mission M1 and has no function on the project.",
    ),
]


@pytest.mark.parametrize(("check", "plant", "sentence"), PLANTED, ids=[p[2][:40] for p in PLANTED])
def test_a_check_finds_what_was_planted_and_is_silent_before(
    mission: Mission, check: Any, plant: Any, sentence: str
) -> None:
    assert list(check()) == []

    plant(mission)

    assert [found.sentence for found in check()] == [sentence]


@pytest.mark.parametrize(
    ("functions", "covered"),
    [
        ([("", "")], True),
        ([("2026", "2026")], True),
        ([("2026-05", "2026-05")], True),
        ([("2026-05-04", "2026-05-08")], True),
        ([("2026-04", "2026-05-06"), ("2026-05-07", "")], True),
        ([("", "2026-04")], False),
        ([("", "2025")], False),
        ([("", "2026-05-07")], False),
        ([("2026-05-05", "")], False),
        ([("2027", "")], False),
        ([("", "2026-04"), ("2026-06", "")], False),
    ],
)
def test_a_function_counts_on_the_days_that_it_lasts(
    mission: Mission, functions: list[tuple[str, str]], covered: bool
) -> None:
    expert = mission.experts.get().expert
    Assignment.objects.all().delete()
    for number, (first, last) in enumerate(functions, 1):
        make_assignment(
            mission.project, f"A{number}", function="short_term_expert", expert=expert,
            from_on=first, to_on=last,
        )  # fmt: skip

    told = (
        "LV-E01 is on mission M1 from 2026-05-04 to 2026-05-08, outside the time of the expert's "
        "function on the project."
    )
    found = [one.sentence for one in findings.strangers_to_the_project()]
    assert found == ([] if covered else [told])


def test_all_checks_of_missions_are_here_and_in_the_command(
    mission: Mission, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {check for check, _plant, _sentence in PLANTED} == set(findings.CHECKS)
    call_command("check_data")
    assert "0 findings." in capsys.readouterr().out
    a_smaller_plan(mission)

    with pytest.raises(CommandError, match="1 error in the data"):
        call_command("check_data")
    assert Activity.objects.count() == 1
