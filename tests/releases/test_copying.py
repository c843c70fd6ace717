"""The structure of another project, copied into a draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from budget.money.models import Entry, Heading, Line
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Component, Project
from releases.actions import publish
from releases.copying import PARTS
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_heading,
    make_indicator,
    make_line,
    make_member,
    make_project,
    make_value,
)

pytestmark = pytest.mark.django_db


def filled() -> Project:
    """A project under way, with something of all that is never copied."""
    project = make_project("old")
    component = make_component(project, 2, code="1.2", title_en="Labs", note_en="Not")
    Component.objects.update(evidence=make_evidence(project))
    whole = make_deliverable(
        component, rung="accepted", delivered_on="2026-03", accepted_on="2026-04", weight=3,
        due_original="2026-02", note_en="Not", note_lv="Ne", achievements=["trained"],
    )  # fmt: skip
    make_deliverable(component, "D1.1.1", kind="sub_result", parent=whole)
    make_deliverable(component, "D1.2", active=False)
    line = make_line(
        project, heading=make_heading(project), component=component, cost_basis="actual",
        note_en="Not", note_lv="Ne",
    )  # fmt: skip
    make_entry(line)
    make_value(make_indicator(component, deliverable=whole, baseline=1, target=9))
    return project


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss"))
    return client


def copied(office: Client, of: Project, *parts: str, into: str = "new") -> str:
    address = reverse("admin:releases_release_copy_structure", args=[into])
    answer = office.post(address, {"of": of.pk, "parts": parts or [*PARTS]}, follow=True)
    return answer.content.decode()


def test_a_draft_takes_what_is_promised_and_nothing_that_was_done(office: Client) -> None:
    new, old = make_project("new"), filled()

    assert "6 rows were copied from OLD." in copied(office, old)

    component = Component.objects.get(project=new)
    assert (component.number, component.code, component.title_en) == (2, "1.2", "Labs")
    assert (component.note_en, component.evidence) == ("", None)
    whole, part = Deliverable.objects.filter(project=new)
    assert (whole.code, whole.weight, whole.rung, whole.component) == (
        "D1.1", 3, "planned", component,
    )  # fmt: skip
    stays = ("delivered_on", "accepted_on", "due_original", "note_en", "note_lv")
    assert [getattr(whole, name) for name in stays] == [""] * 5
    assert whole.achievements == []
    assert (part.code, part.parent) == ("D1.1.1", whole)
    line = Line.objects.get(project=new)
    assert (line.heading, line.component, line.cost_basis, line.note_en) == (
        Heading.objects.get(project=new), component, "actual", "",
    )  # fmt: skip
    indicator = Indicator.objects.get(project=new)
    assert (indicator.deliverable, indicator.baseline, indicator.target) == (whole, None, None)
    assert Entry.objects.filter(line__project=new).count() == 0
    assert Measurement.objects.filter(project=new).count() == 0


def test_the_trail_says_from_where(office: Client) -> None:
    make_project("new")

    copied(office, filled(), "components")

    (event,) = Event.objects.filter(table="deliverables_component", why__contains="structure")
    assert (event.why, event.who) == (
        "copy the structure of old",
        User.objects.get(username="boss").code,
    )


def test_only_what_is_ticked_is_copied_and_what_is_there_stays(office: Client) -> None:
    new, old = make_project("new"), filled()
    make_component(new, 2, title_en="Own")

    assert "2 rows were copied from OLD." in copied(office, old, "results")
    assert "Nothing was copied: all of it that OLD has is in the draft already." in copied(
        office, old, "results", "components"
    )
    assert Component.objects.get(project=new).title_en == "Own"
    assert not Line.objects.filter(project=new).exists()


def test_results_without_their_component_are_refused_as_a_whole(office: Client) -> None:
    new, old = make_project("new"), filled()

    page = copied(office, old, "budget", "results")

    assert "which the draft has not. Tick the components as well." in page
    assert not Deliverable.objects.filter(project=new).exists()
    assert not Line.objects.filter(project=new).exists()


def test_what_is_copied_without_what_it_stands_under_is_named(office: Client) -> None:
    new, old = make_project("new"), filled()
    Deliverable.objects.filter(code="D1.1").update(active=False)

    page = copied(office, old, "components", "results", "indicators")

    told = "3 rows were copied from OLD. Something that these stand under or name is not in the "
    assert f"{told}draft: D1.1.1, I1.1." in page
    assert Deliverable.objects.get(project=new).parent is None


def test_a_row_that_the_draft_cannot_have_is_named(office: Client) -> None:
    new, old = make_project("new"), filled()
    make_component(new, 7, code="1.2")

    page = copied(office, old, "components")

    assert (
        "Nothing was copied: 1.2. Labs. This project already has a component of this code." in page
    )
    assert Component.objects.get(project=new).number == 7


def test_a_project_that_was_published_takes_no_structure(office: Client) -> None:
    new, old = make_project("new"), filled()
    publish(new, by=None)

    page = copied(office, old)

    assert "Only a draft takes the structure of another project." in page
    assert not Component.objects.filter(project=new).exists()


@pytest.mark.parametrize("role", ["coordinator", "auditor"])
def test_who_does_not_write_the_whole_draft_has_no_such_page(client: Client, role: str) -> None:
    old, component = filled(), make_component(make_project("new"))
    client.force_login(make_member(component if role == "coordinator" else component.project, role))

    answer = client.post(
        reverse("admin:releases_release_copy_structure", args=["new"]),
        {"of": old.pk, "parts": [*PARTS]},
    )

    assert answer.status_code == 404
    assert Component.objects.filter(project__slug="new").count() == 1


@pytest.mark.parametrize("given", [{}, {"of": "x\0"}, {"of": "9" * 30, "parts": ["names"]}])
def test_odd_input_is_told_and_changes_nothing(office: Client, given: dict[str, Any]) -> None:
    make_project("new")
    address = reverse("admin:releases_release_copy_structure", args=["new"])

    page = office.post(address, given)

    assert set(page.context["form"].errors) == {"of", "parts"}


def test_a_project_of_which_somebody_sees_a_part_is_not_offered(client: Client) -> None:
    new, old = make_project("new"), filled()
    lea = make_member(new, name="lea")
    make_member(old.components.get(), "coordinator", "lea")
    client.force_login(lea)

    page = copied(client, old)

    assert "Select a valid choice. That choice is not one of the available choices." in page
    assert not Component.objects.filter(project=new).exists()
