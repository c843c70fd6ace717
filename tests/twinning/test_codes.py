"""Codes that the register gives: after the highest one, and a sentence where no number is left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.rows.refused import Refused
from budget.money import actions as money
from budget.money.models import Entry, Move
from deliverables.evidence.models import Evidence
from deliverables.plan import actions as planning
from deliverables.plan import chains
from deliverables.plan.models import Activity, PlanKind, WorkPlan
from deliverables.projects import codes
from deliverables.projects.models import Project
from experts.missions.actions import copy, draft
from experts.missions.models import Mission
from tests.deliverables.test_file_kinds import PDF
from tests.make import (
    make_activity,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_line,
    make_member,
    make_mission,
    make_move,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db
MAY = dt.date(2026, 5, 4)
FULL = (
    "No number is left after {}: a code has at most four digits. What is to be added can be "
    "imported under a code that is still free."
)


@pytest.fixture
def project() -> Project:
    return make_project(publishing="by_hand", end_planned="2028-12-31")


@pytest.fixture
def activity(project: Project) -> Activity:
    return make_activity(make_component(project), "A1.9999")


@pytest.fixture
def lea(project: Project, client: Client) -> User:
    leader = make_member(project, name="lea")
    client.force_login(leader)
    return leader


def refused(act: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refused) as told:
        act(*args, **given)
    return str(told.value)


def says(page: Any, sentence: str) -> bool:
    return page.status_code == 200 and sentence in page.content.decode()


def test_numbers_go_on_after_the_highest_of_their_own_series(activity: Activity, lea: User) -> None:
    for code in ("M2", "M500", "KM900", "M7.12"):
        make_mission(activity, code)
    new = Mission(project=activity.project, activity=activity, from_on=MAY, to_on=MAY)

    assert draft(new, by=lea).code == "M501"
    assert codes.following(Activity, activity.project_id, "A2.") == "A2.1"


def test_a_mission_after_the_last_number_is_refused_in_the_form_and_as_a_copy(
    activity: Activity, lea: User, client: Client
) -> None:
    mission = make_mission(activity, "M9999")
    form = {
        "project": activity.project_id, "activity": activity.pk, "from_on": "2026-06-01",
        "to_on": "2026-06-02", "experts-TOTAL_FORMS": 0, "experts-INITIAL_FORMS": 0,
    }  # fmt: skip

    page = client.post(reverse("admin:experts_mission_add"), form)

    assert says(page, FULL.format("M9999"))
    assert refused(copy, mission, by=lea, from_on=dt.date(2026, 7, 1)) == FULL.format("M9999")
    assert Mission.objects.count() == 1


def test_a_version_or_activity_after_the_last_number_is_refused(
    activity: Activity, lea: User
) -> None:
    plan = make_plan(activity.project, "P9999")
    make_planned(plan, activity)
    seen = str(plan.version)

    assert refused(chains.repeat, plan, activity, by=lea, seen=seen) == FULL.format("A1.9999")
    WorkPlan.objects.update(state="approved", approved_on=MAY)
    told = refused(planning.next_version, activity.project, PlanKind.ROLLING, by=lea)
    assert told == FULL.format("P9999")
    assert (Activity.objects.count(), WorkPlan.objects.count()) == (1, 1)


def test_money_after_the_last_number_of_a_line_moves_nothing(project: Project, lea: User) -> None:
    line = make_line(project)
    make_entry(line, "B9999")
    change = make_change(project, kind="addendum")
    make_move(change, line=line, amount=50, to_on="2026-09")
    change.refresh_from_db()

    told = refused(money.sign, change, by=lea, seen=change.version, on=MAY)

    assert told == FULL.format("B9999")
    change.refresh_from_db()
    assert (change.state, Entry.objects.count()) == ("draft", 1)


def test_a_row_of_a_change_after_the_last_number_is_refused(
    project: Project, lea: User, client: Client
) -> None:
    change = make_change(project)
    move = make_move(change, "V9999")
    change.refresh_from_db()
    form = {
        "kind": "side_letter", "reason_lv": "Iemesls", "reason_en": "Reason",
        "seen": change.version, "moves-TOTAL_FORMS": 2, "moves-INITIAL_FORMS": 1,
        "moves-0-id": move.pk, "moves-0-seen": move.version, "moves-0-to_on": move.to_on,
        "moves-1-to_on": "2028-01", "moves-0-ends_project": "on", "moves-1-ends_project": "on",
    }  # fmt: skip

    page = client.post(reverse("admin:budget_contractchange_change", args=[change.pk]), form)

    assert says(page, FULL.format("V9999"))
    assert Move.objects.count() == 1


def test_a_file_after_the_last_number_of_evidence_is_not_attached(
    activity: Activity, lea: User, client: Client, settings: Any, tmp_path: Any
) -> None:
    kept = settings.STORAGES["evidence"]
    options = {**kept["OPTIONS"], "location": tmp_path}
    settings.STORAGES = settings.STORAGES | {"evidence": {**kept, "OPTIONS": options}}
    row = make_deliverable(activity.component)
    make_evidence(activity.project, "F9999")
    form = {
        "uploads": SimpleUploadedFile("a.pdf", PDF), "shows_lv": "Ziņojums", "shows_en": "Report",
    }  # fmt: skip

    page = client.post(reverse("admin:deliverables_deliverable_attach", args=[row.pk]), form)

    assert says(page, FULL.format("F9999"))
    assert Evidence.objects.count() == 1
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
