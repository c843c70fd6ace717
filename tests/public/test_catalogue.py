"""The catalogue of open data: its shapes are asked by pyshacl elsewhere, its files here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from rdflib import Graph, Namespace
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from releases.actions import publish
from tests.make import make_component, make_project

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("seeded"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),  # of rdflib, in itself
]
EU = Namespace("http://publications.europa.eu/resource/authority/")


def graph(client: Client) -> Graph:
    answer = client.get("/catalog.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    return Graph().parse(data=answer.content, format="json-ld")


def test_each_released_project_is_a_data_set_whose_files_answer(
    client: Client, settings: Any
) -> None:
    settings.OPERATOR_NAME, settings.DATA_LICENCE = "Office", "CC-BY-4.0"
    make_component(make_project(slug="draft"))
    said = graph(client)
    (catalogue,) = said.subjects(RDF.type, DCAT.Catalog)
    (publisher,) = {*said.objects(None, DCTERMS.publisher)}
    files = [str(url) for url in said.objects(None, DCAT.downloadURL)]

    assert {str(slug) for slug in said.objects(None, DCTERMS.identifier)} == {
        "demo",
        "ks-14-jb-jh-04",
    }
    assert set(said.objects(catalogue, DCAT.dataset)) == {*said.subjects(RDF.type, DCAT.Dataset)}
    assert str(said.value(publisher, FOAF.name)) == "Office"
    assert {*said.objects(None, DCTERMS.license)} == {EU["licence/CC_BY_4_0"]}
    assert len(files) == 6
    for file in files:
        assert client.get(file.removeprefix(settings.SITE_URL)).status_code == 200, file


def test_no_licence_is_promised_where_none_was_stated(client: Client) -> None:
    said = graph(client)
    (publisher,) = {*said.objects(None, DCTERMS.publisher)}

    assert [*said.objects(None, DCTERMS.license)] == []
    assert str(said.value(publisher, FOAF.name)) == "Register of EU Twinning projects"


def test_whatever_is_named_has_its_type_and_its_words(client: Client, settings: Any) -> None:
    """What the shapes of DCAT-AP ask for: no harvester loads more than this file."""
    settings.DATA_LICENCE, settings.CONTACT_EMAIL = "CC-BY-4.0", "a@example.org"
    untyped = []

    def walk(value: Any, key: str = "") -> None:
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict) or key == "@context" or "@value" in item:
                continue
            if "@type" not in item and key != "vcard:hasEmail":
                untyped.append((key, item))
            for name, part in item.items():
                walk(part, name)

    walk(json.loads(client.get("/catalog.jsonld").content))
    assert untyped == []


def test_a_new_release_changes_the_files_that_are_named(client: Client) -> None:
    before = {*graph(client).objects(None, DCAT.downloadURL)}
    project = make_project(slug="new")
    make_component(project)
    publish(project, by=None)

    after = {*graph(client).objects(None, DCAT.downloadURL)}

    assert {str(url).split("/projects/")[1] for url in after - before} == {
        f"new/releases/1/{name}" for name in ("all.zip", "release.json", "datapackage.json")
    }
