from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from releases import actions
from tests.make import make_member, make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("lv", "lv"),
        ("lv-LV,lv;q=0.9,en;q=0.8", "lv"),
        ("en-GB", "en"),
        ("de-DE,de;q=0.9", "en"),
        ("", "en"),
        ("\0;q=x,,,*", "en"),
    ],
)
def test_the_root_leads_to_the_best_language_and_sets_no_cookie(
    client: Client, asked: str, language: str
) -> None:
    response = client.get("/", headers={"accept-language": asked})

    assert response.headers["Location"] == f"/{language}/"
    assert response.headers["Vary"] == "Accept-Language"
    assert not response.cookies


def test_healthz_asks_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = client.get("/healthz")

    assert (response.content, response.headers["Cache-Control"]) == (b"ok\n", "no-store")


def test_every_answer_has_the_strict_policy(client: Client) -> None:
    for address in ("/", "/healthz", "/admin/account/login/", "/nowhere"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_the_login_page_is_in_the_language_chosen_there(client: Client) -> None:
    client.post("/admin/language/", {"language": "lv", "next": "/admin/login/"})

    page = client.get("/admin/account/login/", headers={"accept-language": "en"})

    assert '<html lang="lv"' in page.content.decode()
    assert page.headers["Content-Language"] == "lv"


def test_preview_is_for_people_with_the_right(client: Client) -> None:
    project = make_project(publishing="by_hand", title_en="Secret plan")
    address = "/admin/preview/en/projects/tw-1/"

    assert client.get(address).headers["Location"].startswith("/admin/login/?next=")
    client.force_login(make_user("stranger"))
    assert client.get(address).status_code == 404
    client.force_login(make_member(project, "auditor"))
    page = client.get(address)
    assert "Secret plan" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/admin/preview/en/projects/tw-1/deliverables/' in page.content.decode()


def test_public_pages_are_the_same_for_a_person_who_is_logged_in(client: Client) -> None:
    project = make_project(publishing="by_hand")
    actions.publish(project, by=None)
    project.title_en = "Secret plan"
    project.save()
    address = "/en/projects/tw-1/"
    anonymous = client.get(address)

    client.force_login(User.objects.create_superuser("root"))
    page = client.get(address)

    assert page.content == anonymous.content
    assert "Vary" not in page.headers or "Cookie" not in page.headers["Vary"]


def test_a_form_from_elsewhere_is_refused_in_a_sentence() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/admin/account/login/", {"x": "y"})

    assert response.status_code == 403
    assert "The form was not accepted, and nothing was saved" in response.content.decode()


def test_what_rights_do_not_cover_is_told_in_a_sentence(client: Client) -> None:
    client.force_login(make_user("stranger"))

    response = client.get("/admin/deliverables/deliverable/")

    assert response.status_code == 403
    assert "Your rights do not cover this, so nothing was done." in response.content.decode()
