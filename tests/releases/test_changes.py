from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from releases.document import live
from releases.document.changes import KEYS, DocumentDifference, between
from releases.document.sentences import DifferenceInWords, in_words
from releases.document.tables import PUBLISHED
from tests.make import make_component, make_deliverable, make_project


def doc(**tables: list[dict[str, Any]]) -> dict[str, Any]:
    return {"project": {"slug": "x"}, **tables}


def test_between_tells_new_gone_and_changed_rows_apart() -> None:
    old = doc(deliverables=[{"code": "D1", "weight": 1}, {"code": "D2", "weight": 1}])
    new = doc(deliverables=[{"code": "D1", "weight": 2}, {"code": "D3", "weight": 1}])

    assert between(old, new) == [
        DocumentDifference("deliverables", "D1", "changed", (("weight", 1, 2),)),
        DocumentDifference("deliverables", "D3", "new"),
        DocumentDifference("deliverables", "D2", "gone"),
    ]


def test_between_tells_rows_apart_whose_keys_look_alike() -> None:
    """The project's own title has no component; component 0 is another thing."""
    old = doc(titles=[{"component": "", "position": 1, "title": "a"},
                      {"component": 0, "position": 1, "title": "b"}])  # fmt: skip
    new = doc(titles=[{"component": "", "position": 1, "title": "changed"},
                      {"component": 0, "position": 1, "title": "b"}])  # fmt: skip

    assert [difference.cells for difference in between(old, new)] == [(("title", "a", "changed"),)]


def test_between_equal_documents_is_nothing() -> None:
    assert between(doc(), doc()) == []


def test_every_table_of_a_document_is_compared() -> None:
    assert set(KEYS) | {"projects"} == set(PUBLISHED)


@pytest.mark.django_db
def test_words_name_thing_row_and_both_values_in_either_language() -> None:
    deliverable = make_deliverable(make_component(make_project()))
    old = live.build(deliverable.project)
    deliverable.due_current = "2026-12"
    deliverable.save()

    (difference,) = between(old, live.build(deliverable.project))

    with translation.override("en"):
        assert in_words(difference) == DifferenceInWords(
            "Changed: deliverable D1.1.", [("due, current", "not stated", "2026-12")]
        )
    with translation.override("lv"):
        assert in_words(difference) == DifferenceInWords(
            "Mainīts: nodevums D1.1.", [("termiņš, pašreizējais", "nav ziņu", "2026-12")]
        )
