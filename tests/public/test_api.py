"""The API: what pages show as JSON, described by OpenAPI, refused in sentences."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases.actions import publish
from releases.document.tables import DOWNLOADS
from releases.models import Release
from tests.make import make_component, make_project
from tests.public.make import KS, make_released, words

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def project() -> Project:
    return make_released(3, slug="tw-1")


def ask(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path if path.startswith("/api") else V1 + path)
    assert answer.status_code == status, answer.content
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    value: dict[str, Any] = json.loads(answer.content)
    return value


def described(client: Client, path: str) -> Any:
    """What OpenAPI says of an answer."""
    whole = ask(client, "/openapi.json")
    answers = whole["paths"][path]["get"]["responses"]["200"]["content"]
    return {**answers["application/json"]["schema"], "components": whole["components"]}


@pytest.mark.usefixtures("seeded")
def test_every_answer_is_as_openapi_says_and_its_links_lead_on(client: Client) -> None:
    given = {"slug": "ks-14-jb-jh-04", "table": "deliverables"}
    paths = ask(client, "/openapi.json")["paths"]
    assert len(paths) == 7
    for path in paths:
        value = ask(client, path.format(**given))
        jsonschema.Draft202012Validator(described(client, path)).validate(value)
    project = ask(client, "/projects/ks-14-jb-jh-04")
    for link in (project["document"], project["releases"], *project["tables"].values()):
        ask(client, link.removeprefix(SITE))


@pytest.mark.usefixtures("seeded")
def test_a_search_finds_what_its_page_finds_and_names_nobody(client: Client) -> None:
    found = ask(client, "/search?q=asylum+law")
    first = found["rows"][0]
    assert (first["project"], first["kind"], first["code"]) == ("ks-14-jb-jh-04", "result", "D1.1")
    assert first["page"] == f"{SITE}/en/{KS}deliverables/D1.1/"
    assert first["title"] in words(client.get(f"/en/{KS}deliverables/D1.1/"))
    assert (found["meant"], found["all"], found["next"]) == ("", True, None)
    jsonschema.Draft202012Validator(described(client, "/search")).validate(found)

    assert ask(client, "/search?q=asilum+low")["meant"] == "asylum law"
    assert ask(client, "/search") == {
        "count": 0,
        "next": None,
        "rows": [],
        "meant": "",
        "all": True,
    }
    named = ask(client, "/search?q=Vaikulis")
    assert [row["kind"] for row in named["rows"]] == ["function"]
    assert "Vaikulis" not in json.dumps(named["rows"], ensure_ascii=False)
    ask(client, f"/search?q={'x' * 201}", status=400)
    ask(client, "/search?q=asylum&page=99", status=404)


@pytest.mark.usefixtures("seeded")
def test_the_figures_are_those_of_the_release(client: Client) -> None:
    release = Release.objects.get(slug="ks-14-jb-jh-04", number=1)
    listed = ask(client, "/projects")
    told = next(row for row in listed["rows"] if row["project"] == release.slug)
    raw = client.get(f"{V1}/projects/{release.slug}/document")

    assert (listed["count"], listed["next"]) == (2, None)
    assert told["totals"] == release.document["totals"]
    assert told["sha256"] == release.digest == raw.headers["X-Content-SHA256"]
    assert raw.content == client.get(f"/en/{KS}release.json").content
    for table in DOWNLOADS:
        rows = ask(client, f"/projects/{release.slug}/tables/{table}")["rows"]
        of = release.document.get(table, [release.document["project"]])
        assert rows == of[: len(rows)], table


def test_pages_of_a_table_give_each_row_once_and_stay_in_their_release(client: Client) -> None:
    project = make_released(205, slug="long")
    Deliverable.objects.filter(code="D1.1").update(title_en="Later")
    publish(project, by=None)
    rows: list[Any] = []
    after: str | None = f"{V1}/projects/long/tables/deliverables?release=1&utm=2"
    lengths = []
    while after:
        page = ask(client, after.removeprefix(SITE))
        assert (page["release"], page["count"]) == (1, 205)
        rows += page["rows"]
        lengths.append(len(page["rows"]))
        after = page["next"]

    assert lengths == [100, 100, 5]
    assert rows == Release.objects.get(slug="long", number=1).document["deliverables"]


def test_a_release_is_asked_for_by_number_or_by_day(client: Client, project: Project) -> None:
    Deliverable.objects.filter(code="D1.1").update(title_en="Later")
    publish(project, by=None)
    today = timezone.localdate()

    def number(query: str) -> int:
        return int(ask(client, f"/projects/tw-1{query}")["release"])

    assert [number(q) for q in ("", "?release=1", "?release=2", f"?at={today}")] == [2, 1, 2, 2]
    listed = ask(client, "/projects/tw-1/releases")["rows"]
    assert [row["release"] for row in listed] == [2, 1]
    assert listed[0]["changed"] == {"changed": 1}


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        (
            "/projects/nobody", 404,
            "There is no project at the address “nobody”. "
            "Choose one from the list of all projects.",
        ),
        (
            "/projects/draft/tables/deliverables", 404,
            "There is no project at the address “draft”. Choose one from the list of all projects.",
        ),
        (
            "/projects/tw-1?release=0", 400,
            "“0” is no number of a release. They are numbered 1, 2, 3 and so on.",
        ),
        (
            "/projects/tw-1?release=1&at=2026-01-01", 404,
            "This is the address of release 1. Leave the day out, or the release.",
        ),
        (
            "/projects/tw-1/tables/deliverables?page=2", 404,
            "There is no page “2” of this list: its pages go from 1 to 1.",
        ),
        (
            "/nowhere/at/all", 404,
            "There is nothing at “/api/v1/nowhere/at/all”. http://127.0.0.1:8000/api/v1/ lists "
            "the addresses.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence(
    client: Client, project: Project, path: str, status: int, detail: str
) -> None:
    make_component(make_project(slug="draft"))
    said = ask(client, path, status)

    assert (said["detail"], said["status"]) == (detail, status)


def test_a_refusal_is_in_the_language_that_is_asked_for(client: Client) -> None:
    answer = client.get(f"{V1}/projects/x", headers={"accept-language": "lv"})

    assert "Accept-Language" in answer.headers["Vary"]
    assert answer.headers["Content-Language"] == "lv"
    assert "Projekta ar adresi" in json.loads(answer.content)["detail"]


def test_an_answer_that_is_known_is_not_sent_again(client: Client, project: Project) -> None:
    for path in ("/", "/openapi.json", "/projects", "/projects/tw-1/tables/components"):
        first = client.get(V1 + path)
        again = client.get(V1 + path, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_page_lists_every_address(client: Client) -> None:
    paths = ask(client, "/openapi.json")["paths"]
    for lang, taken in (("en", "The number of a release"), ("lv", "Laidiena numurs")):
        text = words(client.get(f"/{lang}/api/"))
        assert f"{SITE}{V1} " in text
        assert [path for path in paths if f" {path} " not in text] == []
        assert taken in text


def test_other_sites_read_what_is_public_and_nothing_of_the_office(
    client: Client, project: Project
) -> None:
    for path in ("/en/", "/en/projects/tw-1/release.json", "/robots.txt", "/audit/heads.json"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/admin/", "/admin/login/", "/admin/account/login/", "/desk/tw-1/admin/"):
        answer = client.get(path)
        assert "Access-Control-Allow-Origin" not in answer.headers, path
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
