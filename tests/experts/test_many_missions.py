"""A step taken of many missions at once, from their list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event, Through
from deliverables.plan.models import Activity
from experts.missions.actions import MISSIONS
from experts.missions.models import Mission, MissionStep
from steps import many
from tests.make import make_activity, make_component, make_member, make_mission, make_project

pytestmark = pytest.mark.django_db
LIST = "/admin/experts/mission/"


@pytest.fixture
def activity() -> Activity:
    return make_activity(make_component(make_project(publishing="by_hand")))


@pytest.fixture
def missions(activity: Activity) -> list[Mission]:
    """Six whose reports somebody else handed in."""
    rta = make_member(activity.project, name="rta")
    reported = {"state": "reported", "report_on": "2026-05-09"}
    rows = [make_mission(activity, f"M{n}", **reported) for n in range(1, 7)]
    for row in rows:
        stepped(row, rta)
    return rows


def stepped(row: Mission, by: Any) -> None:
    MissionStep.objects.create(
        project=row.project, mission=row, verb="report", ends="reported", by=by,
        at="2026-05-09T10:00Z",
    )  # fmt: skip


@pytest.fixture
def leader(activity: Activity, client: Client) -> Any:
    member = make_member(activity.project, "bc_leader", "leader")
    client.force_login(member)
    return member


def chosen(client: Client, missions: list[Mission], verb: str = "accept", query: str = "") -> str:
    """The address to which the list's action leads."""
    answer = client.post(
        f"{LIST}{query}",
        {"action": f"step_{verb}", "_selected_action": [str(row.pk) for row in missions]},
    )
    return str(answer.headers["Location"])


def shown(client: Client, address: str) -> dict[str, str]:
    """What the page gives back with its button: the versions that it shows."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'name="(seen_\d+)" value="([^"]+)"', page))


def states(missions: list[Mission]) -> set[str]:
    keys = [row.pk for row in missions]
    return set(Mission.objects.filter(pk__in=keys).values_list("state", flat=True))


def test_six_reports_are_accepted_by_one_confirmation(
    client: Client, leader: Any, missions: list[Mission]
) -> None:
    address = chosen(client, missions, query="?work=accept")
    page = client.get(address).content.decode()
    assert "Accept the report (6)" in page
    assert page.count("Report received → Report accepted") == 6
    answer = client.post(address, shown(client, address))
    assert answer.headers["Location"] == f"{LIST}?work=accept"
    assert [str(told) for told in get_messages(answer.wsgi_request)] == [
        "Accept the report: 6 rows."
    ]
    assert states(missions) == {"accepted"}
    assert MissionStep.objects.filter(verb="accept", by=leader).count() == 6
    trail = Event.objects.filter(table="experts_mission", who=leader.code)
    assert set(trail.values_list("through", flat=True)) == {Through.ACTION}


def test_a_row_that_cannot_be_taken_says_why_and_stays(
    client: Client, leader: Any, activity: Activity, missions: list[Mission]
) -> None:
    draft = make_mission(activity, "M7")
    stepped(missions[0], leader)
    address = chosen(client, [*missions, draft])
    page = client.get(address).content.decode()
    assert "This step does not follow “Draft”." in page
    assert "You took the step before." in page
    assert "Accept the report (5)" in page
    posted = shown(client, address) | {f"seen_{draft.pk}": "1"}
    client.post(address, posted)  # forged: nothing of any
    assert states(missions) == {"reported"}
    client.post(address, shown(client, address))
    assert states(missions[1:]) == {"accepted"}
    assert states([missions[0]]) == {"reported"}
    assert states([draft]) == {"draft"}


def test_where_one_was_changed_meanwhile_nothing_is_done(
    client: Client, leader: Any, missions: list[Mission]
) -> None:
    address = chosen(client, missions)
    posted = shown(client, address)
    Mission.objects.filter(pk=missions[2].pk).update(place="Riga")
    page = client.post(address, posted).content.decode()
    assert "Nothing was done, because of 1 row. It says why below." in page
    assert page.count("Somebody changed the mission after you opened this page") == 1
    assert "Accept the report (5)" in page
    assert states(missions) == {"reported"}


def test_a_second_click_does_nothing(client: Client, leader: Any, missions: list[Mission]) -> None:
    address = chosen(client, missions)
    posted = shown(client, address)
    client.post(address, posted)
    steps = MissionStep.objects.count()
    page = client.post(address, posted).content.decode()
    assert "Nothing was done" in page
    assert MissionStep.objects.count() == steps


def test_rows_of_others_are_as_if_not_there(
    client: Client, activity: Activity, missions: list[Mission]
) -> None:
    other = make_activity(make_component(activity.project, number=2), code="B1")
    own = make_mission(other, "M8", state="confirmed")
    coordinator = make_member(other.component, "coordinator", "koord")
    client.force_login(coordinator)
    keys = ",".join(str(row.pk) for row in [*missions, own])
    address = f"{reverse('admin:experts_mission_steps', args=['accept'])}?rows={keys}"
    page = client.get(address).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>', page)
    assert len(rows) == 1
    assert "M8" in rows[0]
    client.post(address, {f"seen_{row.pk}": str(row.version) for row in missions})
    assert states(missions) == {"reported"}


def test_too_many_rows_are_refused_with_a_sentence(
    client: Client, leader: Any, missions: list[Mission], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "AT_MOST", 5)
    answer = client.post(
        LIST,
        {"action": "step_accept", "_selected_action": [str(row.pk) for row in missions]},
        follow=True,
    )
    assert "6 rows are chosen, and a step is taken of at most 5 at once." in answer.content.decode()


def test_an_address_with_odd_rows_shows_none(client: Client, leader: Any) -> None:
    address = reverse("admin:experts_mission_steps", args=["accept"])
    for rows in ("", "x", "-1", "99999999999999999999", "²"):
        page = client.get(address, {"rows": rows}).content.decode()
        assert "No row is chosen." in page


def test_more_rows_ask_no_more_of_what_refuses(leader: Any, missions: list[Mission]) -> None:
    rows = list(Mission.objects.select_related("activity"))
    counts = []
    MISSIONS.refusals(rows, "accept", leader)  # what may be read once of the person is read
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as asked:
            MISSIONS.refusals(some, "accept", leader)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_all_of_a_filtered_list_take_its_step_from_a_link_beside_it(
    client: Client, missions: list[Mission], leader: Any
) -> None:
    page = client.get(f"{LIST}?work=accept")
    (link,) = [where for name, where in page.context["more_tools"] if "all listed" in name]

    answer = client.get(link)

    keys = ",".join(str(row.pk) for row in missions)
    assert answer.headers["Location"].endswith(
        f"/steps/accept/?rows={keys}&_changelist_filters=work%3Daccept"
    )
    assert not client.get(LIST).context["more_tools"]


@pytest.mark.parametrize("filters", ["work=accept&nonsense=1", "o=99", "e=1", "q=%00"])
def test_a_link_to_all_of_an_odd_list_leads_somewhere_with_nothing_done(
    client: Client, missions: list[Mission], leader: Any, filters: str
) -> None:
    answer = client.get(f"{LIST}steps/accept/", {"_changelist_filters": filters}, follow=True)

    assert answer.status_code == 200
    assert {row.state for row in Mission.objects.all()} == {"reported"}
