"""A colleague is invited with the first roles, in one form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Letter, User
from deliverables.projects.models import Component, Membership, Project
from tests.make import make_component, make_project

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/user/add/"
PERSON = {
    "username": "ona", "email": "ona@example.org", "first_name": "Ona", "last_name": "Oša",
    "language": "lv", "memberships-INITIAL_FORMS": 0,
}  # fmt: skip


@pytest.fixture
def component(client: Client) -> Component:
    """Of one of two projects; the administrator is logged in."""
    make_project("tw-2", publishing="by_hand")
    client.force_login(User.objects.create_superuser("root"))
    return make_component(make_project("tw-1", publishing="by_hand"))


def given(*roles: dict[str, Any]) -> dict[str, Any]:
    typed = {f"memberships-{n}-{name}": value
             for n, role in enumerate(roles) for name, value in role.items()}  # fmt: skip
    return PERSON | {"memberships-TOTAL_FORMS": len(roles)} | typed


def roles() -> list[tuple[str, str, int | None]]:
    found = Membership.objects.filter(user__username="ona").order_by("pk")
    return [(row.project.slug, row.role, row.component_id) for row in found]


def test_at_a_desk_the_roles_are_of_its_project(client: Client, component: Component) -> None:
    people = client.get("/desk/tw-1/admin/deliverables/membership/").content.decode()
    assert f'<a href="/desk/tw-1{ADD}">Invite a colleague</a>' in people
    form = client.get(f"/desk/tw-1{ADD}").content.decode()
    assert 'name="memberships-0-role"' in form
    assert "memberships-0-project" not in form
    assert "<h1>Invite a colleague</h1>" in form
    coordinator = {"role": "coordinator", "component": component.pk}
    answer = client.post(f"/desk/tw-1{ADD}", given(coordinator))
    assert answer.status_code == 302
    assert roles() == [("tw-1", "coordinator", component.pk)]
    assert Letter.objects.filter(user__username="ona").count() == 1


def test_elsewhere_each_role_says_its_project(client: Client, component: Component) -> None:
    other = Project.objects.get(slug="tw-2")
    answer = client.post(ADD, given(
        {"project": component.project_id, "role": "coordinator", "component": component.pk},
        {"project": other.pk, "role": "auditor"},
        {"project": "", "role": "", "component": ""},
    ))  # fmt: skip
    assert answer.status_code == 302
    assert roles() == [("tw-1", "coordinator", component.pk), ("tw-2", "auditor", None)]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ({"role": "coordinator", "component": ""}, "A coordinator has one component"),
        ({"role": "emperor", "component": ""}, "Select a valid choice"),
    ],
)
def test_with_a_role_that_cannot_be_nobody_is_invited(
    client: Client, component: Component, role: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/desk/tw-1{ADD}", given(role))
    assert sentence in re.sub(r"\s+", " ", answer.content.decode())
    assert not User.objects.filter(username="ona").exists()
    assert not Letter.objects.exists()


def test_a_component_of_another_project_is_refused_at_a_desk(
    client: Client, component: Component
) -> None:
    foreign = make_component(Project.objects.get(slug="tw-2"))
    answer = client.post(
        f"/desk/tw-1{ADD}", given({"role": "coordinator", "component": foreign.pk})
    )
    assert answer.status_code == 200
    assert not User.objects.filter(username="ona").exists()
