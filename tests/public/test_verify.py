"""Verify a file: what we gave out is recognised to the byte, and nothing else is."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Seal
from audit.seals.sealing import seal
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from exchange.exports.extracts import FORMATS
from exchange.models import Export
from releases import actions
from releases.document.tables import DOWNLOADS, in_format
from releases.models import Release
from releases.reading.issued_files import CHECK
from tests.exchange.files import exported
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_line,
    make_member,
    make_project,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow("makes every public download")]
OURS, NOT_OURS = "This file is ours, byte for byte.", "We never issued this file."


@pytest.fixture(autouse=True)
def project(settings: Any, tmp_path: Any) -> Project:
    settings.VAR_DIR = tmp_path
    project = make_project(publishing="by_hand")
    make_deliverable(make_component(project), title_en="=1+1")
    make_entry(make_line(project), amount="1234.50")
    actions.publish(project, by=None)
    return project


def page(client: Client, content: bytes) -> str:
    """By digest and by upload: both say the same."""
    sha256 = hashlib.sha256(content).hexdigest()
    asked = client.get(f"/en/verify/?sha256={sha256}")
    sent = client.post("/en/verify/", {"file": SimpleUploadedFile("x", content)})
    assert asked.content == sent.content
    assert (asked.headers["Cache-Control"], sent.cookies.output()) == ("no-store", "")
    return " ".join(asked.content.decode().split())


@pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))
def test_every_public_download_is_recognised_and_no_other(client: Client, format_: Any) -> None:
    for download in DOWNLOADS:
        content = client.get(f"/lv/projects/tw-1/{download}{format_.suffix}").content
        if not content:
            continue  # a table without rows has no lines of JSON

        assert OURS in page(client, content)
        assert f"{download}{format_.suffix} of release 1" in page(client, content)
        assert NOT_OURS in page(client, content + b" ")


def test_a_release_is_recognised_also_when_it_is_not_the_newest(
    client: Client, project: Project
) -> None:
    old = client.get("/en/projects/tw-1/release.json").content
    Deliverable.objects.update(note_en="x")
    actions.publish(project, by=None)

    assert "Release 1 of the project tw-1" in page(client, old)


def test_an_export_of_the_back_office_is_recognised_and_its_filter_not_told(
    client: Client, project: Project
) -> None:
    client.force_login(make_member(project, name="bruno"))
    content = exported(client, "csv", query="?rung__exact=planned")
    client.logout()

    found = page(client, content)
    assert OURS in found
    assert Export.objects.get().name in found
    assert "bruno" not in found
    assert "rung" not in found


def test_a_draft_of_the_preview_was_never_issued(client: Client, project: Project) -> None:
    Deliverable.objects.update(title_en="Draft")
    client.force_login(make_member(project, name="bruno"))
    draft = client.get("/admin/preview/en/projects/tw-1/deliverables.csv").content
    client.logout()

    assert b"Draft" in draft
    assert NOT_OURS in page(client, draft)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [("zz", "“zz” is no SHA-256: that has 64 digits"), ("'; DROP", "is no SHA-256"),
     ("f" * 65, "is no SHA-256")],
)  # fmt: skip
def test_what_is_no_digest_is_told(client: Client, asked: str, sentence: str) -> None:
    response = client.get("/en/verify/", {"sha256": asked})

    assert response.status_code == 400
    assert sentence in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("files", [{}, {"file": SimpleUploadedFile("x", b"")}])
def test_no_file_is_told(client: Client, files: dict[str, Any]) -> None:
    response = client.post("/en/verify/", files)

    assert response.status_code == 400
    assert "Choose one file, and not an empty one." in response.content.decode()


def test_the_page_is_there_in_both_languages_and_links_to_itself(client: Client) -> None:
    for language in ("lv", "en"):
        text = client.get(f"/{language}/verify/").content.decode()
        assert f'href="{reverse("public:verify", args=[language])}"' in text
        assert OURS not in text


def test_digests_of_older_releases_can_be_made_again() -> None:
    """From its document alone, by whoever doubts what was kept."""
    from releases.document.tables import every_file

    release = Release.objects.get()
    assert release.files == every_file(release.document)
    assert len({file["path"] for file in release.files}) == len(DOWNLOADS) * len(FORMATS)


def test_each_file_of_a_release_is_what_its_download_gives() -> None:
    """Digests are kept of files made beside each other; a download is made alone."""
    release = Release.objects.get()
    alone = {
        f"{download}{format_.suffix}": in_format(release.document, download, format_)
        for download in DOWNLOADS
        for format_ in FORMATS.values()
    }

    kept = {file["path"]: file["sha256"] for file in release.files}
    assert kept == {path: hashlib.sha256(file).hexdigest() for path, file in alone.items()}


def test_a_file_that_is_too_large_is_told_what_to_do(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.tables.limits.REQUEST", 10)

    response = client.post("/en/verify/", {"file": SimpleUploadedFile("x", b"x" * 100)})

    assert response.status_code == 413
    assert "Compute its SHA-256 yourself, and paste it." in response.content.decode()


def test_a_head_and_the_script_are_recognised_and_all_heads_are_reached(
    client: Client, project: Project
) -> None:
    for number in range(60):
        Deliverable.objects.update(note_en=str(number))
        seal("timer")
    oldest, newest = Seal.objects.get(number=1), Seal.objects.order_by("number").last()
    assert newest is not None

    for made in (oldest, newest):
        asked = client.get("/en/verify/", {"sha256": made.head}).content.decode()
        assert "This is a head of our audit trail." in asked
        assert f"under seal {made.number}, made" in asked
    script = client.get("/en/verify/check.py").content
    assert script == CHECK.read_bytes()
    assert hashlib.sha256(script).hexdigest() in client.get("/en/verify/").content.decode()
    assert OURS in page(client, script)
    pages = [client.get(f"/lv/heads/?page={number}").content.decode() for number in (1, 2, 3)]
    for made in Seal.objects.all():
        assert sum(made.head in text for text in pages) == 1


def test_heads_as_json_lead_to_those_before_them(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.views.SHOWN", 2)
    for number in range(4):
        Deliverable.objects.update(note_en=str(number))
        seal("timer")
    found, address = [], "/audit/heads.json"
    while address:
        answer = client.get(address).json()
        found += [head["seal"] for head in answer["heads"]]
        address = answer.get("next", "").removeprefix("http://127.0.0.1:8000")

    assert found == list(range(Seal.objects.count(), 0, -1))
    assert client.get("/audit/heads.json?before=x").status_code == 400
