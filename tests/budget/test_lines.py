"""What amounts rest on stays: the heading of moved money, the cost basis of spending."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from budget.money.models import ContractChange, Heading, Line
from budget.money.models.line import BASIS_STAYS, HEADING_STAYS
from experts.people.models import Partnership
from tests.exchange.files import Session
from tests.make import (
    make_change,
    make_component,
    make_entry,
    make_heading,
    make_line,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(client: Client) -> Line:
    """B1 under H1 with an amount planned, B2 under H2, and nothing moved yet."""
    project = make_project(publishing="by_hand")
    client.force_login(make_member(project, name="lea"))
    lines = [make_line(project, f"B{n}", heading=make_heading(project, f"H{n}")) for n in (1, 2)]
    make_entry(lines[0])
    return lines[0]


def told(line: Line, **given: Any) -> dict[str, list[str]]:
    """What the row's own checks say of a change, after the database has said the same."""
    table = Line.objects.filter(pk=line.pk)
    for name, value in given.items():
        setattr(line, name, value)
    try:
        line.full_clean()
    except ValidationError as error:
        rule = "heading" if "heading" in given else "cost_basis"
        with pytest.raises(IntegrityError, match=f"line_keeps_its_{rule}"), transaction.atomic():
            table.update(**given)
        return error.message_dict
    table.update(**given)
    return {}


def moved(line: Line) -> None:
    change: ContractChange = make_change(line.project)
    make_entry(line, "B7", amount="-5.00", change=change)


def test_once_money_was_moved_a_line_with_amounts_stays_under_its_heading(line: Line) -> None:
    other = Heading.objects.get(code="H2")
    assert told(line, heading=other) == {}  # until then it is only sorted in
    moved(Line.objects.get(code="B2"))

    assert told(line, heading=None) == {"heading": [str(HEADING_STAYS)]}
    assert told(make_line(line.project, "B3"), heading=other) == {}  # it has no amount yet


def test_spending_keeps_its_cost_basis_and_rate_and_what_was_not_stated_is_filled_in(
    line: Line,
) -> None:
    make_entry(line, "B2", kind="spent")

    assert told(line, cost_basis="unit_cost", priced_by="fee") == {}
    assert told(line, priced_by="") == {"priced_by": [str(BASIS_STAYS)]}
    line.refresh_from_db()
    assert told(line, cost_basis="actual", priced_by="") == {"cost_basis": [str(BASIS_STAYS)]}
    assert told(Line.objects.get(code="B2"), cost_basis="actual") == {}
    assert told(Line.objects.get(code="B2"), cost_basis="flat_rate") == {}


def test_a_line_paid_for_days_keeps_the_component_and_partner_whose_days_they_are(
    line: Line,
) -> None:
    one, other = (make_component(line.project, number) for number in (1, 2))
    partner = Partnership.objects.create(project=line.project, code="P1", country="LV", role="lead")
    assert told(line, component=one) == {}
    assert told(line, cost_basis="unit_cost", priced_by="fee") == {}
    assert told(line, component=other) == {}  # nothing is spent on it yet
    make_entry(line, "B2", kind="spent")

    for given in ({"component": one}, {"component": None}, {"partner": partner}):
        ((name, sentences),) = told(line, **given).items()
        assert (name, sentences) == (next(iter(given)), [str(BASIS_STAYS)])
        line.refresh_from_db()
    unpriced = Line.objects.get(code="B2")
    make_entry(unpriced, "B2", kind="spent")
    assert told(unpriced, component=one) == {}


def test_an_import_says_so_and_writes_nothing(client: Client, line: Line) -> None:
    moved(line)
    page = Session(client, "line", "budget").upload("project,code,heading\ntw-1,B1,H2\n")

    assert str(HEADING_STAYS) in page.text
    line.refresh_from_db()
    assert line.heading is not None
    assert line.heading.code == "H1"


def test_spending_that_follows_from_days_is_not_typed(client: Client, line: Line) -> None:
    Line.objects.update(cost_basis="unit_cost", priced_by="fee")
    add = reverse("admin:budget_entry_add")
    typed = {"line": line.pk, "code": "B7", "kind": "spent", "amount": "350.00", "on": "2026-05"}

    page = client.post(add, typed)

    assert "A rate pays this line, so its spending follows from the accepted days." in (
        page.content.decode()
    )
    wrong = make_entry(line, "B8", kind="spent", amount="700.00")
    why = {"corrects": wrong.pk, "note_lv": "Kļūda", "note_en": "Mistake"}
    raised = client.post(add, typed | {"code": "B9", "amount": "700.01", **why})
    assert "so a correction does not raise its spending" in raised.content.decode()
    for given in ({"kind": "forecast"}, {"code": "B9", **why}):
        client.post(add, typed | given)
    assert list(line.entries.values_list("code", "kind").order_by("code")) == [
        ("B7", "forecast"), ("B8", "spent"), ("B9", "spent"), ("N1", "planned"),
    ]  # fmt: skip
