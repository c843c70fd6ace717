"""Addresses as people write them lead to those that there are."""

from __future__ import annotations

import pytest
from django.test import Client

from public.http.leading import lead
from releases import actions
from tests.make import make_component, make_deliverable, make_project

SAME = [
    "/en/",
    "/en/projects/tw-1/",
    "/en/projects/tw-1/deliverables/D1.1/",
    "/admin/x/",
    "/x",
    "/",
]


@pytest.mark.parametrize("path", SAME)
def test_an_address_as_they_are_written_leads_nowhere_else(path: str) -> None:
    assert lead(path, ("lv", "en"), "lv") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status", "leads"),
    [
        ("/EN/", 301, "/en/"),
        ("/Lv/verify/", 301, "/lv/verify/"),
        ("/projects/tw-1/", 302, "/lv/projects/tw-1/"),
        ("/Projects/tw-1/", 302, "/lv/projects/tw-1/"),
        ("/projects/TW-1/d1.1/", 302, "/lv/projects/tw-1/deliverables/D1.1/"),
        ("/EN/projects/TW-1/?at=2026-01-01", 301, "/en/projects/tw-1/?at=2026-01-01"),
        ("/en/Projects/tw-1/experts/", 301, "/en/projects/tw-1/experts/"),
        ("/en/projects/tw-1/d1.1", 301, "/en/projects/tw-1/deliverables/D1.1/"),
        ("/en/projects/tw-1/D1.1/", 301, "/en/projects/tw-1/deliverables/D1.1/"),
        ("/en/projects/tw-1/deliverables/d1.1/?x=%C4%81", 301,
         "/en/projects/tw-1/deliverables/D1.1/?x=%C4%81"),
    ],
)  # fmt: skip
def test_an_address_that_is_written_otherwise_leads_there(
    client: Client, asked: str, status: int, leads: str
) -> None:
    project = make_project()
    make_deliverable(make_component(project))
    actions.publish(project, by=None)

    answer = client.get(asked, headers={"accept-language": "lv"})

    assert (answer.status_code, answer.headers["Location"]) == (status, leads)
    assert (status == 302) == ("Accept-Language" in answer.headers.get("Vary", ""))
    there = client.get(leads.partition("?")[0])
    assert there.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/projects/none/", "/en/nowhere/", "/EN//example.org/", "/de/"]
)
def test_what_is_nowhere_is_nowhere(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)

    assert answer.status_code == 404
    assert all(where.startswith("/en/") for where, _status in answer.redirect_chain)


def test_nothing_but_reading_is_led(client: Client) -> None:
    assert client.post("/EN/").status_code == 404
