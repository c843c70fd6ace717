from __future__ import annotations

from decimal import Decimal

import pytest

from budget.money.models import Line
from tests.make import make_entry, make_line, make_project

pytestmark = pytest.mark.django_db


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
