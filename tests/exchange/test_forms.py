"""Numbers are typed as people write them, in each language of the back office."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from budget.money.models import Entry
from exchange.forms import TypedNumber
from tests.make import make_component, make_indicator, make_line, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("typed", "number"), [
    ("1250.5", "1250.5"), ("1250,50", "1250.50"), ("1 250,50", "1250.50"), ("-3", "-3"),
    ("1\u00a0250\u00a0000,5", "1250000.5"), ("\u22123,25", "-3.25"), ("\u22121 000", "-1000"),
    (" 7 ", "7"), ("0", "0"),
])  # fmt: skip
def test_a_number_is_read_as_it_was_meant(typed: str, number: str) -> None:
    assert TypedNumber().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", [
    "1,250.50", "1.250,50", "12,5,5", "5 EUR", "1 25", "NaN", "1e9x", "1e3", "1E3", "1_000",
    "Infinity", "-inf", "sNaN", "１２", "٣", "१२", "0x1F", "½", "²", "１,５", "--1",
])  # fmt: skip
def test_what_could_be_two_numbers_or_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypedNumber().clean(typed)
    assert refused.value.messages == [
        f"“{typed}” is not a number. Write it in digits, as 1250.50 or 1 250,50."
    ]


def test_a_very_long_number_is_refused_short() -> None:
    with pytest.raises(ValidationError) as refused:
        TypedNumber(max_digits=14, decimal_places=3).clean("9" * 5000)
    assert len(refused.value.messages[0]) < 120


def test_what_a_spreadsheet_broke_is_refused_in_its_own_words() -> None:
    with pytest.raises(ValidationError, match="is an error of the spreadsheet"):
        TypedNumber().clean("#REF!")


def test_a_coordinator_pastes_an_amount_in_latvian(client: Client) -> None:
    line = make_line(make_project(publishing="by_hand"))
    client.force_login(make_member(line.project, language="lv"))
    add = reverse("admin:budget_entry_add")
    page = client.get(add).content.decode()
    assert 'inputmode="decimal"' in page
    assert 'type="number" name="amount"' not in page

    given = {"line": line.pk, "code": "N1", "kind": "spent", "on": "2026-05"}
    refused = client.post(add, given | {"amount": "1,250.50"})
    assert (
        "„1,250.50” nav skaitlis. Rakstiet to ar cipariem, piemēram, 1250.50 vai 1 250,50."
        in refused.content.decode()
    )
    client.post(add, given | {"amount": "1 250,50"})

    assert Entry.objects.get().amount == Decimal("1250.50")
    indicator = make_indicator(make_component(line.project), target=Decimal("1250.5"))
    again = client.get(reverse("admin:deliverables_indicator_change", args=[indicator.pk]))
    assert 'name="target" value="1250,5' in again.content.decode()
