"""Each check of money finds the error that was planted, and is silent on a clean project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from budget import findings
from budget.money.models import Line
from deliverables.findings import unverified
from deliverables.projects.checking import Check
from deliverables.projects.models import Project
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_heading,
    make_line,
    make_project,
    make_rate,
    make_report,
    make_ruleset,
    make_worked,
)

pytestmark = pytest.mark.django_db
WHY = {"note_lv": "Kļūda", "note_en": "Mistake"}


@pytest.fixture
def line() -> Line:
    """Days of two experts at 350 EUR each, accepted and spent on a unit-cost line; all is well."""
    project = make_project(
        publishing="by_hand", start_actual="2026-01-01", end_planned="2026-12-31"
    )
    make_ruleset(project, reallocation_limit=25)
    make_rate(project, "350.00")
    component = make_component(project)
    activity = make_activity(component)
    make_worked(activity, make_expert(), 1)
    make_worked(activity, make_expert("LV-E02"), 1, "M2")
    line = make_line(
        project, heading=make_heading(project), cost_basis="unit_cost", priced_by="fee",
        component=component,
    )  # fmt: skip
    make_entry(line, "N1", amount="1000.00")
    make_entry(
        line, "N2", kind="spent", amount="700.00", units="2", unit_rate="350.00", on="2026-05",
        ledger_ref="2026/5",
    )  # fmt: skip
    make_entry(line, "N3", amount="9.00", kind="forecast")
    make_deliverable(component, rung="delivered").evidence.set(
        [make_evidence(project, deliverable=component.deliverables.get())]
    )
    return line


def more(line: Line, **given: Any) -> None:
    make_entry(line, "N9", **{"kind": "spent", "ledger_ref": "x", "on": "2026-06", **given})


def instead(line: Line, **given: Any) -> None:
    """A correction of the spending."""
    more(line, corrects=line.entries.get(code="N2"), **WHY, **given)


def planned_after_a_letter(line: Line) -> None:
    a_letter(line, "50.00")
    first = line.entries.get(code="N1")
    make_entry(line, "N10", amount="5000.00", corrects=first, **WHY)


def a_letter(line: Line, euro: str) -> None:
    from tests.make import make_change

    change = make_change(line.project)
    make_entry(line, "N9", amount=euro, change=change)
    type(change).objects.filter(pk=change.pk).update(
        state="signed", signed_on=dt.date(2026, 6, 1), number=1
    )


PLANTED: list[tuple[Check, Callable[[Line], Any], str, str]] = [
    (
        findings.spent_undated,
        lambda line: instead(line, amount="700.00", on=""),
        "warning",
        "Entry N9 of line B1 is spent and has no date, so nothing tells whether it lies in the "
        "project's time.",
    ),
    (
        findings.planned_anew,
        planned_after_a_letter,
        "error",
        "Entry N10 of line B1 corrects what the contract planned from 1,000.00 to 5,000.00 EUR, "
        "after change SL1 had moved money. The limits of side letters follow from it: compare it "
        "with the budget of the contract.",
    ),
    (
        findings.moved_by_nothing,
        lambda line: line.project.deliverables.update(due_current="2026-12"),
        "warning",
        "D1.1 is due on 2026-12 now, and no signed contract change says so.",
    ),
    (
        findings.moved_by_nothing,
        lambda line: Project.objects.update(end_current="2027-03-31"),
        "warning",
        "The project ends on 2027-03-31 now, and no signed contract change says so.",
    ),
    (
        findings.over_the_line,
        lambda line: more(line, amount="300.01"),
        "error",
        "Line B1 has 1,000.01 EUR spent of 1,000.00 EUR planned.",
    ),
    (
        findings.over_the_limit,
        lambda line: a_letter(line, "250.01"),
        "error",
        "Side letters moved 250.01 of 1,000.00 EUR of heading H1: beyond the limit of 25 %. It "
        "needs an addendum.",
    ),
    (
        findings.over_the_limit,
        lambda line: a_letter(line, "-200.00"),
        "warning",
        "Side letters moved 200.00 of 1,000.00 EUR of heading H1: near the limit of 25 %.",
    ),
    (
        findings.spent_outside,
        lambda line: more(line, amount="1.00", on="2025-12"),
        "error",
        "Entry N9 of line B1 was spent on 2025-12, outside the project's time.",
    ),
    (
        findings.spent_outside,
        lambda line: more(line, amount="1.00", on="2099-01"),
        "error",
        "Entry N9 of line B1 was spent on 2099-01, which has not come yet.",
    ),
    (
        findings.wrong_product,
        lambda line: instead(line, amount="700.00", units="2", unit_rate="351.00"),
        "error",
        "Entry N9 of line B1 is 700.00 EUR, and 2 × 351.00 EUR is 702.00 EUR.",
    ),
    (
        findings.unproven,
        lambda line: more(line, amount="1.00", ledger_ref=""),
        "warning",
        "Entry N9 of line B1 has neither evidence nor a number in the ledger.",
    ),
    (
        findings.unpriced,
        lambda line: line.project.rates.all().delete(),
        "warning",
        "LV-E01 has 2026-05-04 on mission M1, and the rate card has no daily fee for it.",
    ),
    (
        findings.on_holidays,
        lambda line: line.project.rulesets.update(holidays="2026-01-01, 2026-05-04"),
        "warning",
        "LV-E01 worked on mission M1 on 2026-05-04, a holiday.",
    ),
    (
        findings.not_the_days,
        lambda line: instead(line, amount="700.01"),
        "error",
        "Line B1 has 700.01 EUR spent, and the accepted days come to 700.00 EUR by the rate card.",
    ),
    (
        findings.not_the_days,
        lambda line: instead(line, amount="350.00"),
        "warning",
        "Line B1 has 350.00 EUR spent, and the accepted days come to 700.00 EUR by the rate card: "
        "the rest is not entered yet.",
    ),
    (
        findings.paid_twice,
        lambda line: make_line(line.project, "B9", cost_basis="unit_cost", priced_by="fee"),
        "error",
        "Lines B1 and B9 are both paid by the rate “Daily fee” for the same days. Give each a "
        "component or a partner of its own.",
    ),
    (
        findings.pays_one_person,
        lambda line: line.project.missions.filter(code="M2").update(state="reported"),
        "warning",
        "Line B1 pays for the days of one person, so its public amounts tell what this person "
        "worked and was paid. Let it pay for several: take out its partner or its component.",
    ),
    (
        findings.reports_overdue,
        lambda line: make_report(line.project, 2, due_on=dt.date(2026, 4, 30)),
        "warning",
        "Interim report 2 was due on 2026-04-30 and is not handed in.",
    ),
    (
        unverified,
        lambda line: line.project.evidence.update(deliverable=None),
        "warning",
        "D1.1 is “Reported delivered” and has no evidence.",
    ),
]


@pytest.mark.parametrize(("check", "plant", "severity", "sentence"), PLANTED)
def test_a_check_finds_what_was_planted_and_is_silent_before(
    line: Line, check: Check, plant: Callable[[Line], Any], severity: str,
    sentence: str,
) -> None:  # fmt: skip
    assert list(check()) == []

    plant(line)

    one = next(iter(check()))
    assert (one.severity, one.project, one.sentence) == (severity, "tw-1", sentence)
    assert one.key.startswith(f"{check.code} ")


def test_each_check_has_a_planted_error() -> None:
    assert {check for check, *_rest in PLANTED} == {*findings.CHECKS, unverified}
