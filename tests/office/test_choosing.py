"""From what is over all projects one gets to a desk, and from one desk to another."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from deliverables.projects.models import Project
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
LIST = "/admin/deliverables/deliverable/"
ASKS = "/admin/desks/?to=deliverables_deliverable_add"


@pytest.fixture
def lea(client: Client) -> User:
    """Who leads two of three projects, and reads in the one of them alone."""
    for slug in ("tw-1", "tw-2", "tw-3"):
        make_deliverable(make_component(make_project(slug, publishing="by_hand")))
    lea = make_member(Project.objects.get(slug="tw-1"), name="lea")
    make_member(Project.objects.get(slug="tw-2"), "auditor", "lea")
    client.force_login(lea)
    return lea


def slugs(answer: Any) -> list[str]:
    return [project.slug for project, _address in answer.context["desks"]]


def test_a_row_of_a_list_over_all_projects_opens_at_its_desk(client: Client, lea: User) -> None:
    page = client.get(LIST)
    for row in page.context["cl"].result_list:
        assert f'"/desk/{row.project.slug}{LIST}{row.pk}/change/' in page.content.decode()
    assert f'"{LIST}' not in page.content.decode().partition("result_list")[2]


def test_a_popup_stays_where_it_was_opened(client: Client, lea: User) -> None:
    page = client.get(f"{LIST}?_popup=1")
    assert len(page.context["cl"].result_list) == 2
    assert "/desk/" not in page.content.decode()


def test_a_page_of_a_row_names_its_desk(client: Client, lea: User) -> None:
    row = Project.objects.get(slug="tw-2").deliverables.get()
    where = f"{LIST}{row.pk}/change/?a=b"
    assert f'href="/desk/tw-2{where}"' in client.get(where).content.decode()
    assert "At the desk" not in client.get(f"/desk/tw-2{where}").content.decode()


def test_adding_asks_for_the_project_of_those_in_which_one_may_write(
    client: Client, lea: User
) -> None:
    assert f'href="{ASKS}"' in client.get(LIST).content.decode()
    assert client.get(ASKS).headers["Location"] == f"/desk/tw-1{LIST}add/"
    assert f'"/desk/tw-1{LIST}add/' in client.get(f"/desk/tw-1{LIST}").content.decode()

    client.force_login(User.objects.create_superuser("root"))

    assert slugs(client.get(ASKS)) == ["tw-1", "tw-2", "tw-3"]
    assert client.get(f"{ASKS}&q=tw-3").headers["Location"] == f"/desk/tw-3{LIST}add/"
    assert "in which you may write" in client.get(f"{ASKS}&q=nowhere").content.decode()


@pytest.mark.parametrize(
    ("open_at", "leads"),
    [
        ("", ""),
        ("deliverables/deliverable/", "deliverables/deliverable/"),
        ("deliverables/deliverable/add/", "deliverables/deliverable/add/"),
        ("deliverables/deliverable/{}/change/", "deliverables/deliverable/"),
        ("deliverables/deliverable/{}/history/", "deliverables/deliverable/"),
        ("findings/tw-1/", "findings/tw-2/"),
        ("releases/release/tw-1/changes/", "releases/release/tw-2/changes/"),
    ],
)
def test_another_desk_opens_at_the_same_page(
    client: Client, lea: User, open_at: str, leads: str
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    row = Project.objects.get(slug="tw-1").deliverables.get()
    shown = client.get(f"/desk/tw-1/admin/{open_at.format(row.pk)}")
    to = shown.context["here"]

    answer = client.get("/admin/desks/", {"to": to, "q": "tw-2"})

    assert f'name="to" value="{to}"' in shown.content.decode()
    assert answer.headers["Location"] == f"/desk/tw-2/admin/{leads}"


def test_who_has_one_project_is_offered_no_other(client: Client, lea: User) -> None:
    client.force_login(make_member(Project.objects.get(slug="tw-3"), name="tom"))
    assert "/admin/desks/" not in client.get("/desk/tw-3/admin/").content.decode()


@pytest.mark.parametrize("to", ["//evil.example", "nowhere", "\0", "https://evil.example/_add"])
def test_what_is_no_page_leads_to_the_first(client: Client, lea: User, to: str) -> None:
    answer = client.get("/admin/desks/", {"to": to, "q": "tw-1"})
    assert answer.headers["Location"] == "/desk/tw-1/admin/"


def test_many_projects_are_as_many_queries_as_three(
    client: Client, lea: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for number in range(4, 60):
        make_project(f"tw-{number}", publishing="by_hand")
    with django_assert_max_num_queries(8):
        page = client.get("/admin/desks/")
    assert len(page.context["desks"]) == 50
    assert "There are more." in page.content.decode()
