from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from budget.models import Line
from tests.make import make_entry, make_line, make_project

pytestmark = pytest.mark.django_db


def entry(**given: Any) -> Callable[[], Any]:
    return lambda: make_entry(make_line(make_project()), **given)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (entry(kind="gift"), "entry_kind_is_known"),
        (entry(amount="-0.01"), "entry_amount_is_not_negative"),
        (entry(rounded_to="0.00"), "entry_rounding_is_positive"),
        (entry(on="2019-13"), "entry_on_is_a_date"),
        (entry(code="1"), "entry_code_begins_with_a_letter"),
        (lambda: make_line(make_project(), "1.1"), "line_code_begins_with_a_letter"),
    ],
)
def test_the_database_keeps_the_rule(make: Callable[[], Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make()


def test_with_sums_adds_each_kind_once() -> None:
    line = make_line(make_project())
    make_entry(line, "N1", amount="10.00")
    make_entry(line, "N2", amount="20.50")
    make_entry(line, "N3", kind="spent", amount="7.00")
    make_line(line.project, "B2")

    sums = [(line.code, line.planned, line.spent) for line in Line.objects.with_sums()]

    assert sums == [
        ("B1", Decimal("30.50"), Decimal("7.00")),
        ("B2", Decimal("0.00"), Decimal("0.00")),
    ]
