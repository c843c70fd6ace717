"""History as people read it: by day and person, old and new, filtered, and put back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.events.acting import acting
from audit.models import Event, Through
from deliverables.ladder.models import Deliverable
from tests.make import (
    make_assignment,
    make_component,
    make_deliverable,
    make_expert,
    make_item,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(client: Client) -> Deliverable:
    row = make_deliverable(make_component(make_project()))
    anna = make_member(row.component, "coordinator", "anna")
    with acting(anna.code, Through.FORM):
        row.title_en, row.kind, row.note_en = "First", "main_result", "A note"
        row.save()
    with acting("U-9999", Through.IMPORT, "a file"):
        row.title_en = "Second"
        row.save()
        make_item(row)
    client.force_login(anna)
    row.refresh_from_db()
    return row


def page(client: Client, row: Any, **asked: str) -> Any:
    name = row._meta.label_lower.replace(".", "_")
    return client.get(reverse(f"admin:{name}_history", args=[row.pk]), asked)


def stories(answer: Any) -> list[tuple[str, str, list[str]]]:
    return [
        (story.who, story.through, [f"{one.thing} {one.row} {one.what}" for one in story.events])
        for _day, stories in answer.context["days"]
        for story in stories
    ]


def test_a_history_tells_who_did_what_at_once_newest_first(
    client: Client, row: Deliverable
) -> None:
    answer = page(client, row)

    told = stories(answer)
    assert told[0] == (
        "U-9999",
        "import",
        ["item D1.1.1 Part added", "deliverable D1.1 Second changed"],
    )
    assert told[1][0].endswith(" anna")
    text = answer.content.decode()
    assert "<del>Mandatory result</del>" in text
    assert "<ins>Main result</ins>" in text
    assert "<del>First</del>" in text
    assert "<ins>Second</ins>" in text


def test_a_history_is_filtered_by_field_and_person(client: Client, row: Deliverable) -> None:
    by_field = page(client, row, field="kind")
    by_person = page(client, row, who="U-9999")

    assert [story[0].partition(" ")[2] for story in stories(by_field)] == ["anna"]
    assert [story[0] for story in stories(by_person)] == ["U-9999"]
    assert dict(by_field.context["fields"]) == {
        "kind": "kind",
        "note_en": "note in English",
        "title_en": "title in English",
    }


def test_the_project_and_the_component_tell_of_their_deliverables(
    client: Client, row: Deliverable
) -> None:
    client.force_login(make_member(row.project, "auditor", "aud"))

    for thing in (row.component, row.project):
        assert "deliverable D1.1 Second changed" in str(stories(page(client, thing)))


def restore(client: Client, event: Event, column: str, seen: int) -> Any:
    return client.post(
        reverse("admin:restore"),
        {"event": event.pk, "column": column, "seen": seen},
        follow=True,
    )


def test_an_earlier_value_comes_back_as_a_new_change(client: Client, row: Deliverable) -> None:
    event = Event.objects.filter(table="deliverables_deliverable", operation="update").first()
    assert event is not None

    done = restore(client, event, "title_en", row.version)

    row.refresh_from_db()
    assert (row.title_en, row.note_en) == ("Deliverable", "A note")
    assert [str(one) for one in done.context["messages"]] == ["Restored: title in English."]
    newest = Event.objects.filter(table="deliverables_deliverable").order_by("-pk")[0]
    assert (newest.why, newest.after and newest.after["title_en"]) == (
        f"restore {event.pk}",
        "Deliverable",
    )


def test_a_value_is_not_restored_over_a_newer_change_or_beyond_the_form(
    client: Client, row: Deliverable
) -> None:
    event = Event.objects.filter(table="deliverables_deliverable", operation="update").first()
    assert event is not None

    stale = restore(client, event, "title_en", row.version - 1)
    assert [str(one) for one in stale.context["messages"]] == [
        "Somebody changed the row after you opened this page, so nothing was restored."
    ]
    for column in ("version", "rung", "code", "nothing"):
        assert restore(client, event, column, row.version).status_code == 403
    client.force_login(make_member(row.project, "auditor", "aud"))
    assert restore(client, event, "title_en", row.version).status_code == 403
    client.force_login(make_member(make_component(row.project, 2), "coordinator", "bea"))
    assert restore(client, event, "title_en", row.version).status_code == 404
    row.refresh_from_db()
    assert row.title_en == "Second"


def test_nobody_reads_the_history_of_others(client: Client, row: Deliverable) -> None:
    other = make_deliverable(make_component(row.project, 2), "D2.1", title_en="Hidden")
    far = make_project("far", title_en="Far")
    transaction = Event.objects.get(table="deliverables_project", row=far.pk).transaction

    assert page(client, other).status_code == 404
    assert page(client, far).status_code == 404
    assert "Hidden" not in page(client, row.project).content.decode()
    bea = make_member(make_project("third"), "auditor", "bea")
    client.force_login(bea)
    client.get(reverse("admin:transaction", args=[transaction]))
    assert (
        "Far" not in client.get(reverse("admin:transaction", args=[transaction])).content.decode()
    )


def test_names_are_not_in_a_history(client: Client) -> None:
    expert = make_expert(name="Canary One")
    project = make_project()
    make_assignment(project, expert=expert)
    expert.name = "Canary Two"
    expert.save()
    client.force_login(User.objects.create_superuser("root", is_staff=True))

    text = page(client, expert).content.decode()

    assert "Canary" not in text
    assert "<ins>(a name)</ins>" in text


@pytest.mark.parametrize("changes", [1, 40])
def test_a_history_costs_the_same_however_long_it_is(
    client: Client, row: Deliverable, changes: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(changes):
        make_item(row, f"D1.1.{number + 10}")
    client.get("/admin/roles/")  # the session begins

    with django_assert_max_num_queries(15):
        page(client, row)


def test_only_what_the_own_form_could_set_is_offered_to_be_put_back(
    client: Client, row: Deliverable
) -> None:
    """A rung is climbed by a step: no button that answers 403."""
    with acting("U-9999", Through.FORM):
        Deliverable.objects.filter(pk=row.pk).update(rung="in_progress")
    client.force_login(make_member(row.project, "ms_leader", "lea"))

    shown = page(client, row).content.decode()

    assert "<ins>In progress</ins>" in shown
    offered = set(re.findall(r'name="column" value="(\w+)"', shown))
    assert offered == {"title_en", "kind", "note_en"}
