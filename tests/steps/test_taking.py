"""Taking a step: all of it or nothing, with who, through what and why."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.events.history import events_of
from audit.rows.refused import Refused
from deliverables.models import Deliverable, Project, Step
from steps.table import StepRule
from steps.taking import Cycle, Given
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db


class Short(Cycle[Deliverable, Given]):
    """A life of one step, which nobody but `refused` is refused."""

    steps: ClassVar = {"begin": StepRule({"planned": "in_progress"}, (), ("reason",))}
    rows = Deliverable.objects.all()
    column = "rung"
    stale = "It was changed."
    refused = ""

    def refusal(self, row: Deliverable, verb: str, by: User) -> str | None:
        return self.refused or None

    def lock(self, row: Deliverable) -> None:
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)

    def columns(self, row: Deliverable, verb: str, by: User, given: Given) -> dict[str, Any]:
        return {"delivered_on": given.on}

    def record(self, row: Deliverable, verb: str, begins: str, by: User, given: Given) -> Step:
        return Step(
            deliverable=row, verb="start", begins=begins, ends=row.rung, by=by,
            at="2026-05-05T12:00Z", reason=given.reason,
        )  # fmt: skip


@pytest.fixture
def row() -> Deliverable:
    return make_deliverable(make_component(make_project()), rung="planned")


@pytest.fixture
def leader(row: Deliverable) -> User:
    return make_member(row.project)


def test_a_step_is_taken_under_locks_and_leaves_who_and_why(row: Deliverable, leader: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        taken = Short().take(row, "begin", by=leader, seen=row.version, given=Given("", " so "))

    locks = [one["sql"] for one in asked.captured_queries if "FOR NO KEY UPDATE" in one["sql"]]
    assert ["deliverables_project" in lock.split("WHERE")[0] for lock in locks] == [True, False]
    row.refresh_from_db()
    assert (taken.rung, row.rung, row.steps.get().begins) == (
        "in_progress",
        "in_progress",
        "planned",
    )
    event = events_of(row).order_by("-pk").first()
    assert event
    assert (event.who, event.through, event.why) == (leader.code, "action", "so")


@pytest.mark.parametrize(
    ("seen", "refused", "given", "told"),
    [
        ("7", "No.", Given(), "It was changed. "),
        ("1", "No.", Given(reason="so"), "No."),
        ("1", "", Given(reason=" "), "Say why: the people who worked on it will read it."),
        ("1", "", Given("2026-05", "so"), ""),  # the row's own checks
        ("1", "", Given("", "x" * 100_000), ""),  # those of the record
    ],
)
def test_a_refusal_writes_nothing(
    row: Deliverable, leader: User, seen: str, refused: str, given: Given, told: str
) -> None:
    cycle, before = Short(), Deliverable.objects.values().get()
    cycle.refused = refused

    with pytest.raises(Refused) as refusal:
        cycle.take(row, "begin", by=leader, seen=seen, given=given)

    assert str(refusal.value).startswith(told)
    assert str(refusal.value)
    assert Deliverable.objects.values().get() == before
    assert not Step.objects.exists()


def test_a_page_is_not_there_for_an_unknown_row_or_step(
    client: Client, row: Deliverable, leader: User
) -> None:
    client.force_login(leader)
    name = "admin:deliverables_deliverable_step"

    asked = [(row.pk, "start"), (row.pk, "begin"), (row.pk + 1, "start")]
    assert [client.get(reverse(name, args=one)).status_code for one in asked] == [200, 404, 404]


def test_a_page_tells_a_refusal_above_what_was_typed_and_leads_on_once_it_is_done(
    client: Client, row: Deliverable, leader: User
) -> None:
    client.force_login(leader)
    where = reverse("admin:deliverables_deliverable_step", args=[row.pk, "deliver"])
    typed = {"seen": row.version, "on": "2099", "outcome": "delivered"}

    refused = client.post(where, typed)
    done = client.post(where, typed | {"on": "2026-05"})

    assert refused.context["told"] == "The date 2099 has not come yet."
    assert refused.context["form"]["on"].value() == "2099"
    assert (done.status_code, done.headers["Location"]) == (
        302, reverse("admin:deliverables_deliverable_change", args=[row.pk])
    )  # fmt: skip
