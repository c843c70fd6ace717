"""What becomes of the rows that a question finds, whatever it asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from deliverables.ladder.models import Deliverable
from deliverables.projects.checking import (
    ERROR,
    LONGEST_KEY,
    WARNING,
    Case,
    Checks,
    Finding,
    within,
)
from tests.make import make_component, make_deliverable, make_project

pytestmark = pytest.mark.django_db
CHECKS = Checks()


@CHECKS.finds(ERROR, "%(code)s of %(of)s is “%(rung)s”.", code="code", of="component.number",
              rung="rung")  # fmt: skip
def results(only: Any) -> Any:
    return within(Deliverable.objects.all(), only)


@CHECKS.finds(ERROR, "%(code)s has %(sum)s.", about="component", code="code")
def sums(only: Any) -> Iterator[Case]:
    for row in within(Deliverable.objects.all(), only):
        yield Case(row, sum=Decimal("1234.50"))
        yield Case(row, "%(code)s: %(word)s", WARNING, word=("code", "words"))
        yield Case(row, "%(text)s", text="x" * 500)


@CHECKS.finds(WARNING, "Nobody.", project=None)
def nobody(only: Any) -> Iterator[Case]:
    yield Case(None)


def test_a_row_becomes_a_finding_by_the_paths_of_its_question() -> None:
    row = make_deliverable(make_component(make_project()))
    make_deliverable(make_component(make_project("other")))

    (found,) = results(row.project)
    with translation.override("lv"):
        (translated,) = results(row.project)

    assert found == Finding(
        "error", "tw-1", "D1.1 of 1 is “Planned”.", "results",
        f"deliverables.deliverable:{row.pk}", "results D1.1 1 planned",
    )  # fmt: skip
    assert translated.sentence != found.sentence
    assert translated.key == found.key
    assert {one.project for one in results()} == {"tw-1", "other"}


def test_a_case_adds_facts_or_says_it_otherwise() -> None:
    row = make_deliverable(make_component(make_project()))
    given, otherwise, long = sums()

    assert (given.severity, given.sentence, given.key) == (
        "error", "D1.1 has 1,234.50.", "sums D1.1 1234.50"
    )  # fmt: skip
    assert given.about == f"deliverables.component:{row.component_id}"
    assert (otherwise.severity, otherwise.sentence) == ("warning", "D1.1: words")
    assert otherwise.key == "sums D1.1 code"
    assert len(long.key) == LONGEST_KEY


def test_questions_are_asked_in_their_order_and_one_may_be_about_no_row() -> None:
    assert [check.code for check in CHECKS] == ["results", "sums", "nobody"]
    assert list(nobody()) == [Finding("warning", "", "Nobody.", "nobody", "", "nobody")]
