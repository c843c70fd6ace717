"""An administrator is told who is missing in a project that runs, and nobody else is."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from deliverables.projects.models import Project
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    project = make_project("tw-1", publishing="by_hand")
    make_deliverable(make_component(project))
    return project


def told(client: Client) -> list[str]:
    return [missing.sentence for missing in client.get("/admin/").context["missing_people"]]


def test_an_administrator_hears_for_which_side_nobody_leads(
    client: Client, project: Project
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    assert told(client) == ["nobody can accept, or sign for either side"]
    beneficiary = make_member(project, "bc_leader", "bea")
    assert told(client) == ["nobody can sign for the Member State"]
    make_member(project, "ms_leader", "mia")
    assert told(client) == []
    User.objects.filter(pk=beneficiary.pk).update(is_active=False)
    assert told(client) == ["nobody can accept, or sign for the beneficiary"]
    page = client.get("/admin/").content.decode()
    assert 'href="/desk/tw-1/admin/deliverables/membership/add/">nobody can accept' in page
    Project.objects.update(status="concluded")
    assert told(client) == []


def test_nobody_but_an_administrator_hears_it(client: Client, project: Project) -> None:
    client.force_login(make_member(project, "ms_leader", "mia"))
    assert told(client) == []
    assert "Who is missing" not in client.get("/admin/").content.decode()
