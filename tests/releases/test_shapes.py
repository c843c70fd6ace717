"""The shape of documents has a number: another shape has another one, and a reader for this one."""

from __future__ import annotations

from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from office.findings import everything
from releases.actions import publish, publish_loaded
from releases.document import shapes
from releases.document.build import canonical, digest
from releases.document.schema import schema
from releases.findings import made_otherwise, unknown
from releases.models import Release
from tests.make import make_component, make_deliverable, make_project, make_release

CALLED = "title_en"
PAGES = ("", "deliverables/", "data/", "release.json", "deliverables.csv", "releases/1..2/")


def undescribed(part: Any) -> Any:
    """A schema without what it says to people; a column may be called `description`."""
    if isinstance(part, list):
        return [undescribed(one) for one in part]
    if not isinstance(part, dict):
        return part
    texts = {key for key, value in part.items() if key == "description" and type(value) is str}
    return {key: undescribed(value) for key, value in part.items() if key not in texts}


KINDS = {str: "string", int: "integer", bool: "boolean", type(None): "null"}
KEY = {"string", "integer"}  # of a reference: which of both, the table that it names says


def disagreements(type_: Any, part: dict[str, Any], at: str) -> list[str]:
    """Where a type says another thing than the schema; what counts by state stands open in it."""
    if is_typeddict(type_):
        told, asked = get_type_hints(type_), part["properties"]
        missing = [f"{at}.{key}" for key in sorted(told.keys() ^ asked.keys())]
        both = sorted(told.keys() & asked.keys())
        return missing + [
            one for key in both for one in disagreements(told[key], asked[key], f"{at}.{key}")
        ]
    if get_origin(type_) is list:
        return disagreements(get_args(type_)[0], part["items"], f"{at}[]")
    if get_origin(type_) is dict:
        _key, value = get_args(type_)
        return [
            one
            for key, counted in part["properties"].items()
            for one in disagreements(value, counted, f"{at}.{key}")
        ]
    words = part["enum"] if "enum" in part else [part["const"]] if "const" in part else []
    kinds = [KINDS[type(word)] for word in words] or part["type"]
    known = {kinds} if isinstance(kinds, str) else set(kinds)
    said = {KINDS[one] for one in get_args(type_) or (type_,)}
    return [] if said == known or said < known == KEY else [at]


def test_the_types_of_a_document_say_what_its_schema_says() -> None:
    whole = schema()
    assert disagreements(shapes.Document, whole, "document") == []

    parts = whole["properties"]
    row, totals = parts["deliverables"]["items"]["properties"], parts["totals"]["properties"]
    del row["parent"], totals["days"]["properties"]["accepted"], parts["items"]
    row["weight"] = totals["experts"]["properties"]["whole"] = {"type": "string"}
    row["component"] = {"type": ["string", "null"]}
    row["added"] = {"type": "string"}
    assert sorted(disagreements(shapes.Document, whole, "document")) == [
        "document.deliverables[].added",
        "document.deliverables[].component",
        "document.deliverables[].parent",
        "document.deliverables[].weight",
        "document.items",
        "document.totals.days.accepted",
        "document.totals.experts.whole",
    ]


def test_another_shape_has_another_number() -> None:
    """Where this fails: a new NUMBER, a reader for the shape before, a file for its schema."""
    assert digest(undescribed(schema())) == shapes.SHA256


def test_each_shape_has_its_schema_and_each_but_the_last_a_reader() -> None:
    numbers = range(1, shapes.NUMBER + 1)
    kept = (settings.BASE_DIR / "static" / "releases").glob("release-*.schema.json")

    assert {path.name for path in kept} == {f"release-{n}.schema.json" for n in numbers}
    assert set(shapes.READERS) == {f"twinning-release-{n}" for n in numbers[:-1]}


@pytest.fixture
def project() -> Project:
    project = make_project(publishing="at_once")
    make_deliverable(make_component(project), "D1.1")
    publish(project, by=None)
    return project


def older(project: Project) -> Release:
    """A release in which the title of a project was called otherwise."""
    document = dict(Release.objects.get(project=project, number=1).document)
    document["schema"] = "twinning-release-0"
    document["project"] = {**document["project"]}
    document["project"]["called"] = "Formerly " + document["project"].pop(CALLED)
    made_at = Release.objects.get(project=project, number=1).made_at
    return make_release(project, document, number=2, made_at=made_at)


def renamed(document: dict[str, Any]) -> dict[str, Any]:
    project = dict(document["project"])
    project[CALLED] = project.pop("called")
    return {**document, "schema": shapes.SCHEMA, "project": project}


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_an_unknown_shape_is_refused_with_a_sentence(
    project: Project, client: Client, lang: str
) -> None:
    older(project)

    for page in PAGES:
        answer = client.get(f"/{lang}/projects/tw-1/{page}")
        assert answer.status_code == 503, page
        text = answer.content.decode()
        assert "twinning-release-0" in text
        assert "Formerly" not in text
        assert ("in a shape that this one does not know" in text) == (lang == "en")
    answer = client.get(f"/{lang}/")
    assert (answer.status_code, "twinning-release-0" in answer.content.decode()) == (503, True)


@pytest.mark.django_db
def test_an_unknown_shape_is_refused_in_the_office_and_stops_no_other_project(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    older(project)
    Deliverable.objects.update(weight=2)
    other = make_project("tw-2", publishing="at_once")
    office = Client(raise_request_exception=False)
    office.force_login(User.objects.create_superuser("root"))

    page = office.get("/admin/releases/release/tw-1/changes/")
    made = publish_loaded(["tw-1", "tw-2"])

    assert (page.status_code, "twinning-release-0" in page.content.decode()) == (503, True)
    assert [release.slug for release in made] == [other.slug]
    assert "No release of tw-1: The data asked for were released by another version" in caplog.text


@pytest.mark.django_db
def test_an_unknown_shape_is_a_finding(project: Project) -> None:
    assert list(unknown()) == []
    release = older(project)

    (finding,) = unknown()

    assert finding.sentence == (
        "The document of release 2 is of a shape that this version of the register does not know. "
        "Its public pages show nothing of it. Tell the people who run the register."
    )
    assert finding in everything()
    release.files = [{"path": "experts.csv", "sha256": "0" * 64}]
    assert made_otherwise(release) == ["experts.csv"]


@pytest.mark.django_db
def test_an_older_shape_is_read_through_its_reader_and_given_out_as_it_was(
    project: Project, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = older(project)
    monkeypatch.setitem(shapes.READERS, "twinning-release-0", renamed)

    for page in PAGES:
        assert client.get(f"/en/projects/tw-1/{page}").status_code == 200, page
    assert "Formerly" in client.get("/en/projects/tw-1/").content.decode()
    assert "Formerly" in client.get("/en/").content.decode()
    assert client.get("/en/projects/tw-1/release.json").content == canonical(release.document)
    page = client.get("/en/projects/tw-1/data/").content.decode()
    assert release.digest in page
    assert "/static/releases/release-0.schema.json" in page
    assert list(unknown()) == []
    made = publish(project, by=None)
    assert made is not None
    assert made.changed == {"changed": 1}
