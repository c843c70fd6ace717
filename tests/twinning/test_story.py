"""The story of the fictitious project, played through the actions, holds its own rules."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from deliverables.models import Activity, Project, WorkPlan
from experts.ledger import SUMMED
from experts.models import Mission
from experts.querysets import with_ledger
from releases.models import Release
from tests.public.make import get

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stage", "versions", "missions"),
    [("inception", 1, 18), ("midterm", 3, 60), ("closing", 3, 69)],
)
def test_a_stage_is_played_once_and_adds_up_in_public(
    client: Client, capsys: pytest.CaptureFixture[str], stage: str, versions: int, missions: int
) -> None:
    call_command("seed", stage=stage)
    with contextlib.suppress(CommandError):  # as years go by, what is planned falls overdue
        call_command("check_data")
    told = capsys.readouterr().out
    call_command("seed", stage=stage)

    assert "The story of the fictitious project was played before." in capsys.readouterr().out
    assert f"{missions} missions." in told
    found = [
        line for line in told.splitlines() if line.startswith(("error: demo", "warning: demo"))
    ]
    assert [line for line in found if "has no report" not in line] == []
    assert WorkPlan.objects.approved().count() == versions
    assert Mission.objects.count() == missions
    live = with_ledger(Activity.objects.all()).values(*SUMMED)
    document = Release.objects.filter(slug="demo").order_by("-number")[0].document
    sums: dict[str, Any] = {name: sum(row[name] for row in live) for name in SUMMED}
    assert {name: document["totals"]["days"][name] for name in SUMMED} == sums
    for lang in ("lv", "en"):
        content = client.get(f"/{lang}/projects/demo/person_days.csv").content.decode()
        rows = list(csv.DictReader(io.StringIO(content)))
        assert {name: sum(int(row[name]) for row in rows) for name in SUMMED} == sums
    page = get(client, "/en/projects/demo/")
    assert f"{sums['delivered']} of {sums['envelope']} expert-days delivered" in page


def test_the_first_project_gains_nothing(client: Client) -> None:
    call_command("seed", verbosity=0)

    project = Project.objects.get(slug="ks-14-jb-jh-04")
    assert not project.activities.exists()
    page = get(client, "/en/projects/ks-14-jb-jh-04/")
    assert "Work plan" not in page
    assert "Expert-days" not in page
    assert "The clocks of the project" not in page
