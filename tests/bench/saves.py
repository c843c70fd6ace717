"""make bench: what `full_clean` costs with the check constraints asked at once, and one by one.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.bench.pages import ROUNDS, median
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_line,
    make_mission,
    make_project,
)


@pytest.mark.django_db
def test_bench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    component = make_component(make_project())
    rows: list[models.Model] = [
        make_deliverable(component),
        make_mission(make_activity(component)),
        make_line(component.project),
    ]
    told = []
    for row in rows:
        name, at_once, asked = row._meta.verbose_name, median(row.full_clean), queries(row)
        with monkeypatch.context() as patch:
            djangos = models.Model.validate_constraints
            patch.setattr(type(row), "validate_constraints", djangos, raising=False)
            one_by_one, asked_before = median(row.full_clean), queries(row)
        told.append(
            f"| {name} | {asked} | {asked_before} | {at_once:.1f} | {one_by_one:.1f} "
            f"| {at_once / one_by_one:.2f} |"
        )
    with capsys.disabled():
        print(  # noqa: T201
            f"\n| full_clean, ms, median of {ROUNDS} | queries | one by one | ms | one by one "
            "| ratio |\n|---|---|---|---|---|---|",
            *told,
            sep="\n",
        )


def queries(row: models.Model) -> int:
    with CaptureQueriesContext(connection) as found:
        row.full_clean()
    return len(found)
