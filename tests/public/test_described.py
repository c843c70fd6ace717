"""What pages say of a project to search engines, read by a library of somebody else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from deliverables.projects.models import Project
from releases.actions import publish
from tests.public.make import KS, make_released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SCHEMA = Namespace("https://schema.org/")


def data(client: Client, address: str) -> dict[str, Any]:
    (block,) = BLOCK.findall(client.get(address).content.decode())
    loaded: dict[str, Any] = json.loads(block)
    return loaded


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # of the library, in itself
def test_a_stranger_reads_project_and_data_set_and_each_file_answers(
    client: Client, settings: Any
) -> None:
    settings.OPERATOR_NAME, settings.DATA_LICENCE = "Office", "CC-BY-4.0"
    settings.SITE_URL = "https://register.example.org"
    said = data(client, f"/en/{KS}")
    assert said["@context"] == "https://schema.org"
    # Its context is on the web; what it says of terms is this.
    graph = Graph().parse(
        data=json.dumps(said | {"@context": {"@vocab": SCHEMA}}), format="json-ld"
    )
    (dataset,) = graph.subjects(RDF.type, SCHEMA.Dataset)
    (project,) = graph.subjects(RDF.type, SCHEMA.Project)
    files = [str(url) for url in graph.objects(None, SCHEMA.contentUrl)]

    assert (dataset, SCHEMA.about, project) in graph
    assert str(graph.value(dataset, SCHEMA.version)) == "1"
    assert str(graph.value(dataset, SCHEMA.license)).startswith("https://creativecommons.org/")
    assert str(graph.value(graph.value(dataset, SCHEMA.publisher), SCHEMA.name)) == "Office"
    assert 50 <= len(str(graph.value(dataset, SCHEMA.description))) <= 5000
    assert len(files) > 40
    for file in files[::9]:
        assert client.get(file.removeprefix(settings.SITE_URL)).status_code == 200, file


def test_what_is_not_stated_is_not_said(client: Client) -> None:
    text = json.dumps(data(client, f"/lv/{KS}"))
    assert "license" not in text
    assert "publisher" not in text
    assert "null" not in text


def test_only_the_newest_release_describes_itself(client: Client) -> None:
    today = timezone.localdate()
    for address in (f"/en/{KS}?at={today}", f"/en/{KS}releases/1/", f"/en/{KS}budget/", "/en/"):
        assert BLOCK.findall(client.get(address).content.decode()) == [], address


def test_no_text_ends_the_block(client: Client) -> None:
    project: Project = make_released(1, slug="sharp")
    Project.objects.filter(pk=project.pk).update(title_en="</script><b>&amp; it")
    publish(project, by=None)

    assert data(client, "/en/projects/sharp/")["@graph"][0]["name"] == "</script><b>&amp; it"
