"""The front page counts what waits for the reader, and each count leads to exactly those rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from deliverables.ladder import actions, signing
from deliverables.ladder.models import Deliverable
from deliverables.ladder.status import Verb
from experts.missions.models import Mission, MissionStep
from tests.deliverables.test_ladder import act
from tests.exchange.files import Session
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_evidence,
    make_member,
    make_mission,
    make_project,
)

pytestmark = pytest.mark.django_db


class Office:
    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.component = make_component(make_project(publishing="by_hand"))
        self.ana = make_member(self.component, "coordinator", "ana")
        self.mel = make_member(self.component.project, "ms_leader", "mel")
        self.ben = make_member(self.component.project, "bc_leader", "ben")
        self.aud = make_member(self.component.project, "auditor", "aud")

    def day(self, days: int) -> str:
        return (self.today + dt.timedelta(days)).isoformat()

    def row(self, code: str, **given: Any) -> Deliverable:
        return make_deliverable(self.component, code, **given)


@pytest.fixture
def office() -> Office:
    return Office()


def work(client: Client, user: Any) -> dict[str, list[str]]:
    """What the front page says, and the codes behind each count; both have to agree."""
    client.force_login(user)
    front = client.get("/admin/")
    found = {}
    for kind, count in front.context.get("work", ()):
        listed = client.get(f"/admin/deliverables/deliverable/?work={kind.key}").context["cl"]
        assert listed.result_count == count
        found[kind.key] = sorted(row.code for row in listed.result_list)
        assert f"?work={kind.key}" in front.content.decode()
    return found


def test_what_is_due_late_and_without_evidence(client: Client, office: Office) -> None:
    office.row("D1.1", due_original=office.day(-1))
    office.row("D1.2", due_original=office.day(0))
    office.row("D1.3", due_original=office.day(14), rung="in_progress")
    office.row("D1.4", due_original=office.day(15))
    office.row("D1.5", due_original=office.day(-9), due_current=office.day(3))
    office.row("D1.6", due_original=office.day(-9), active=False)
    office.row("D1.7", due_original=office.day(-9), rung="delivered")
    proved = office.row("D1.8", rung="documented")
    make_evidence(proved.project, deliverable=proved)

    assert work(client, office.ana) == {
        "overdue": ["D1.1"],
        "due": ["D1.2", "D1.3", "D1.5"],
        "evidence": ["D1.7"],
        "check": ["D1.7"],
    }
    assert work(client, office.aud) == {}
    stranger = make_member(make_component(office.component.project, 2), "coordinator", "bea")
    assert work(client, stranger) == {}


@pytest.mark.parametrize(
    ("due", "today", "late", "soon"),
    [
        ("2026-11", dt.date(2026, 11, 30), False, True),
        ("2026-11", dt.date(2026, 12, 1), True, False),
        ("2026-11", dt.date(2026, 11, 16), False, True),
        ("2026-11", dt.date(2026, 11, 15), False, False),
        ("2026", dt.date(2026, 12, 17), False, True),
        ("2026", dt.date(2027, 1, 1), True, False),
        ("2026-11-24", dt.date(2026, 11, 24), False, True),
    ],
)
def test_a_month_or_year_is_due_on_its_last_day(
    office: Office, due: str, today: dt.date, late: bool, soon: bool
) -> None:
    office.row("D1.1", due_original=due)

    assert Deliverable.objects.overdue(today).exists() is late
    assert Deliverable.objects.due_within(today, 14).exists() is soon


def test_who_has_to_check_accept_and_sign(client: Client, office: Office) -> None:
    row = office.row("D1.1", rung="in_progress")
    make_evidence(row.project, deliverable=row)
    act(row, Verb.DELIVER, office.ana, on="2026-05", outcome="delivered")
    assert work(client, office.ana) == {}  # not the own one
    assert work(client, office.mel) == {"check": ["D1.1"]}
    act(row, Verb.DOCUMENT, office.mel)
    assert work(client, office.mel) == {}
    assert work(client, office.ben) == {"check": ["D1.1"]}
    act(row, Verb.ACCEPT, office.ben, on="2026-06")
    assert work(client, office.mel) == {"sign": ["D1.1"]}
    row.refresh_from_db()
    actions.sign(row, by=office.ben, seen=signing.digest(signing.content(row)))

    assert work(client, office.ben) == {}
    assert work(client, office.mel) == {"sign": ["D1.1"]}


def test_what_was_sent_back_returns_to_its_people(client: Client, office: Office) -> None:
    row = office.row("D1.1", rung="in_progress")
    act(row, Verb.DELIVER, office.mel, on="2026-05", outcome="delivered")
    act(row, Verb.SEND_BACK, office.ben, reason="Not complete.")

    assert work(client, office.ana) == {"returned": ["D1.1"]}
    assert work(client, office.mel) == {"returned": ["D1.1"]}
    assert work(client, office.ben) == {}


def missions(client: Client, user: Any) -> dict[str, list[str]]:
    """The counts of missions, each checked against the list that it leads to."""
    client.force_login(user)
    front = client.get("/admin/")
    found = {}
    for kind, count in front.context.get("missions", ()):
        address = f"/admin/experts/mission/?work={kind.key}"
        assert address in front.content.decode()
        listed = client.get(address).context["cl"]
        assert listed.result_count == count
        found[kind.key] = sorted(row.code for row in listed.result_list)
    return found


def test_missions_wait_for_who_may_take_their_next_step(client: Client, office: Office) -> None:
    activity = make_activity(office.component)
    past, ahead = office.today - dt.timedelta(9), office.today + dt.timedelta(9)
    states = ("draft", "approved", "confirmed", "done", "reported", "accepted", "cancelled")
    for number, state in enumerate(states, 1):
        make_mission(activity, f"M{number}", from_on=past, to_on=past)
        Mission.objects.filter(code=f"M{number}").update(state=state, report_on=past)
    make_mission(activity, "M8", from_on=ahead, to_on=ahead)
    Mission.objects.filter(code="M8").update(state="confirmed")
    MissionStep.objects.create(
        project=activity.project, mission=Mission.objects.get(code="M5"), verb="report",
        ends="reported", by=office.ana, at=timezone.now(),
    )  # fmt: skip

    mine = {"drafts": ["M1"], "confirm": ["M2"], "report": ["M3", "M4"]}
    assert missions(client, office.ana) == mine  # the report is her own
    assert missions(client, office.mel) == {**mine, "accept": ["M5"]}
    assert missions(client, office.aud) == {}
    stranger = make_member(make_component(office.component.project, 2), "coordinator", "bea")
    assert missions(client, stranger) == {}


def test_unpublished_changes_are_for_who_publishes(client: Client, office: Office) -> None:
    client.force_login(office.mel)
    assert client.get("/admin/").context["unpublished"] == [office.component.project]
    client.force_login(office.ana)
    assert client.get("/admin/").context["unpublished"] == []


def test_the_last_import_leads_to_what_it_did(client: Client, office: Office) -> None:
    client.force_login(office.mel)
    assert "Your last import" not in client.get("/admin/").content.decode()
    table = "project,number,title_lv,title_en\ntw-1,5,Jauna,New one\n"
    Session(client, "component").upload(table).apply()

    front = client.get("/admin/")
    last = front.context["last_import"]
    assert last.rows == 1
    told = client.get(f"/admin/history/{last.transaction}/").content.decode()
    assert "5. New one" in told
