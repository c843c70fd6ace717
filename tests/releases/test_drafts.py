"""A project from its first row to its first release."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from deliverables.projects.models import Project
from releases import actions
from tests.make import make_project
from tests.twinning.forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def saved(office: Client, row: Any, **typed: str) -> Any:
    """The answer to the form of a row, sent as it stands but for what is typed."""
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    form = form_of(office.get(address).content.decode())
    assert form
    return office.post(address, form.fields | {name: [text] for name, text in typed.items()})


def test_the_address_of_a_project_may_change_until_it_is_published(office: Client) -> None:
    project = make_project("mistyped")
    saved(office, project, slug="md-18")
    assert Project.objects.get().slug == "md-18"

    release = actions.publish(Project.objects.get(), by=None)
    assert release
    assert release.slug == "md-18"
    saved(office, project, slug="md-19", title_en="Renamed")
    row = Project.objects.get()
    assert (row.slug, row.title_en) == ("md-18", "Renamed")
