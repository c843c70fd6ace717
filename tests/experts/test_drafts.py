"""A new mission that is sent twice is one draft, and both clicks open it."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import Event
from deliverables.plan.models import Activity
from experts.missions import sent_again
from experts.missions.models import Mission
from experts.people.models import Expert
from tests.make import make_activity, make_component, make_expert, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity() -> Activity:
    return make_activity(make_component(make_project(publishing="by_hand")))


@pytest.fixture
def rta(activity: Activity) -> Any:
    return make_member(activity.project, name="rta")


def new_mission(activity: Activity, expert: Expert, **given: Any) -> dict[str, Any]:
    row = {"expert": expert.pk, "days": 3, "travel_days": 0, "grade": ""}
    return {
        "project": activity.project_id, "activity": activity.pk, "from_on": "2026-05-04",
        "to_on": "2026-05-08", "place": "Tirāna", "experts-TOTAL_FORMS": "1",
        "experts-INITIAL_FORMS": "0", **{f"experts-0-{key}": value for key, value in row.items()},
        **given,
    }  # fmt: skip


def test_a_second_click_on_a_new_mission_answers_with_the_first(
    client: Client, activity: Activity, rta: Any
) -> None:
    data = new_mission(activity, make_expert())
    add = reverse("admin:experts_mission_add")
    client.force_login(rta)
    first = client.post(add, data)

    again = client.post(add, data, follow=True)

    mission = Mission.objects.get()
    page = reverse("admin:experts_mission_change", args=[mission.pk])
    assert (first.headers["Location"], again.redirect_chain) == (page, [(page, 302)])
    told = [str(one) for one in again.context["messages"]]
    assert told[-1] == "You saved this mission a moment ago as M1; nothing was added."
    assert mission.experts.count() == 1
    added = Event.objects.filter(operation="insert", table__startswith="experts_mission")
    assert added.count() == 2  # of the second nothing is left, in the trail neither


@pytest.mark.parametrize(
    "other",
    [
        {"to_on": "2026-05-07"}, {"place": "Durrës"}, {"experts-0-days": "2"},
        {"experts-0-grade": "1"}, {"terms_en": "Look again"},
    ],
)  # fmt: skip
def test_another_mission_is_no_second_click(
    client: Client, activity: Activity, rta: Any, other: dict[str, str]
) -> None:
    data = new_mission(activity, make_expert())
    client.force_login(rta)

    for given in (data, data | other):
        assert client.post(reverse("admin:experts_mission_add"), given).status_code == 302

    assert list(Mission.objects.values_list("code", flat=True)) == ["M1", "M2"]


def test_the_same_mission_of_somebody_else_or_later_is_another_one(
    client: Client, activity: Activity, rta: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = make_member(activity.project, "bc_leader", "leader")
    data, add = new_mission(activity, make_expert()), reverse("admin:experts_mission_add")
    for who in (rta, leader):
        client.force_login(who)
        client.post(add, data)
    assert Mission.objects.count() == 2
    monkeypatch.setattr(sent_again, "MOMENT", dt.timedelta(0))

    client.post(add, data)

    assert Mission.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_draft(activity: Activity, rta: Any) -> None:
    data, start = new_mission(activity, make_expert()), threading.Barrier(2)
    answers = []

    def click() -> None:
        client = Client()
        client.force_login(rta)
        start.wait()
        answers.append(client.post(reverse("admin:experts_mission_add"), data))
        connection.close()

    clicks = [threading.Thread(target=click) for _n in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    page = reverse("admin:experts_mission_change", args=[Mission.objects.get().pk])
    assert [answer.headers["Location"] for answer in answers] == [page, page]
