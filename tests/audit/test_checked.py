"""The check constraints of a row are asked of the database at once, and answered as Django does."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from audit.rows import checked
from deliverables.ladder.models import Deliverable
from tests.make import make_component, make_deliverable, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Deliverable:
    return make_deliverable(make_component(make_project()))


def test_a_row_that_keeps_its_rules_asks_one_question_about_all_of_them(row: Deliverable) -> None:
    checks = [rule for rule in row._meta.constraints if isinstance(rule, models.CheckConstraint)]
    assert len(checks) > 5

    with CaptureQueriesContext(
        connection,
    ) as queries:
        row.validate_constraints()

    asked = [query["sql"] for query in queries if '"_check"' in query["sql"]]
    assert len(asked) == 1
    assert asked[0].count("COALESCE") == len(checks)


def test_rules_are_compiled_once_and_a_row_brings_its_values(
    row: Deliverable, monkeypatch: pytest.MonkeyPatch
) -> None:
    row.validate_constraints()
    monkeypatch.setattr(checked, "Coalesce", lambda *args, **kwargs: pytest.fail("compiled again"))

    row.validate_constraints()

    row.weight = 0
    with pytest.raises(ValidationError):
        row.validate_constraints()
    row.validate_constraints(exclude={"weight"})


def test_what_is_broken_is_said_as_django_says_it(row: Deliverable) -> None:
    row.title_lv, row.weight = "", 0
    with pytest.raises(ValidationError) as ours:
        row.validate_constraints()
    with pytest.raises(ValidationError) as djangos:
        models.Model.validate_constraints(row)

    assert ours.value.message_dict == djangos.value.message_dict
    assert sum(map(len, ours.value.message_dict.values())) == 2


def test_a_rule_about_a_column_that_is_not_looked_at_waits(row: Deliverable) -> None:
    row.weight = 0

    row.validate_constraints(exclude={"weight"})

    row.title_lv = ""
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints(exclude={"weight"})
    assert sum(map(len, caught.value.message_dict.values())) == 1


def test_a_value_that_the_database_cannot_read_is_left_to_its_field(row: Deliverable) -> None:
    row.weight = 10**30

    with pytest.raises(ValidationError):
        row.full_clean()
    assert Deliverable.objects.count() == 1, "the transaction goes on"
