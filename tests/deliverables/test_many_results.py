"""A step taken of many results at once, from their list."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from deliverables.ladder.models import Deliverable, Step
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
LIST = "/admin/deliverables/deliverable/"


@pytest.fixture
def results() -> list[Deliverable]:
    """Three that are worked on, and one that is delivered already."""
    component = make_component(make_project())
    begun = [make_deliverable(component, f"D1.{n}", rung="in_progress") for n in (1, 2, 3)]
    return [*begun, make_deliverable(component, "D1.4", rung="delivered", delivered_on="2026-04")]


@pytest.fixture
def ana(results: list[Deliverable], client: Client) -> User:
    member = make_member(results[0].component, "coordinator", "ana")
    client.force_login(member)
    return member


def chosen(client: Client, rows: list[Deliverable], verb: str) -> str:
    """The address to which the list's action leads."""
    keys = [str(row.pk) for row in rows]
    answer = client.post(LIST, {"action": f"step_{verb}", "_selected_action": keys})
    return str(answer.headers["Location"])


def shown(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    return dict(re.findall(r'name="(seen_\d+)" value="([^"]+)"', page))


def test_results_are_reported_delivered_together_each_as_if_by_itself(
    client: Client, ana: User, results: list[Deliverable]
) -> None:
    address = chosen(client, results, "deliver")
    page = client.get(address).content.decode()
    assert page.count("In progress → Reported delivered") == 3 == len(shown(client, address))
    assert page.count("The step is not taken.") == 1

    given = {"outcome": "delivered", "on": "05.2026"}
    client.post(address, {**shown(client, address), **given})
    assert [row.rung for row in Deliverable.objects.order_by("code")] == [
        *["delivered"] * 3,
        "delivered",
    ]
    assert set(Step.objects.values_list("verb", "by__username", "on")) == {
        ("deliver", "ana", "2026-05")
    }


def test_nothing_is_checked_by_who_reported_it_or_without_evidence(
    client: Client, ana: User, results: list[Deliverable]
) -> None:
    own, *others = results[:3]
    address = chosen(client, [own], "deliver")
    client.post(address, {**shown(client, address), "outcome": "delivered", "on": "05.2026"})
    Deliverable.objects.filter(pk__in=[row.pk for row in others]).update(
        rung="delivered", delivered_on="2026-05"
    )
    address = chosen(client, results[:3], "document")
    client.post(address, shown(client, address))

    assert set(Deliverable.objects.filter(code__lt="D1.4").values_list("rung", flat=True)) == {
        "delivered"
    }
    page = client.get(address).content.decode()
    assert page.count("You reported it delivered yourself") == 1
    assert page.count("There is no evidence yet.") == 2
    assert page.count("The step is not taken.") == 3


def test_who_may_not_take_the_step_is_told_so_of_each_row(
    client: Client, results: list[Deliverable]
) -> None:
    client.force_login(make_member(results[0].project, "auditor", "aud"))
    keys = ",".join(str(row.pk) for row in results)
    page = client.get(f"{LIST}steps/deliver/?rows={keys}").content.decode()
    assert page.count("This step is taken by: Coordinator,") == 3
    assert '<button type="submit" class="default button">' not in page
