"""What the tables of results do; the rules that they keep are met in tests/breaches."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import override

from deliverables.projects.models import Change
from tests.make import (
    make_component,
    make_deliverable,
    make_item,
    make_project,
)

pytestmark = pytest.mark.django_db


def test_dates_of_unlike_precision_that_may_be_one_day_pass() -> None:
    made = make_project(start_actual="2019-02-21", end_actual="2019")

    assert (made.start_actual, made.end_actual) == ("2019-02-21", "2019")


def test_codes_are_in_the_order_of_their_numbers() -> None:
    component = make_component(make_project())
    for code in ("D1.10", "D1.2", "D2.1", "D1.1"):
        make_deliverable(component, code)

    codes = component.deliverables.values_list("code", flat=True)

    assert list(codes) == ["D1.1", "D1.2", "D1.10", "D2.1"]


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE deliverables_deliverable SET weight = 2",
        "UPDATE deliverables_item SET title_en = 'x'",
        "UPDATE deliverables_figure SET value = 2",
        "DELETE FROM deliverables_figure",
    ],
)
def test_raw_sql_notes_the_project_as_changed(write: str) -> None:
    made = make_item(make_deliverable(make_component(make_project())))
    made.figures.create(value=1, label_lv="x", label_en="x")
    Change.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(write)

    assert [change.project.slug for change in Change.objects.all()] == ["tw-1"]


def test_a_write_that_changes_nothing_is_not_noted() -> None:
    make_project()
    Change.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE deliverables_project SET title_en = title_en")

    assert not Change.objects.exists()


def test_a_long_title_is_cut_where_one_sees_it() -> None:
    part = make_component(make_project())
    exact, longer = (
        make_deliverable(part, code, title_en="x" * length)
        for code, length in (("D1.1", 80), ("D1.2", 81))
    )

    with override("en"):
        assert str(exact) == f"D1.1 {'x' * 80}"
        assert str(longer) == f"D1.2 {'x' * 79}…"


@pytest.mark.parametrize("name", ["start_actual", "end_actual"])
def test_what_has_not_come_is_no_actual_date(name: str) -> None:
    project = make_project()
    setattr(project, name, "2100-01")
    with pytest.raises(ValidationError) as refused:
        project.full_clean()
    assert refused.value.message_dict == {
        name: ["The date 2100-01 has not come yet; a planned one has a field of its own."]
    }
    for said in ("", "2026-01-05"):
        setattr(project, name, said)
        project.full_clean()
