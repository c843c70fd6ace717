"""The table of projects on the front page: sorted, filtered, and usable with hundreds."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from deliverables.projects.models import Project
from releases import actions
from releases.withdrawing import withdraw
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client: Client) -> User:
    user = User.objects.create_superuser("root")
    client.force_login(user)
    return user


def listed(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/admin/?{query}")
    return [row.project.slug for row in page.context["projects"].rows]


@pytest.fixture
def four(root: User) -> None:
    """Of one is everything published, one is late, one is over, one is planned."""
    for slug, status, end in (
        ("a-over", "concluded", "2020-12"),
        ("b-late", "running", "2027-12"),
        ("c-public", "running", "2026-12"),
        ("d-plan", "planned", ""),
    ):
        make_project(slug, status=status, end_planned=end, publishing="by_hand")
    late = make_component(Project.objects.get(slug="b-late"))
    make_deliverable(late, due_original="2021")
    make_deliverable(late, "D1.2", due_original="2099")
    actions.publish(Project.objects.get(slug="c-public"), by=None)


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["b-late", "c-public", "d-plan", "a-over"]),
        ("o=-project", ["d-plan", "c-public", "b-late", "a-over"]),
        ("o=state", ["d-plan", "b-late", "c-public", "a-over"]),
        ("o=-quarter", ["b-late", "c-public", "d-plan", "a-over"]),
        ("o=late", ["c-public", "d-plan", "b-late", "a-over"]),
        ("o=-unpublished", ["b-late", "d-plan", "c-public", "a-over"]),
        ("status=running", ["b-late", "c-public"]),
        ("late=on", ["b-late"]),
        ("unpublished=on&status=planned", ["d-plan"]),
        ("q=PLAN", ["d-plan"]),
        ("q=nowhere", []),
        ("p=99", ["b-late", "c-public", "d-plan", "a-over"]),
    ],
)
def test_the_table_is_sorted_and_filtered_and_what_is_over_stands_last(
    client: Client, four: None, query: str, slugs: list[str]
) -> None:
    assert listed(client, query) == slugs


@pytest.mark.parametrize("query", ["o=title", "status=odd", "o=--late"])
def test_an_odd_filter_is_left_with_a_sentence(client: Client, four: None, query: str) -> None:
    page = client.get(f"/admin/?{query}").content.decode()

    assert "The table has no such filter or order; it was left." in page
    assert len(listed(client, query)) == 4


def test_a_heading_turns_its_order_round(client: Client, four: None) -> None:
    page = client.get("/admin/?o=project&status=running").content.decode()

    assert 'aria-sort="ascending"' in page
    assert 'href="?status=running&amp;o=-project#projects"' in page


def test_late_is_counted_as_far_as_the_person_sees(client: Client, four: None) -> None:
    project = Project.objects.get(slug="b-late")
    client.force_login(make_member(make_component(project, 2), "coordinator", "cora"))

    (row,) = client.get("/admin/").context["projects"].rows

    assert row.project.late == 0


def test_three_hundred_projects_stay_small(
    client: Client, root: User, django_assert_max_num_queries: Any
) -> None:
    title = "Strengthening the capacity of the institutions that fight money laundering " * 2
    for number in range(300):
        make_project(f"tw-{number}", title_en=title[:140], title_lv=title[:140])
    client.get("/admin/")

    with django_assert_max_num_queries(15):
        page = client.get("/admin/")

    assert len(page.content) <= 150_000
    assert page.content.decode().count('<a href="/desk/tw-') == 50
    assert "1 / 6" in page.content.decode()


def test_a_draft_and_a_withdrawn_project_are_told_from_one_that_is_public(
    client: Client, four: None, root: User
) -> None:
    project = Project.objects.get(slug="c-public")
    withdraw(project, by=root, reason="legal", sentence_en="A court asked for it.")

    page = client.get("/admin/").content.decode()
    assert page.count("never published") == 3
    assert len(re.findall(r"<td>\s*withdrawn\s*</td>", page)) == 1
    desk = client.get("/desk/c-public/admin/").content.decode()
    assert "The reason: the law asks for it. A court asked for it." in desk
    assert "The reason" not in client.get("/desk/b-late/admin/").content.decode()
