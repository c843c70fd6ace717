"""Every column and every code of a file is described in both languages, for people and programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation

from exchange.exports.packages import TableFile, csvw, data_package
from exchange.tables.columns import UNITS
from releases.document.codes import MEANINGS, coded, codes_of, lists
from releases.document.extracts import ALL
from releases.document.tables import PUBLISHED

RESOURCES = {resource.table: resource for resource in (*ALL, *PUBLISHED.values())}
PARTS = [TableFile(resource, f"{resource.table}.csv", 1, "0" * 64) for resource in ALL]


@pytest.mark.parametrize("language", ["en", "lv"])
def test_every_column_has_a_meaning_that_is_a_sentence_and_not_its_label(language: str) -> None:
    lacking = []
    with translation.override(language):
        for resource in RESOURCES.values():
            for column in resource.extract_columns():
                meaning, label = resource.meaning(column), column.label(resource.model())
                if label.casefold() == meaning.casefold().rstrip(".") or not meaning.endswith("."):
                    lacking.append((resource.table, column.key, meaning))

    assert lacking == []
    assert sum(len(resource.extract_columns()) for resource in ALL) > 250


def test_a_meaning_is_not_what_the_form_asks_for() -> None:
    """No reader is told to leave something empty."""
    with translation.override("en"):
        told = {r.meaning(column) for r in ALL for column in r.extract_columns()}

    assert [text for text in told if "eave empty" in text or "not typed" in text] == []


def test_every_number_of_something_has_its_unit_and_every_day_its_pattern() -> None:
    used = {column.unit for r in ALL for column in r.extract_columns() if column.unit}
    for resource in ALL:
        model = resource.model()
        for column in resource.extract_columns():
            kind = column.kind(model)
            assert column.unit or kind != "money", (resource.table, column.key)
            assert bool(column.pattern(model)) == (kind in ("date", "moment")), column.key

    assert used == UNITS.keys()


def test_every_code_has_a_label_and_a_meaning_in_both_languages() -> None:
    for enum, means in MEANINGS.items():
        assert list(map(str, means)) == enum.values, enum
    told = [codes_of(resource, column) for resource, column in coded()]
    assert None not in told
    for language in ("en", "lv"):
        with translation.override(language):
            for codes in lists():
                for code in codes.codes:
                    assert str(code.label), (codes.name, code.code)
                    assert len(str(code.meaning)) > 4, (codes.name, code.code)


def written(description: dict[str, object]) -> Any:
    """As programs read it."""
    return json.loads(json.dumps(description))


def fields(descriptor: dict[str, Any], table: str) -> dict[str, Any]:
    (found,) = (one for one in descriptor["resources"] if one["name"] == table)
    return {field["name"]: field for field in found["schema"]["fields"]}


def test_the_data_package_tells_codes_units_patterns_and_meanings() -> None:
    with translation.override("en"):
        package = written(data_package("demo", "Demo", PARTS, {}, codes_of))
    deliverables, moves = fields(package, "deliverables"), fields(package, "contract_moves")
    rung, due, done = (deliverables[name] for name in ("rung", "due_original", "achievements"))

    assert rung["constraints"]["enum"] == [one["value"] for one in rung["categories"]]
    assert rung["categories"][2] == {
        "value": "delivered",
        "label": "Reported delivered",
        "label_lv": "Paziņots par sasniegtu",
        "description": "The implementer says that it is delivered. Nobody else has checked it yet.",
        "description_lv": "Īstenotājs paziņojis, ka tas ir sasniegts. Neviens cits to vēl nav "
        "pārbaudījis.",
    }
    assert [one["value"] for one in done["codes"]][:2] == ["developed", "adopted"]
    assert due["constraints"]["pattern"] == r"\d{4}(-\d{2}(-\d{2})?)?"
    assert moves["from_on"]["type"] == "date"
    assert (moves["amount"]["unit"], moves["days"]["unit"]) == ("EUR", "d")
    assert due["description_lv"].startswith("Termiņš pēc sākotnēji parakstītā līguma")
    assert "take the first apostrophe away" in package["description"]


def test_csv_on_the_web_leads_from_each_code_to_where_it_is_explained() -> None:
    with translation.override("en"):
        told = written(csvw(PARTS, "", codes_of, "https://register.example/en/codes/"))
    tables = {table["url"]: table["tableSchema"]["columns"] for table in told["tables"]}
    columns = {column["name"]: column for column in tables["results.csv"]}

    assert columns["status"]["valueUrl"] == (
        "https://register.example/en/codes/#deliverables.rung.{status}"
    )
    assert columns["baseline_due"]["datatype"]["base"] == "string"
    assert [text["@language"] for text in columns["status"]["dc:description"]] == ["en", "lv"]
    sizes = {column["name"]: column for column in tables["evidence_index.csv"]}
    assert sizes["size"]["schema:unitText"] == "bytes"
