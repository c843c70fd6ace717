"""The released document of the first project against its seed and its source, fact by fact."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from releases.document.build import canonical
from releases.document.schema import schema
from releases.document.shapes import NUMBER
from releases.document.tables import PUBLISHED, RESOURCES
from releases.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
MADE_BY_THE_DATABASE = {"counts", "name_key", "file_sha256", "file_kind", "file_size"}
SLUGS = ("ks-14-jb-jh-04", "demo")
KS14 = settings.BASE_DIR / "seed" / "ks-14-jb-jh-04"


def document(slug: str = "ks-14-jb-jh-04") -> dict[str, Any]:
    found: dict[str, Any] = Release.objects.filter(slug=slug).in_force(None)[0].document
    return found


def seed_rows(folder: Path, table: str) -> list[dict[str, str]]:
    path = folder / f"{table}.csv"
    if not path.exists():  # the source knows nothing of it
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(value: Any) -> str:
    """A document's value as the seed writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("table", sorted(RESOURCES.keys() & PUBLISHED.keys()))
def test_each_table_of_the_document_is_the_seed_and_nothing_else(slug: str, table: str) -> None:
    resource = RESOURCES[table]
    public = {column.key for column in resource.public_columns()} - MADE_BY_THE_DATABASE
    rows = document(slug)["project"] if table == "projects" else document(slug)[table]
    rows = [rows] if table == "projects" else rows

    released = sorted(tuple(written(row[key]) for key in sorted(public)) for row in rows)
    seeded = sorted(
        tuple(row.get(key, "") for key in sorted(public))
        for row in seed_rows(settings.BASE_DIR / "seed" / slug, table)
    )

    assert released == seeded


@pytest.mark.parametrize("slug", SLUGS)
def test_the_document_has_the_published_shape(slug: str) -> None:
    jsonschema.Draft202012Validator(schema()).validate(document(slug))


def test_the_published_schema_is_the_one_that_the_resources_give() -> None:
    kept = settings.BASE_DIR / "static" / "releases" / f"release-{NUMBER}.schema.json"
    with translation.override("en"):
        assert json.loads(kept.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


def test_the_figures_of_the_first_project() -> None:
    doc = document()
    totals = doc["totals"]

    assert {key: totals["results"][key] for key in ("whole", "delivered", "documented")} == {
        "whole": 18,
        "delivered": 18,
        "documented": 0,
    }
    assert totals["results"]["percent_delivered"] is None
    assert (totals["results"]["reported_by"], totals["results"]["reported_on"]) == (
        "PMLP",
        "2019-04-15",
    )
    assert [(part["number"], part["whole"]) for part in totals["components"]] == [
        (1, 3),
        (2, 7),
        (3, 7),
        (4, 1),
    ]
    assert totals["experts"] == {
        "whole": 15,
        "by_country": [{"country": "LV", "count": 15}],
        "by_institution": [
            {"country": "LV", "institution": "LV-1", "count": 8},
            {"country": "LV", "institution": "", "count": 7},
        ],
    }
    budget = totals["budget"]
    assert [budget[key] for key in ("planned", "spent", "percent", "percent_low")] == [
        "2500000.00",
        "2200000.00",
        "88.0",
        "84.3",
    ]
    assert [item["kind"] for item in doc["items"]].count("regulated_area") == 10
    assert [item["kind"] for item in doc["items"]].count("campaign_activity") == 5
    assert [(figure["value"], figure["label_en"]) for figure in doc["figures"]] == [
        (7, "municipalities whose residents were met"),
        (7, "higher education institutions where information sessions were held"),
        (550, "students who attended the information sessions (all institutions together)"),
    ]
    assert sorted({row["country"] for row in doc["partnerships"]} - {"XK"}) == [
        "AT",
        "BE",
        "LV",
        "NL",
        "PL",
        "SE",
    ]


def test_what_the_source_does_not_state_is_empty() -> None:
    doc = document()

    project = doc["project"]
    unstated = ("contract_number", "fund", "start_planned", "end_planned")
    assert [project[key] for key in unstated] == [""] * 4
    dates = ("due_original", "due_current", "delivered_on", "accepted_on", "adopted_on")
    assert {row[key] for row in doc["deliverables"] for key in dates} == {""}
    assert len(doc["budget_lines"]) == 1


def test_each_quotation_is_its_line_of_the_source() -> None:
    text = (KS14 / "source-lv.txt").read_bytes()
    (source,) = document()["sources"]
    assert hashlib.sha256(text).hexdigest() == source["sha256"]
    lines = text.decode().splitlines()

    quoted = [row for row in document()["evidence"] if row["quote"]]

    assert len(quoted) > 40
    for row in quoted:
        assert row["quote"].strip() == lines[row["line"] - 1].strip(), row["code"]


def test_each_statement_of_fact_rests_on_a_line() -> None:
    doc = document()
    lines = {row["code"] for row in doc["evidence"] if row["line"]}
    cited = {row["deliverable"] for row in doc["evidence"]}

    assert {row["code"] for row in doc["deliverables"]} <= cited
    for table in ("components", "items", "partnerships", "assignments", "budget_entries"):
        assert {row["evidence"] for row in doc[table]} <= lines, table


def test_no_document_holds_a_personal_name() -> None:
    for slug in SLUGS:
        assert "Vaikulis" not in canonical(document(slug)).decode()


def test_loading_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_seed")

    assert capsys.readouterr().out == (
        "2 projects: 0 rows new, 0 changed, 411 unchanged; 0 releases made.\n"
    )
