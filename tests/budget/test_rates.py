"""Amounts of expert-days by the dated rate card: computed, never typed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.rows.refused import Refused
from budget.contract import actions, presets
from budget.contract.models import Rate, Ruleset, Term
from budget.contract.models.rate import RATE_STAYS
from budget.costs.querysets import with_cost
from deliverables.projects.models import Project
from experts.missions.models import ExpertDay, Mission
from tests.make import (
    make_activity,
    make_component,
    make_expert,
    make_goer,
    make_member,
    make_mission,
    make_project,
    make_rate,
)

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2026, 6, 29), dt.date(2026, 7, 1)


@pytest.fixture
def mission() -> Mission:
    """Five days over the turn of the half-year, 29 June to 3 July, one of them of travel."""
    activity = make_activity(make_component(make_project(publishing="by_hand")))
    mission = make_mission(activity, from_on=JUNE, to_on=JUNE + dt.timedelta(4))
    expert = make_expert()
    make_goer(mission, expert, 4, grade="2")
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    for number in range(5):
        ExpertDay.objects.create(
            project=mission.project, mission=mission, expert=expert,
            on=JUNE + dt.timedelta(number), kind="country" if number < 4 else "travel",
        )  # fmt: skip
    return mission


def costs() -> list[Any]:
    rows = with_cost(ExpertDay.objects.filter(kind="country").order_by("on"))
    return [row.cost for row in rows]


def test_each_day_costs_by_the_rates_of_its_day(mission: Mission) -> None:
    make_rate(mission.project, "350.00")
    make_rate(mission.project, "136.00", kind="support")
    june = Decimal("826.00")

    assert costs() == [june] * 4

    make_rate(mission.project, "400.00", from_on=JULY)

    assert costs() == [june, june, Decimal("944.00"), Decimal("944.00")]


def test_a_class_of_its_own_goes_before_the_rate_for_all(mission: Mission) -> None:
    make_rate(mission.project, "100.00", from_on=JULY)
    make_rate(mission.project, "350.00", grade="2")
    make_rate(mission.project, "450.00", grade="3")

    assert costs() == [Decimal("350.00")] * 4


def test_without_a_fee_nothing_is_computed(mission: Mission) -> None:
    make_rate(mission.project, "136.00", kind="support")
    make_rate(mission.project, "120.00", kind="per_diem")

    assert costs() == [None] * 4


def test_a_cent_is_rounded_half_up(mission: Mission) -> None:
    make_rate(mission.project, "0.25")
    make_rate(mission.project, "50.00", kind="support")

    assert costs()[0] == Decimal("0.38")  # 0.25 + 0.125


def test_rates_of_claimed_days_stay_and_a_later_rate_may_come(mission: Mission) -> None:
    rate = make_rate(mission.project, "350.00")
    Mission.objects.filter(pk=mission.pk).update(state="claimed", report_on=mission.to_on)
    refused = pytest.raises(IntegrityError, match="rate_of_claimed_days_is_kept")

    with refused, transaction.atomic():
        Rate.objects.filter(pk=rate.pk).update(amount=1)
    with refused, transaction.atomic():
        rate.delete()
    with refused, transaction.atomic():
        make_rate(mission.project, "400.00", from_on=JULY)
    make_rate(mission.project, "400.00", from_on=dt.date(2026, 7, 4))
    make_rate(mission.project, "6.00", kind="indirect")
    Rate.objects.filter(pk=rate.pk).update(verified=True)

    assert costs() == [Decimal("350.00")] * 4


def test_the_first_rate_of_another_kind_leaves_claimed_days_their_amount(mission: Mission) -> None:
    """And a card that came late is filled in: what has no amount yet may still get one."""
    Mission.objects.filter(pk=mission.pk).update(state="settled", report_on=mission.to_on)
    make_rate(mission.project, "136.00", kind="support", from_on=JULY)
    fee = {"kind": "fee", "grade": "2", "from_on": JUNE}
    make_rate(mission.project, "350.00", **fee)
    before = [Decimal("350.00")] * 2 + [Decimal("826.00")] * 2
    assert costs() == before

    for given in ({"kind": "per_diem"}, {"kind": "support", "from_on": JUNE}, fee):
        rate = Rate(project=mission.project, amount=9, **{"from_on": JULY, **given})
        with pytest.raises(ValidationError) as told:
            rate.full_clean(validate_constraints=False)
        assert told.value.messages == [str(RATE_STAYS)]
    with pytest.raises(IntegrityError, match="rate_of_claimed_days_is_kept"), transaction.atomic():
        make_rate(mission.project, "120.00", kind="per_diem", from_on=JUNE)
    make_rate(mission.project, "120.00", kind="per_diem", from_on=dt.date(2026, 7, 4))
    make_rate(mission.project, "450.00", grade="3")
    assert costs() == before


def test_a_preset_prices_claimed_days_that_had_no_amount(mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(state="claimed", report_on=mission.to_on)
    Project.objects.update(start_actual="2026-01-01")
    mission.project.refresh_from_db()

    actions.adopt(mission.project, "2017", by=make_member(mission.project))

    assert costs() == [Decimal("826.00")] * 4


def test_a_preset_fills_in_rules_rates_and_words_and_says_what_to_check() -> None:
    project = make_project(start_actual="2025-09-15")
    leader = make_member(project)

    actions.adopt(project, "2017", by=leader)

    rules = Ruleset.objects.get()
    assert (rules.edition, rules.fee_scheme, rules.reallocation_limit) == ("2017", "flat", 25)
    assert rules.unverified == [
        "reporting_months", "final_due_months", "reallocation_limit", "retention_years",
    ]  # fmt: skip
    assert [(row.kind, row.amount, row.from_on, row.verified) for row in Rate.objects.all()] == [
        ("fee", Decimal(350), dt.date(2025, 9, 15), False),
        ("indirect", Decimal(6), dt.date(2025, 9, 15), False),
        ("support", Decimal(136), dt.date(2025, 9, 15), False),
    ]
    assert Term.objects.get(function="beneficiary_project_leader").label_en == (
        "Beneficiary Project Leader (BPL)"
    )
    assert Term.objects.get(function="contracting_authority").label_en == (
        "Contracting Authority in Partner Country"
    )
    with pytest.raises(Refused) as told:
        actions.adopt(project, "2012", by=leader)
    assert str(told.value) == "This project already has its ruleset. Change that one."


@pytest.mark.parametrize("edition", ["2012", "2017"])
def test_each_preset_is_whole_and_sourced(edition: str) -> None:
    project = make_project(start_planned="2016-03")
    actions.adopt(project, edition, by=make_member(project))

    assert all("contract" in row.source_en for row in Rate.objects.all())
    assert all("līgumu" in row.source_lv for row in Rate.objects.all())
    assert set(presets.editions()) == {"2012", "2017"}


def test_the_fee_scheme_and_the_warning_can_be_marked_to_be_checked_too(client: Client) -> None:
    project = make_project(start_planned="2016-03")
    leader = make_member(project)
    rules = actions.adopt(project, "2012", by=leader)
    assert rules.unverified[0] == "fee_scheme"  # known from hearsay, so the preset says so
    client.force_login(leader)
    form = {
        "edition": "2012", "fee_scheme": "by_class", "reallocation_warning": 80,
        "unverified": ["fee_scheme", "reallocation_warning"], "seen": rules.version,
    }  # fmt: skip

    client.post(reverse("admin:budget_ruleset_change", args=[rules.pk]), form)

    assert Ruleset.objects.get().unverified == ["fee_scheme", "reallocation_warning"]


def test_without_a_start_no_rate_is_dated() -> None:
    project = make_project()

    with pytest.raises(Refused) as told:
        actions.adopt(project, "2017", by=make_member(project))

    assert str(told.value) == (
        "Rates are in force from the start of the project. Enter its start first."
    )
    assert not Ruleset.objects.exists()


def test_a_holiday_that_is_no_day_is_told() -> None:
    rules = Ruleset(project=make_project(), edition="2017", holidays="2026-11-28, Ziemassvētki")

    with pytest.raises(ValidationError) as told:
        rules.full_clean()

    assert told.value.messages == ["Write each holiday as a day, 2026-11-28, with commas between."]
