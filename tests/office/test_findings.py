"""The findings of a project on a screen: accepted with a reason, and counted again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from deliverables.ladder.models import Deliverable
from deliverables.projects.checking import Finding
from deliverables.projects.models import AcceptedFinding, Project
from office.findings import CHECKS
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_line,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db
KEY = "over_the_line B1 5.00 1.00"
SENTENCE = "Line B1 has 5.00 EUR spent of 1.00 EUR planned."
REASON = "The bank rounded, the next report mends it."


@pytest.fixture
def project() -> Project:
    """Four euro too many, and a result without evidence in a component."""
    project = make_project(publishing="by_hand")
    line = make_line(project)
    make_entry(line, "N1", amount="1.00")
    make_entry(line, "N2", kind="spent", amount="5.00", ledger_ref="1")
    make_deliverable(make_component(project), rung="documented")
    return project


def screen(who: Any, **given: str) -> str:
    client = Client()
    client.force_login(who)
    address = "/admin/findings/tw-1/"
    response = client.post(address, given, follow=True) if given else client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_leader_accepts_a_finding_with_a_reason_and_takes_it_back(project: Project) -> None:
    leader = make_member(project)
    before = screen(leader)
    assert SENTENCE in before
    assert "Errors: 2 · warnings: 0 · accepted: 0" in before

    after = screen(leader, key=KEY, reason=REASON)

    assert "Errors: 1 · warnings: 0 · accepted: 1" in after
    assert REASON in after
    row = AcceptedFinding.objects.get()
    assert (row.key, row.by) == (KEY, leader.code)
    again = screen(leader, key=KEY, reason=REASON)
    assert "This finding is accepted already." in again
    assert "Errors: 2" in screen(leader, key=KEY, withdraw="1")
    assert "is not accepted, so there is nothing to withdraw" in screen(
        leader, key=KEY, withdraw="1"
    )


def test_other_facts_are_another_finding(project: Project) -> None:
    leader = make_member(project)
    screen(leader, key=KEY, reason=REASON)

    make_entry(project.budget_lines.get(), "N3", kind="spent", amount="1.00", ledger_ref="2")

    page = screen(leader)
    assert "Line B1 has 6.00 EUR spent of 1.00 EUR planned." in page
    assert "Errors: 2 · warnings: 0 · accepted: 0" in page


@pytest.mark.parametrize(("given", "told"), [
    ({"key": KEY, "reason": "ok"}, "Say in a sentence why the finding is right as it is"),
    ({"key": "over_the_line B9", "reason": REASON}, "This finding is not there any more"),
])  # fmt: skip
def test_what_is_no_reason_or_no_finding_is_refused(
    project: Project, given: dict[str, str], told: str
) -> None:
    assert told in screen(make_member(project), **given)
    assert not AcceptedFinding.objects.exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"key": "\0", "withdraw": "1"}, "Null characters are not allowed."),
        ({"key": KEY, "reason": "x\0" * 20}, "Null characters are not allowed."),
        ({"key": KEY, "reason": "x" * 10_001}, "Ensure this value has at most"),
        ({}, "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_told(project: Project, given: dict[str, str], told: str) -> None:
    client = Client()
    client.force_login(make_member(project))

    page = client.post("/admin/findings/tw-1/", given, follow=True)

    assert told in page.content.decode()
    assert not AcceptedFinding.objects.exists()


def test_a_coordinator_sees_own_findings_and_accepts_none(project: Project) -> None:
    other = make_deliverable(make_component(project, 2), "D2.1", rung="documented")
    coordinator = make_member(other.component, "coordinator", "cora")

    page = screen(coordinator)

    assert "D2.1 is" in page
    assert "D1.1 is" not in page
    assert "Accept it" not in page
    told = screen(coordinator, key="unverified D2.1 documented", reason=REASON)
    assert "The project leaders accept findings." in told
    assert not AcceptedFinding.objects.exists()


def test_the_command_does_not_fail_for_what_was_accepted(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    leader = make_member(project)
    with pytest.raises(CommandError, match="^2 errors in the data: see above.$"):
        call_command("check_data")
    screen(leader, key=KEY, reason=REASON)
    screen(leader, key="unverified D1.1 documented", reason=REASON)
    capsys.readouterr()

    call_command("check_data")

    told = capsys.readouterr().out
    assert f"accepted: tw-1 {SENTENCE} ({REASON})" in told
    call_command("check_data", "--json")
    found = json.loads(capsys.readouterr().out)
    own = [(one["check"], one["accepted"]) for one in found if one["project"] == "tw-1"]
    assert own == [
        ("unverified", REASON), ("over_the_line", REASON),
    ]  # fmt: skip


def test_the_command_says_where_each_finding_is_as_the_screen_does(
    project: Project, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.SITE_URL = "https://register.example"
    line, result = project.budget_lines.get(), Deliverable.objects.get()
    paths = [
        f"/desk/tw-1/admin/deliverables/deliverable/{result.pk}/change/",
        f"/desk/tw-1/admin/budget/line/{line.pk}/change/",
    ]
    page = screen(make_member(project))

    with pytest.raises(CommandError):
        call_command("check_data")
    lines = capsys.readouterr().out.splitlines()
    with pytest.raises(CommandError):
        call_command("check_data", "--json")
    found = json.loads(capsys.readouterr().out.splitlines()[0])

    assert [one["address"] for one in found if one["project"] == "tw-1"] == [
        f"https://register.example{path}" for path in paths
    ]
    assert lines[-2] == f"error: tw-1 {SENTENCE} https://register.example{paths[1]}"
    assert [f'<a href="{path}">' in page for path in paths] == [True, True]


def test_a_finding_about_no_row_has_no_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Finding("warning", "", "a/b in the storage belongs to no file.")
    monkeypatch.setattr("twinning.management.commands.check_data.everything", lambda: [lost])

    call_command("check_data")

    assert capsys.readouterr().out.splitlines() == [
        "warning:  a/b in the storage belongs to no file.", "1 finding.",
    ]  # fmt: skip


def test_more_findings_cost_no_more_queries_and_come_in_pages(
    project: Project, django_assert_max_num_queries: Any
) -> None:
    leader = make_member(project)
    for number in range(60):
        make_deliverable(project.components.get(), f"D1.{number + 5}", rung="documented")
    client = Client()
    client.force_login(leader)
    client.get("/admin/findings/tw-1/")

    with django_assert_max_num_queries(len(CHECKS) + 10):  # each check is a question of its own
        first = client.get("/admin/findings/tw-1/").content.decode()
    second = client.get("/admin/findings/tw-1/?p=2").content.decode()

    assert "Errors: 62 · warnings: 0 · accepted: 0" in " ".join(first.split())
    assert "1–50 of 62" in first
    assert "51–62 of 62" in second
    assert (first.count("Accept it"), second.count("Accept it")) == (50, 12)
    told = client.post(
        "/admin/findings/tw-1/?p=2", {"key": KEY, "reason": REASON}, follow=True
    ).content.decode()
    assert "51–62 of 62" in told
    assert "accepted: 1" in told
