"""What is not released changes no byte of what an anonymous visitor can fetch."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from deliverables.models import Component, Deliverable, Project, Statement
from experts.models import Assignment, Expert, Institution
from tests.make import make_component, make_deliverable, make_evidence, make_line, make_project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
CANARY = "Canary draft"


def crawl(client: Client) -> dict[str, tuple[int, bytes, str, str]]:
    """Status, body, ETag and length of everything that links lead to, from both languages."""
    seen: dict[str, Any] = {}
    waiting = ["/lv/", "/en/", "/healthz", "/en/projects/draft/", "/en/projects/demo/nothing/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        response = client.get(address)
        seen[address] = (
            response.status_code,
            response.content,
            response.headers.get("ETag", ""),
            response.headers.get("Content-Length", ""),
        )
        if response.headers["Content-Type"].startswith("text/html"):
            links = re.findall(rb'href="(/(?:lv|en)/[^"#]*)"', response.content)
            waiting += [link.decode().replace("&amp;", "&") for link in links]
    return seen


def draft() -> None:
    """A change in every table, in a project that publishes by hand; and a new project."""
    Project.objects.filter(slug="demo").update(publishing="by_hand", summary_en=CANARY)
    demo = Project.objects.get(slug="demo")
    make_deliverable(make_component(demo, 9, title_en=CANARY), "D9.1", title_en=CANARY)
    Deliverable.objects.filter(project=demo).update(title_lv=CANARY)
    Component.objects.filter(project=demo).update(title_en=CANARY)
    Statement.objects.filter(project=demo).update(text_en=CANARY)
    Assignment.objects.filter(project=demo).update(
        note_en=CANARY, holder_name=CANARY, name_published=True
    )
    Expert.objects.filter(code__startswith="QM").update(
        name=CANARY, name_consent=True, consent_on="2026-01", consent_basis="form"
    )
    Institution.objects.filter(country="QM").update(note_en=CANARY)
    make_evidence(demo, "E99", title_en=CANARY)
    make_line(demo, "Z9", title_en=CANARY)
    make_project("draft", title_en=CANARY, publishing="by_hand")


def test_a_draft_changes_no_byte_of_the_public_pages(client: Client) -> None:
    before = crawl(client)
    assert len(before) > 150
    assert sum(status == 200 for status, *_rest in before.values()) > 150

    draft()
    after = crawl(client)

    assert set(after) == set(before)
    assert [address for address in before if before[address] != after[address]] == []


def test_the_draft_would_be_seen_if_it_were_released(client: Client) -> None:
    """The control: the same crawl finds the same change once it is public."""
    from releases import actions

    before = crawl(client)
    draft()
    actions.publish(Project.objects.get(slug="demo"), by=None)

    after = crawl(client)

    assert any(CANARY.encode() in body for _status, body, *_rest in after.values())
    assert before != after
