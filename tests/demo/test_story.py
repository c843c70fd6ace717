"""The story of the fictitious project, played through the actions, holds its own rules."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from deliverables.ladder.models import Step
from deliverables.plan.models import Activity, WorkPlan
from deliverables.projects.models import Project
from experts.missions.ledger import SUMMED
from experts.missions.models import Mission, MissionStep
from experts.missions.querysets import with_ledger
from releases.models import Release
from tests.playing import Played, play
from tests.public.make import get

pytestmark = pytest.mark.django_db


at = pytest.mark.parametrize
midterm = at("played", ["midterm"], indirect=True)
STAGES = {"inception": (1, 18), "midterm": (3, 61), "closing": (3, 70)}  # versions, missions


def test_a_stage_is_played_once_and_adds_up_in_public(client: Client, played: Played) -> None:
    versions, missions = STAGES[played.stage]
    found = io.StringIO()
    with contextlib.suppress(CommandError):  # as years go by, what is planned falls overdue
        call_command("check_data", stdout=found)

    assert "was played before." in play(played.stage).told
    assert f"{missions} missions." in played.told
    told = [
        line
        for line in found.getvalue().splitlines()
        if line.startswith(("error: demo", "warning: demo")) and "has no report" not in line
    ]
    near = "near the limit of 25 %."  # two side letters together, as the story wants it
    to_enter = "the rest is not entered yet."  # days of the quarter that is under way
    assert [line for line in told if near not in line and to_enter not in line] == []
    assert sum(near in line for line in told) == (played.stage != "inception")
    assert sum(to_enter in line for line in told) == (2 if played.stage == "midterm" else 0)
    assert WorkPlan.objects.approved().count() == versions
    assert Mission.objects.count() == missions
    live = with_ledger(Activity.objects.all()).values(*SUMMED)
    document = Release.objects.filter(slug="demo").order_by("-number")[0].document
    sums: dict[str, Any] = {name: sum(row[name] for row in live) for name in SUMMED}
    assert {name: document["totals"]["days"][name] for name in SUMMED} == sums
    for lang in ("lv", "en"):
        rows = table(client, lang, "person_days")
        assert {name: sum(int(row[name]) for row in rows) for name in SUMMED} == sums
    page = get(client, "/en/projects/demo/")
    assert f"{sums['delivered']} of {sums['envelope']} delivered" in page


@midterm
def test_the_first_project_gains_nothing(client: Client, played: Played) -> None:
    project = Project.objects.get(slug="ks-14-jb-jh-04")
    assert not project.activities.exists()
    page = get(client, "/en/projects/ks-14-jb-jh-04/")
    assert "Work plan" not in page
    assert "Expert-days not stated" in page


@midterm
def test_the_stage_that_the_files_describe_is_reached_by_actions(
    client: Client, played: Played
) -> None:
    """Played step by step, the results stand where their files say."""
    document = Release.objects.filter(slug="demo").order_by("-number")[0].document
    path = settings.BASE_DIR / "seed" / "demo" / "deliverables.csv"
    with path.open(encoding="utf-8", newline="") as file:
        told = {row["code"]: row for row in csv.DictReader(file)}
    names = (
        "rung", "due_original", "due_current", "delivered_on", "accepted_on", "adopted_on",
        "reason_en", "note_lv",
    )  # fmt: skip
    for row in document["deliverables"]:
        assert {name: row[name] for name in names} == {
            name: told[row["code"]][name] for name in names
        }, row["code"]
    verbs = Step.objects.filter(deliverable__code="D2.2").order_by("pk").values_list("verb", "by")
    assert [verb for verb, _by in verbs] == ["deliver", "send_back", "deliver", "document"]


@midterm
def test_what_goes_wrong_in_a_project_is_in_its_story(client: Client, played: Played) -> None:
    """A mission is cancelled, a report returned, a visit postponed: each says why."""
    steps = MissionStep.objects.filter(verb__in=("cancel", "send_back")).order_by("pk")
    told = list(steps.values_list("mission__state", "mission__activity__code", "verb"))
    assert sorted(told) == [("cancelled", "A2.4", "cancel"), ("settled", "A1.2", "send_back")]
    assert all(step.reason for step in steps)
    for lang, why in (("lv", "brauciens pārcelts uz 2027. gada martu"), ("en", "visit moves to")):
        page = get(client, f"/{lang}/projects/demo/plan/")
        assert why in page
    rows = {row["code"]: row for row in table(client, "en", "activities")}
    assert (rows["A3.4"]["status"], rows["A3.4"]["started_on"]) == ("postponed", "")
    assert rows["A1.4"]["participants"] == "9"
    assert "Participants: 9 (planned: 10)" in page


def table(client: Client, lang: str, name: str) -> list[dict[str, str]]:
    content = client.get(f"/{lang}/projects/demo/{name}.csv").content.decode()
    return list(csv.DictReader(io.StringIO(content)))
