"""The lists of the back office, with both projects of the seed in them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
LISTS = [
    model._meta.label_lower for model, kind in admin.site._registry.items() if kind.list_display
]


@pytest.mark.parametrize("label", LISTS)
def test_each_list_stays_within_fifteen_queries(
    client: Client, label: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    client.get("/admin/")
    address = reverse(f"admin:{label.replace('.', '_')}_changelist")

    with django_assert_max_num_queries(15):
        page = client.get(address)

    assert page.context["cl"] is not None


@pytest.mark.parametrize("words", ["merksadarb", "MĒRĶSADARBĪBA", "migracij", "ks 14 ib jh 04"])
def test_search_finds_the_first_project(client: Client, words: str) -> None:
    client.force_login(User.objects.create_superuser("root"))

    page = client.get(reverse("admin:deliverables_project_changelist"), {"q": words})

    found = [project.slug for project in page.context["cl"].result_list]
    assert "ks-14-jb-jh-04" in found
