"""Entries are added, never changed; a correction replaces what it names and says why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budget.money.absorption import absorb
from budget.money.models import Entry, Line
from budget.money.resources import EntryResource
from tests.make import make_change, make_entry, make_line, make_member, make_project

pytestmark = pytest.mark.django_db
WHY = {"note_lv": "Pārrakstīšanās", "note_en": "Typing error"}


@pytest.fixture
def wrong() -> Entry:
    return make_entry(make_line(make_project()), "N1", kind="spent", amount="900.00")


def test_the_sums_count_the_correction_and_not_what_it_corrects(wrong: Entry) -> None:
    make_entry(wrong.line, "N2", kind="spent", amount="90.00", corrects=wrong, **WHY)
    make_entry(wrong.line, "N3", kind="spent", amount="10.00")

    assert Line.objects.with_sums().get().spent == Decimal("100.00")
    rows = EntryResource.document_rows(line=wrong.line_id)
    assert [(row["code"], row["corrects"]) for row in rows] == [
        ("N1", ""),
        ("N2", "N1"),
        ("N3", ""),
    ]
    assert absorb(rows)["spent"] == "100.00"


def test_what_proves_an_entry_may_come_later(wrong: Entry) -> None:
    wrong.ledger_ref = "2026/118"
    wrong.full_clean()
    wrong.save()

    assert Entry.objects.get().ledger_ref == "2026/118"


def test_a_correction_says_why_and_stays_on_its_line_and_kind(wrong: Entry) -> None:
    other = make_line(wrong.line.project, "B2")
    cases = [
        (Entry(line=wrong.line, code="N2", kind="spent", amount=1, corrects=wrong),
         "A correction says why in its note, in Latvian and in English."),
        (Entry(line=wrong.line, code="N2", kind="planned", amount=1, corrects=wrong, **WHY),
         "A correction stays on the line and in the kind of what it corrects."),
        (Entry(line=other, code="N2", kind="spent", amount=1, corrects=wrong, **WHY),
         "A correction stays on the line and in the kind of what it corrects."),
    ]  # fmt: skip
    for row, sentence in cases:
        with pytest.raises(ValidationError) as told:
            row.full_clean()
        assert told.value.messages == [sentence]
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_what_is_corrected_already_is_not_corrected_again(wrong: Entry) -> None:
    make_entry(wrong.line, "N2", kind="spent", amount="90.00", corrects=wrong, **WHY)
    again = Entry(line=wrong.line, code="N3", kind="spent", amount=1, corrects=wrong, **WHY)

    with pytest.raises(ValidationError) as told:
        again.full_clean()

    assert told.value.messages == [
        "That entry is corrected already. Correct the newer one instead."
    ]


def test_nothing_is_planned_beside_contract_changes_once_one_moved_money(wrong: Entry) -> None:
    line = wrong.line
    first = Entry.objects.get(pk=make_entry(line, "N4", amount="100.00").pk)
    make_entry(line, "N5", amount="5.00", change=make_change(line.project))
    more = Entry(line=line, code="N6", kind="planned", amount=Decimal("50.00"))

    with pytest.raises(ValidationError) as told:
        more.full_clean()

    assert told.value.message_dict == {
        "kind": [
            "The contract was changed already, and the limits of side letters rest on what it "
            "planned: that moves by the next side letter or addendum. Where the contract was "
            "recorded wrongly, an addendum says so in its reason."
        ]
    }
    Entry(line=line, code="N6", kind="forecast", amount=Decimal("50.00")).full_clean()
    anew = {"line": line, "code": "N6", "kind": "planned", "corrects": first, **WHY}
    with pytest.raises(ValidationError, match="the limits of side letters rest on what it planned"):
        Entry(amount=Decimal("500.00"), **anew).full_clean()
    Entry(amount=Decimal("100.00"), on="2026-04", **anew).full_clean()  # only its date was wrong


def test_nothing_is_spent_on_a_day_to_come(wrong: Entry) -> None:
    today = timezone.localdate()
    given = {"line": wrong.line, "code": "N6", "amount": Decimal("5.00")}
    tomorrow = (today + dt.timedelta(1)).isoformat()

    with pytest.raises(ValidationError) as told:
        Entry(kind="spent", on=tomorrow, **given).full_clean()

    assert told.value.message_dict == {"on": ["Nothing is spent on a day that has not come yet."]}
    for kind, on in (("spent", f"{today:%Y-%m}"), ("committed", tomorrow)):
        Entry(kind=kind, on=on, **given).full_clean()


def test_the_page_of_an_entry_offers_its_correction_until_there_is_one(
    wrong: Entry, client: Client
) -> None:
    client.force_login(make_member(wrong.line.project))
    page = reverse("admin:budget_entry_change", args=[wrong.pk])
    assert "Correct this entry" in client.get(page).content.decode()

    newer = make_entry(wrong.line, "N2", kind="spent", amount="90.00", corrects=wrong, **WHY)

    assert "Correct this entry" not in client.get(page).content.decode()
    page = reverse("admin:budget_entry_change", args=[newer.pk])
    assert "Correct this entry" in client.get(page).content.decode()
