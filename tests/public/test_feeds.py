"""What programs come back for, and all files at once."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases.actions import publish
from releases.document.tables import DOWNLOADS
from releases.models import Release
from tests.make import make_component, make_deliverable, make_project
from tests.public.make import KS
from tests.releases.packing import BIN, profile, ran

pytestmark = pytest.mark.django_db
HERE = "/lv/projects/tw-1/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def project() -> Project:
    project = make_project(slug="tw-1", status="running")
    component = make_component(project)
    make_deliverable(component, "D1.1", title_lv="Pirmais", due_original="2030-02")
    make_deliverable(component, "D1.2", title_lv="Otrais; ā" * 20, due_original="2029-05-04")
    make_deliverable(component, "D1.3", title_lv="Trešais")
    publish(project, by=None)
    return project


def entries(client: Client) -> list[dict[str, str]]:
    feed = ElementTree.fromstring(client.get(f"{HERE}results.atom").content)  # noqa: S314
    assert feed.findtext("a:author/a:name", namespaces=ATOM)
    return [
        {name: entry.findtext(f"a:{name}", "", ATOM) for name in ("id", "title", "updated")}
        for entry in feed.findall("a:entry", ATOM)
    ]


def test_a_changed_result_is_the_same_entry_updated_and_comes_first(
    client: Client, project: Project
) -> None:
    before = {entry["id"]: entry for entry in entries(client)}
    Deliverable.objects.filter(code="D1.2").update(title_lv="Mainīts")
    publish(project, by=None)

    after = entries(client)

    assert [entry["id"] for entry in after][0].endswith("/lv/projects/tw-1/deliverables/D1.2/")
    assert {entry["id"] for entry in after} == {*before}
    assert after[0]["title"] == "D1.2 Mainīts"
    changed = [entry["id"] for entry in after if entry != before[entry["id"]]]
    assert changed == [after[0]["id"]]
    assert after[0]["updated"] > before[after[0]["id"]]["updated"]


def test_what_no_late_release_changed_is_not_news(client: Client, project: Project) -> None:
    for number in range(11):
        Deliverable.objects.filter(code="D1.1").update(title_lv=f"Nr. {number}")
        publish(project, by=None)

    assert [entry["title"] for entry in entries(client)] == ["D1.1 Nr. 10"]


def test_due_dates_are_a_calendar_whose_lines_every_program_reads(
    client: Client, project: Project
) -> None:
    answer = client.get(f"{HERE}due.ics")
    lines = answer.content.split(b"\r\n")
    text = answer.content.replace(b"\r\n ", b"").decode()

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert max(map(len, lines)) == 75
    assert b"\n" not in b"".join(lines)
    assert [line.decode() for line in lines]  # no letter is cut in two
    assert text.count("BEGIN:VEVENT") == 2
    assert "UID:D1.1.tw-1@127.0.0.1\r\n" in text
    # A month is due on its last day; the end of an event is the day after it.
    assert "DTSTART;VALUE=DATE:20300228\r\nDTEND;VALUE=DATE:20300301\r\n" in text
    assert "DTSTART;VALUE=DATE:20290504\r\n" in text
    assert r"SUMMARY:TW-1: D1.2 Otrais\; āOtrais\;" in text
    assert "SEQUENCE:1\r\n" in text


def test_what_is_delivered_is_not_due_any_more(client: Client, project: Project) -> None:
    Deliverable.objects.filter(code="D1.1").update(rung="delivered", delivered_on="2026-03-01")
    publish(project, by=None)

    text = client.get(f"{HERE}due.ics").content.decode()

    assert ("UID:D1.1." in text, "UID:D1.2." in text) == (False, True)
    assert "SEQUENCE:2\r\n" in text


@pytest.mark.parametrize("name", ["results.atom", "due.ics", "datapackage.json", "all.zip"])
def test_of_a_draft_or_a_withdrawn_project_there_is_nothing(client: Client, name: str) -> None:
    make_component(make_project(slug="draft"))
    answer = client.get(f"/en/projects/draft/{name}")

    assert answer.status_code == 404
    assert "There is no project at the address “draft”." in answer.content.decode()


@pytest.mark.slow("frictionless looks at each file")
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("slug", ["ks-14-jb-jh-04", "demo"])
def test_all_files_are_a_data_package_that_strangers_validate(
    client: Client, settings: Any, tmp_path: Path, slug: str
) -> None:
    settings.OPERATOR_NAME, settings.DATA_LICENCE = "Office", "CC-BY-4.0"
    with zipfile.ZipFile(io.BytesIO(client.get(f"/en/projects/{slug}/all.zip").content)) as bag:
        bag.extractall(tmp_path)
        names = bag.namelist()
    descriptor = tmp_path / slug / "datapackage.json"
    said = json.loads(descriptor.read_bytes())

    assert len(names) == len(DOWNLOADS) + 2
    assert said["licenses"][0]["name"] == "CC-BY-4.0"
    assert said["contributors"] == [{"title": "Office", "roles": ["publisher"]}]
    assert profile(descriptor) == 0
    assert ran(BIN / "frictionless", "validate", descriptor) == 0
    file = descriptor.with_name("deliverables.csv")
    file.write_bytes(file.read_bytes().replace(b"yes", b"ja", 1))
    assert ran(BIN / "frictionless", "validate", descriptor) == 1


@pytest.mark.usefixtures("seeded")
def test_the_package_is_of_the_release_that_is_asked_for(client: Client) -> None:
    project = Project.objects.get(slug="ks-14-jb-jh-04")
    Deliverable.objects.filter(project=project, code="D1.1").update(title_en="Later")
    publish(project, by=None)
    first, newest = (client.get(f"/en/{KS}{rest}all.zip") for rest in ("releases/1/", ""))
    with zipfile.ZipFile(io.BytesIO(first.content)) as bag:
        release = bag.read("ks-14-jb-jh-04/release.json")
        said = json.loads(bag.read("ks-14-jb-jh-04/datapackage.json"))

    assert release == client.get(f"/en/{KS}releases/1/release.json").content
    assert said["version"] == "1"
    assert (
        dt.datetime.fromisoformat(said["created"])
        == Release.objects.get(slug=project.slug, number=1).made_at
    )
    assert "release-2.zip" in newest.headers["Content-Disposition"]
    assert client.get(f"/en/{KS}releases/1/all.zip").content == first.content
