"""Releases that can be cited: each by its number, their list, and what changed between two."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from exchange.exports.extracts import FORMATS
from releases.actions import publish
from releases.document.tables import DOWNLOADS
from releases.models import Release
from tests.make import make_component, make_deliverable, make_project
from tests.volume import share

pytestmark = pytest.mark.django_db
PAGES = ("", "components/1/", "deliverables/", "deliverables/D1.1/", "experts/", "budget/",
         "about/", "data/")  # fmt: skip
HERE = "/en/projects/tw-1/"


@pytest.fixture
def project() -> Project:
    project = make_project(publishing="by_hand")
    make_deliverable(make_component(project, 1), "D1.1", title_en="Title 1")
    publish(project, by=None)
    return project


def next_release(project: Project, number: int) -> None:
    Deliverable.objects.update(title_en=f"Title {number}")
    assert publish(project, by=None)


def files() -> list[str]:
    tables = [f"{table}{one.suffix}" for table in DOWNLOADS for one in FORMATS.values()]
    return ["release.json", "release.about.json", *tables]


def page(client: Client, number: int, name: str, *, cited: bool) -> str:
    """A page of a release: without what only a cited one says, or only the newest (the choice of
    another day, the data for search engines), and with its links as of the newest."""
    text = client.get(HERE + (f"releases/{number}/" if cited else "") + name).content.decode()
    banner = re.compile(rf'(?s)<p class="banner at">\s*You read release {number} of .*?</p>\n')
    text, banners = banner.subn("", text)
    assert (banners, f"Release {number} of " in text) == (cited, True), name
    text = re.sub(r'(?s)<script type="application/ld.json">.*?</script>', "", text)
    text = re.sub(r'(?s)<form [^>]*>\s*<p>\s*<label for="at">.*?</form>', "", text)
    return " ".join(re.sub(rf"(?<=/projects/tw-1/)releases/{number}/", "", text).split())


def test_the_first_of_two_releases_of_a_day_is_reached_from_the_page_of_that_day(
    client: Client, project: Project
) -> None:
    today = timezone.localdate().isoformat()
    assert "Several releases" not in client.get(f"{HERE}?at={today}").content.decode()
    next_release(project, 2)

    text = client.get(f"{HERE}?at={today}").content.decode()

    assert "Several releases were made that day, and this is the last of them:" in text
    assert re.findall(r'href="(/en/projects/tw-1/releases/\d/)"', text) == [
        f"{HERE}releases/1/", f"{HERE}releases/2/",
    ]  # fmt: skip


def test_a_release_that_is_asked_for_in_the_query_is_answered_at_its_own_address(
    client: Client, project: Project
) -> None:
    next_release(project, 2)
    for name in ("", "release.json", "deliverables.csv", "deliverables/D1.1/"):
        answer = client.get(f"{HERE}{name}?release=1&q=a")
        assert (answer.status_code, answer.headers["Location"]) == (
            302, f"{HERE}releases/1/{name}?q=a",
        )  # fmt: skip
    assert "no number of a release" in client.get(f"{HERE}?release=x").content.decode()
    assert client.get(f"{HERE}release.json?release=9", follow=True).status_code == 404


@pytest.mark.parametrize("name", ["embed/", "results.atom", "releases.atom", "due.ics"])
def test_what_has_no_address_in_a_release_leaves_one_that_is_asked_for_alone(
    client: Client, project: Project, name: str
) -> None:
    plain = client.get(f"{HERE}{name}")
    for asked in ("1", "9", "x"):
        answer = client.get(f"{HERE}{name}?release={asked}")
        assert (answer.status_code, answer.content) == (200, plain.content), asked


@pytest.mark.slow("eleven releases are read, page by page and file by file")
def test_ten_releases_of_a_day_are_each_read_by_number_on_every_page_and_file(
    project: Project, client: Client
) -> None:
    served: dict[int, dict[str, bytes]] = {}
    pages: dict[int, dict[str, str]] = {}
    for number in range(1, 11):
        if number > 1:
            next_release(project, number)
        asked = ["release.json", "deliverables.csv", *share(files(), str(number), of=10)]
        served[number] = {name: client.get(HERE + name).content for name in asked}
        shown = share(PAGES, str(number), of=2)
        pages[number] = {name: page(client, number, name, cited=False) for name in shown}

    for number, then in served.items():
        there = f"{HERE}releases/{number}/"
        for name, content in then.items():
            assert client.get(there + name).content == content, (number, name)
        for name, was in pages[number].items():
            assert page(client, number, name, cited=True) == was, (number, name)
        text = client.get(f"{there}deliverables/D1.1/").content.decode()
        assert ("It is superseded: release 10 is the newest." in text) == (number < 10)
        assert ("It is the newest one." in text) == (number == 10)
        assert f'href="{HERE}deliverables/D1.1/"' in text or number == 10
        assert f"Title {number}<" in text


def test_links_of_a_cited_page_stay_in_its_release_and_its_language_switch_too(
    project: Project, client: Client
) -> None:
    next_release(project, 2)

    text = client.get(f"{HERE}releases/1/").content.decode()

    assert f'href="{HERE}releases/1/budget/"' in text
    assert 'href="/lv/projects/tw-1/releases/1/"' in text
    assert f'href="{HERE}budget/"' not in text
    assert f'href="{HERE}releases/"' in text


def test_the_list_says_of_each_release_what_changed(project: Project, client: Client) -> None:
    next_release(project, 2)
    make_deliverable(make_component(project, 2), "D2.1")
    publish(project, by=None)

    text = client.get(f"{HERE}releases/").content.decode()

    assert "1 changed row" in text
    assert "2 new rows" in text
    for release in Release.objects.all():
        assert release.digest in text
        assert f'href="{HERE}releases/{release.number}/"' in text
    assert f'href="{HERE}releases/1..2/"' in text


def test_two_releases_are_compared_in_sentences_and_as_json(
    project: Project, client: Client
) -> None:
    next_release(project, 2)
    next_release(project, 3)

    text = client.get(f"{HERE}releases/1..3/").content.decode()
    told = client.get(f"{HERE}releases/1..3.json").json()

    assert "Changed: deliverable D1.1." in text
    assert "<del>Title 1</del>" in text
    assert "<ins>Title 3</ins>" in text
    first, third = Release.objects.get(number=1), Release.objects.get(number=3)
    assert (told["from"]["sha256"], told["to"]["sha256"]) == (first.digest, third.digest)
    assert told["changes"] == [
        {
            "table": "deliverables", "row": "D1.1", "what": "changed",
            "cells": [{"column": "title_en", "old": "Title 1", "new": "Title 3"}],
        }
    ]  # fmt: skip


def test_a_feed_has_each_release_with_an_absolute_link(
    project: Project, client: Client, settings: Any
) -> None:
    settings.SITE_URL = "https://register.example:8443"
    next_release(project, 2)

    answer = client.get("/lv/projects/tw-1/releases.atom")

    feed = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    atom = {"a": "http://www.w3.org/2005/Atom"}
    links = [link.attrib["href"] for link in feed.findall("a:entry/a:link", atom)]
    assert links == [
        f"https://register.example:8443/lv/projects/tw-1/releases/{number}/" for number in (2, 1)
    ]
    assert [one.text for one in feed.findall("a:entry/a:id", atom)] == links


def test_a_file_says_which_release_it_is_and_a_stranger_finds_that_by_its_digest(
    project: Project, client: Client
) -> None:
    next_release(project, 2)
    answer = client.get(f"{HERE}releases/1/release.json")
    beside = client.get(f"{HERE}releases/1/release.about.json").json()
    release = Release.objects.get(number=1)

    assert answer.headers["Release-Number"] == "1"
    assert answer.headers["Release-Made-At"] == release.made_at.isoformat() == beside["made_at"]
    sha256 = hashlib.sha256(answer.content).hexdigest()
    assert sha256 == beside["sha256"] == release.digest
    assert beside["address"].endswith(f"{HERE}releases/1/")
    found = client.get("/en/verify/", {"sha256": sha256}).content.decode()
    assert f'href="{HERE}releases/1/"' in found


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("releases/9/", 404, "There is no release 9 of a project at the address “tw-1”."),
        ("releases/x/", 400, "“x” is no number of a release."),
        ("releases/0/budget/", 400, "“0” is no number of a release."),
        ("releases/1..9/", 404, "This project has no releases 1 and 9."),
        ("releases/1..x.json", 400, "“x” is no number of a release."),
        ("releases/1/?at=2026-01-01", 404, "This is the address of release 1."),
        ("releases/?at=2099-01-01", 404, "is still to come"),
        ("releases/?page=7", 404, "There is no page “7” of this list"),
        ("releases/1/nothing/", 404, "There is no page at the address"),
    ],
)
def test_what_is_not_there_is_told(
    project: Project, client: Client, address: str, status: int, told: str
) -> None:
    answer = client.get(HERE + address)

    assert (answer.status_code, told in answer.content.decode()) == (status, True)


def test_a_release_and_its_day_agree(project: Project, client: Client) -> None:
    day = timezone.localdate(Release.objects.get().made_at).isoformat()

    dated, cited = client.get(f"{HERE}release.json?at={day}"), f"{HERE}releases/1/release.json"

    assert dated.content == client.get(cited).content
    assert json.loads(dated.content)["project"]["slug"] == "tw-1"
