"""A released project of any size, and the words of a page."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases import actions
from tests.make import make_component, make_project

KS = "projects/ks-14-jb-jh-04/"
DEMO = "projects/demo/"
PAGES = [
    "",
    "accessibility/",
    KS,
    KS + "components/1/",
    KS + "deliverables/",
    KS + "deliverables/?q=migr&component=2&page=1",
    KS + "deliverables/D1.1/",
    KS + "deliverables/D1.2/",
    KS + "deliverables/D4.1/",
    KS + "experts/",
    KS + "budget/",
    KS + "about/",
    KS + "data/",
    DEMO,
    DEMO + "components/0/",
    DEMO + "deliverables/",
    DEMO + "deliverables/?late=now",
    DEMO + "deliverables/?counted=no",
    DEMO + "deliverables/D2.4/",
    DEMO + "plan/",
    DEMO + "experts/",
    DEMO + "budget/?entries=2",
    DEMO + "about/",
    DEMO + "data/",
    DEMO + "releases/",
    DEMO + "releases/1/",
    DEMO + "releases/1..1/",
    "search/",
    "search/?q=asylum+law",
    "heads/",
    "definitions/",
    "definitions/queries/",
    "codes/",
    "api/",
]
EVERY_PAGE = [f"/{lang}/{page}" for lang in ("lv", "en") for page in PAGES]


def make_released(how_many: int, **given: Any) -> Project:
    """A project with that many mandatory results in one component, released."""
    project = make_project(status="running", **given)
    component = make_component(project)
    Deliverable.objects.bulk_create(
        Deliverable(
            project=project,
            component=component,
            code=f"D1.{number}",
            title_lv=f"Rezultāts {number} ar nosaukumu, kas ir parasta garuma teikums",
            title_en=f"Result {number} with a title that is a sentence of the usual length",
            due_original="2026-01",
        )
        for number in range(1, how_many + 1)
    )
    actions.publish(project, by=None)
    return project


def words(response: Any) -> str:
    """The text of a page as people read it, with single plain spaces."""
    body = response.content.decode().split("<body>")[1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    # A tag inside a sentence leaves a space before what follows it.
    return re.sub(r" ([,.)*:])", r"\1", words(response))
