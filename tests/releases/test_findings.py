"""A release that somebody changed past its triggers is named, and shown on no page."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from deliverables.evidence.models import Source
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from office.findings import everything
from public.http import kept
from releases.actions import publish
from releases.document.build import digest
from releases.findings import in_one_language, releases
from releases.models import Release
from tests.make import make_component, make_deliverable, make_evidence, make_item, make_project

pytestmark = pytest.mark.django_db
TOLD = "The data asked for are not those that were published"
FORGED = """jsonb_set(document, '{project,title_en}', '"Forged"')"""
UNSEEN = """jsonb_set(document, '{deliverables,0,title_en}', '"Forged"')"""


@pytest.fixture
def project() -> Project:
    project = make_project(publishing="by_hand")
    make_deliverable(make_component(project), "D1.1")
    publish(project, by=None)
    return project


def change(sql: str) -> None:
    """As the owner of the tables could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE releases_release SET {sql}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize("document", [FORGED, UNSEEN], ids=["the summary", "a row"])
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_its_pages_and_files_refuse_with_a_sentence(
    project: Project, client: Client, document: str, lang: str
) -> None:
    pages = ("", "deliverables/", "data/", "release.json", "deliverables.csv", "?at=2030-01-01")
    before = [client.get(f"/{lang}/projects/tw-1/{page}").status_code for page in pages]
    change(f"document = {document}")

    for page, was in zip(pages, before, strict=True):
        answer = client.get(f"/{lang}/projects/tw-1/{page}")
        if was == 200:
            assert answer.status_code == 503, page
            assert "Forged" not in answer.content.decode()
            assert (TOLD in answer.content.decode()) == (lang == "en")
    assert before.count(200) >= 5


def test_the_list_of_projects_refuses_what_it_would_read_of_it(
    project: Project, client: Client
) -> None:
    assert client.get("/en/").status_code == 200
    change(f"document = {FORGED}")
    kept.PAGES.clear()  # a process that made the list before goes on with what was published

    answer = client.get("/en/")

    assert answer.status_code == 503
    assert TOLD in answer.content.decode()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("document = '{}'", "tw-1 1: its document is not what was published."),
        (f"document = {UNSEEN}", "tw-1 1: its document is not what was published."),
        ("files = '[]'", "tw-1 1: its files are not what was published."),
        ("digest = repeat('a', 64)", "tw-1 1: its document is not what was published."),
    ],
)
def test_verify_audit_and_check_data_name_it(
    project: Project, capsys: pytest.CaptureFixture[str], sql: str, told: str
) -> None:
    assert list(releases()) == []
    change(sql)

    with pytest.raises(CommandError, match="The audit trail does not hold"):
        call_command("verify_audit")

    assert told in capsys.readouterr().out
    (finding,) = releases()
    assert (finding.severity, finding.project) == ("error", "tw-1")
    assert finding in everything()


def test_verify_audit_makes_each_file_again(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files and their digest were changed alike: each agrees with the other, and not with what is
    made of the document."""
    release = Release.objects.get()
    call_command("verify_audit")
    assert "otherwise" not in capsys.readouterr().out
    release.files[3]["sha256"] = "a" * 64
    listed = json.dumps(release.files)
    change(f"files = '{listed}', files_digest = '{digest({'files': release.files})}'")

    with pytest.raises(CommandError, match="1 difference"):
        call_command("verify_audit")

    told = capsys.readouterr().out
    assert f"makes {release.files[3]['path']} otherwise than they were published" in told
    assert "column files_digest" in told


def test_what_is_said_in_one_language_is_named_by_table_and_shown_in_it(
    project: Project, client: Client
) -> None:
    row = Deliverable.objects.get()
    source = {"title_lv": "", "publisher_lv": "", "publisher_en": "Agency"}
    Source.objects.create(
        project=project, code="S1", title_en="Fiche", publisher_short="A", language="en", **source
    )
    for code in ("E1", "E2"):
        make_evidence(project, code, deliverable=row, title_lv="", title_en=f"Minutes {code}")
    make_item(row, title_en="")
    assert list(in_one_language(make_project("other"))) == []

    told = [(found.severity, found.sentence) for found in in_one_language(project)]

    assert told == [
        ("warning", "Missing in Latvian: “pieces of evidence”, 2 rows."),
        ("warning", "Missing in English: “items”, 1 row."),
        ("warning", "Missing in Latvian: “sources”, 1 row."),
    ]
    assert [found.sentence for found in in_one_language()] == [sentence for _s, sentence in told]
    publish(project, by=None)
    page = client.get("/lv/projects/tw-1/deliverables/D1.1/").content.decode()
    assert '<span lang="en">Minutes E1</span>' in page
    assert "Daļa" in page
    page = client.get("/en/projects/tw-1/deliverables/D1.1/").content.decode()
    assert '<span lang="lv">Daļa</span>' in page
    assert '<span lang="lv">Minutes' not in page
