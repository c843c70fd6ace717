"""A project as files that need no server: no dead link, nothing from outside, nobody named."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from experts.people.models import Assignment
from releases import withdrawing
from releases.actions import publish
from releases.models import Release, WithdrawalReason
from tests.make import make_component, make_deliverable, make_project

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("seeded"),
    pytest.mark.slow("every page and file of a project is written"),
]
SLUG = "ks-14-jb-jh-04"
LOADED = re.compile(r'<(?:img|script|iframe|source)\b[^>]*\bsrc="([^"]*)"|<link\b[^>]*>')
LINK = re.compile(r'<(?:a|img|link|script)\b[^>]*\b(?:href|src)="([^"]*)"')


def archived(folder: Path) -> str:
    out = io.StringIO()
    call_command("archive", SLUG, folder, stdout=out)
    return out.getvalue()


def test_all_releases_stand_in_files_whose_links_lead_to_files_and_nobody_is_named(
    tmp_path: Path,
) -> None:
    project = Project.objects.get(slug=SLUG)
    Deliverable.objects.filter(project=project, code="D1.1").update(title_en="Later title")
    publish(project, by=None)
    folder = tmp_path / "archive"
    said = archived(folder)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = [name for name in files if name.endswith(".html")]
    dead, outside = [], []
    for page in pages:
        text = (folder / page).read_text("utf-8")
        assert "<form" not in text
        for link in map(html.unescape, LINK.findall(text)):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto"):
                continue
            target = urljoin(f"/{page}", parts.path or page.rpartition("/")[2]).lstrip("/")
            if target not in files:
                dead.append((page, link))
        outside += [
            (page, element[0])
            for element in LOADED.finditer(text)
            if "://" in element[0] and not re.search('rel="(canonical|alternate)"', element[0])
        ]

    assert said == f"{folder}: {len(files)} files\n"
    assert (dead[:5], outside[:5]) == ([], [])
    assert len(pages) > 100
    for number in (1, 2):
        kept = folder / f"en/projects/{SLUG}/releases/{number}/release.json"
        release = Release.objects.get(slug=SLUG, number=number)
        assert release.digest in (folder / f"en/projects/{SLUG}/releases/index.html").read_text()
        assert kept.read_bytes()[:1] == b"{"
    results = [
        folder / f"en/projects/{SLUG}/{rest}deliverables/D1.1/index.html"
        for rest in ("releases/1/", "")
    ]
    shown = ["Later title" in result.read_text() for result in results]
    assert shown == [False, True]
    # A name could not be taken away there when its person takes back the consent.
    assert Assignment.objects.filter(holder_name="O. Vaikulis", name_published=True).exists()
    named = [page for page in pages if "O. Vaikulis" in (folder / page).read_text("utf-8")]
    assert named == []


def test_what_was_never_released_or_is_there_already_is_not_written(tmp_path: Path) -> None:
    make_component(make_project(slug="draft"))
    with pytest.raises(CommandError, match="^No project 'draft' was released, so there is nothing"):
        call_command("archive", "draft", tmp_path / "new")
    with pytest.raises(CommandError, match="is there already, and nothing was written."):
        call_command("archive", SLUG, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_code_with_a_space_names_a_file_and_the_links_lead_to_it(tmp_path: Path) -> None:
    project = make_project("spaced")
    make_deliverable(make_component(project), "MR 4.1")
    publish(project, by=None)
    folder = tmp_path / "archive"
    call_command("archive", "spaced", folder, stdout=io.StringIO())

    results = folder / "en/projects/spaced/deliverables"
    assert (results / "MR 4.1/index.html").is_file()
    assert 'href="MR%204.1/index.html"' in (results / "index.html").read_text("utf-8")


def test_what_was_withdrawn_is_not_written_and_its_reason_is_told(tmp_path: Path) -> None:
    withdrawing.withdraw(
        Project.objects.get(slug=SLUG), by=User.objects.create_superuser("root"),
        reason=WithdrawalReason.MISTAKE, sentence_lv="Tā bija kļūda.", sentence_en="An error.",
    )  # fmt: skip
    with pytest.raises(CommandError, match="was withdrawn on .* An error."):
        call_command("archive", SLUG, tmp_path / "archive")
    assert list(tmp_path.iterdir()) == []
