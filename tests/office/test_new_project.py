"""A project from nothing: a short form, and a desk that says what is entered so far."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from deliverables.projects.models import Project
from releases.actions import publish
from tests.make import (
    make_component,
    make_deliverable,
    make_member,
    make_project,
)
from tests.twinning.forms import form_of

pytestmark = pytest.mark.django_db
ADD = "/admin/deliverables/project/add/"
NEW = {"title_lv": "Pārtikas drošība", "title_en": "Food safety", "beneficiary_country": "MD"}


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss"))
    return client


def added(office: Client, **typed: str) -> Any:
    form = form_of(office.get(ADD).content.decode())
    assert form
    return office.post(ADD, form.fields | NEW | typed, follow=True)


def test_a_new_project_leads_to_its_desk_which_says_what_it_has_not_yet(office: Client) -> None:
    page = added(office, reference="MD 18")

    assert page.redirect_chain == [("/desk/md-18/admin/", 302)]
    text = page.content.decode()
    for sentence in ("It has no components.", "Nobody leads it for the Member State."):
        assert sentence in text
    assert 'href="/desk/md-18/admin/deliverables/component/add/"' in text
    assert Project.objects.published().count() == 0


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ({"reference": "MD 18 ENI/AG 01"}, "md-18-eniag-01"),
        ({}, "food-safety"),
        ({"title_en": "Ж", "title_lv": "Ēdiens"}, "ediens"),
        ({"title_en": "Ж", "title_lv": "Ж"}, "project"),
        ({"reference": "TW_1"}, "tw-1-2"),
        ({"reference": "MD 18", "slug": "food"}, "food"),
        ({"title_en": "A" * 300}, "a" * 50),
    ],
)
def test_an_address_that_is_left_empty_is_made_and_a_typed_one_is_kept(
    office: Client, typed: dict[str, str], slug: str
) -> None:
    make_project("tw-1", reference="X")

    added(office, **typed)

    assert Project.objects.exclude(slug="tw-1").get().slug == slug


def test_a_mistyped_address_is_told_and_nothing_is_added(office: Client) -> None:
    page = added(office, slug="Md 18")

    assert not Project.objects.exists()
    assert "slug" in page.context["adminform"].form.errors


def tables(page: Any) -> dict[str, tuple[int | None, bool]]:
    """By address, how many rows are told and whether more may be added."""
    every = [table for _label, tables in page.context["subjects"] for table in tables]
    return {
        table.address.removeprefix("/desk/tw-1/admin/"): (table.count, bool(table.added_at))
        for table in every
    }


def test_the_desk_of_a_draft_counts_what_is_entered_of_each_subject(office: Client) -> None:
    component = make_component(make_project())
    make_deliverable(component)
    make_deliverable(component, "D1.2")
    make_deliverable(make_component(make_project("tw-2")))

    told = tables(office.get("/desk/tw-1/admin/"))

    assert told["deliverables/component/"] == (1, True)
    assert told["deliverables/deliverable/"] == (2, True)
    assert told["budget/line/"] == (0, True)
    assert told["experts/institution/"] == (None, True)


def test_who_has_a_part_of_a_draft_counts_that_part_and_adds_no_people(client: Client) -> None:
    own = make_component(make_project())
    make_deliverable(own)
    make_deliverable(make_component(own.project, 2), "D2.1")
    client.force_login(make_member(own, "coordinator"))

    told = tables(client.get("/desk/tw-1/admin/"))

    assert told["deliverables/deliverable/"] == (1, True)
    assert told["deliverables/membership/"][1] is False


def test_what_is_published_is_no_draft_to_be_filled(office: Client) -> None:
    project = make_project()
    publish(project, by=None)

    page = office.get("/desk/tw-1/admin/")

    assert "subjects" not in page.context
    assert "The draft, subject by subject" not in page.content.decode()


def test_the_front_page_leads_to_a_new_project_for_who_may_add_one(office: Client) -> None:
    address = f'href="{ADD}"'
    assert "New project" in office.get("/admin/").content.decode()
    assert "<h1>New project</h1>" in office.get(ADD).content.decode()
    assert address in office.get("/admin/").content.decode()

    office.force_login(make_member(make_project()))

    assert "New project" not in office.get("/admin/").content.decode()
