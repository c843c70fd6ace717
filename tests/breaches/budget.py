"""Rules of what a project costs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from budget.contract.models.rate import RATE_STAYS
from budget.money.models import ContractChange, Entry
from budget.money.models.change import SIGNED_IS_FINAL
from budget.money.models.entry import CORRECT_INSTEAD
from budget.money.models.line import BASIS_STAYS, HEADING_STAYS
from experts.missions.models import Mission
from experts.people.models import Partnership
from releases.actions import publish
from tests.audit.rows import ROWS
from tests.breaches.rows import a_deliverable, an_activity
from tests.breaches.table import Breach, Refusal, Rules, another_project, elsewhere, same
from tests.make import (
    make_activity,
    make_change,
    make_component,
    make_entry,
    make_evidence,
    make_expert,
    make_heading,
    make_line,
    make_move,
    make_plan,
    make_project,
    make_worked,
)

NO_THING = {"line": None, "amount": None}  # of what the second move has of its own
TO_A_MONTH = {**NO_THING, "to_on": "2027-11"}
TO_DAYS = {**NO_THING, "from_on": dt.date(2026, 1, 1), "days": 5, "to_on": "2026-12-31"}
SET_BY_THE_SIGNATURE = "Not in any form: the signature makes the version, in the project itself."
SHOWN_ONLY = "The page of a signed change shows it without a form."


def a_released_entry() -> Entry:
    entry: Entry = RULES["budget.Entry"].row()
    publish(entry.line.project, by=None)
    return entry


def a_partner(project: Any) -> Partnership:
    return Partnership.objects.create(project=project, code="P1", country="LV", role="junior")


def a_move_of(name: str, make: Any, given: dict[str, Any]) -> Any:
    def row() -> Any:
        change = make_change(make_project())
        return make_move(change, **{**given, name: make(change.project)})

    return row


def a_correction() -> Entry:
    first = make_entry(make_line(make_project()), "N0")
    return make_entry(first.line, corrects=first, note_lv="Kļūda", note_en="Mistake")


def sign(change: ContractChange) -> None:
    ContractChange.objects.filter(pk=change.pk).update(state="signed", signed_on="2026-05-04")


def claimed_days(rate: Any) -> None:
    """A day of the project is claimed that has this rate."""
    activity = make_activity(make_component(rate.project))
    mission = make_worked(activity, make_expert(), 1)
    Mission.objects.filter(pk=mission.pk).update(state="claimed")


def moved_by_a_change(line: Any) -> None:
    make_entry(line, "N9", change=make_change(line.project))


RULES = {
    "budget.Ruleset": Rules(
        ROWS["budget.Ruleset"][0],
        {"project": another_project},
        {
            "ruleset_is_one_in_a_project": same("project"),
            "ruleset_edition_is_known": {"edition": "1999"},
            "ruleset_fee_scheme_is_known": {"fee_scheme": "by_age"},
            "ruleset_unverified_are_known": {"unverified": ["colour"]},
            "ruleset_limits_are_percentages": [
                {"reallocation_limit": 0}, {"reallocation_limit": 101},
                {"reallocation_warning": 0}, {"reallocation_warning": 101},
            ],
            "ruleset_periods_are_plausible": [
                {"reporting_months": 0}, {"reporting_months": 25}, {"interim_due_days": 367},
                {"final_due_months": 37}, {"retention_years": 51},
            ],
        },
    ),
    "budget.Rate": Rules(
        ROWS["budget.Rate"][0],
        {"from_on": dt.date(2027, 1, 1)},
        {
            "rate_begins_once_a_day": same("from_on"),
            "rate_kind_is_known": {"kind": "tip"},
            "rate_is_not_negative": {"amount": Decimal("-0.01")},
            "rate_by_class_is_a_fee": {"kind": "per_diem", "grade": "1"},
        },
    ),
    "budget.Term": Rules(
        ROWS["budget.Term"][0],
        {"function": "rta_counterpart"},
        {
            "term_is_said_once": same("function"),
            "term_function_is_known": {"function": "king"},
            "term_speaks_a_language": {"label_lv": "", "label_en": ""},
        },
    ),
    "budget.Report": Rules(
        ROWS["budget.Report"][0],
        {"number": 2},
        {
            "report_is_one_of_its_number": same("number"),
            "report_number_is_at_most_240": {"number": 241},
            "report_period_is_not_over_before_it_begins": {"to_on": dt.date(2025, 12, 31)},
            "report_is_not_due_before_its_period": {"due_on": dt.date(2025, 12, 31)},
            "report_is_not_handed_in_before_its_period": {
                "handed_in_on": dt.date(2025, 12, 31)
            },
            "report_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "budget.Heading": Rules(
        ROWS["budget.Heading"][0],
        {"code": "H2"},
        {
            "heading_code_is_unique_in_its_project": same("code"),
            "heading_code_begins_with_a_letter": {"code": "1"},
            "heading_speaks_a_language": {"title_lv": "", "title_en": ""},
        },
    ),
    "budget.Line": Rules(
        ROWS["budget.Line"][0],
        {"code": "B2"},
        {
            "line_code_is_unique_in_its_project": same("code"),
            "line_code_begins_with_a_letter": {"code": "1"},
            "line_speaks_a_language": {"title_lv": "", "title_en": ""},
            "line_cost_basis_is_known": {"cost_basis": "guess"},
            "line_priced_by_is_known": Breach(
                {"priced_by": "age"}, given={"cost_basis": "unit_cost"}
            ),
            "line_priced_by_a_rate_is_a_unit_cost": {"cost_basis": "actual", "priced_by": "fee"},
            "line_heading_is_of_its_project": elsewhere("heading", make_heading),
            "line_component_is_of_its_project": elsewhere("component", make_component),
            "line_partner_is_of_its_project": elsewhere("partner", a_partner),
        },
    ),
    "budget.ContractChange": Rules(
        ROWS["budget.ContractChange"][0],
        {"code": "SL2"},
        {
            "contractchange_code_is_unique_in_its_project": same("code"),
            "contractchange_code_begins_with_a_letter": {"code": "1"},
            "contractchange_kind_is_known": {"kind": "letter"},
            "contractchange_speaks_a_language": {"reason_lv": "", "reason_en": ""},
            "contractchange_is_signed_on_a_day": [
                {"state": "signed"}, {"signed_on": dt.date(2026, 5, 4)}, {"state": "lost"},
            ],
            "contractchange_plan_is_of_its_project": elsewhere(
                "plan", make_plan, unseen=SET_BY_THE_SIGNATURE
            ),
        },
    ),
    "budget.Move": Rules(
        ROWS["budget.Move"][0],
        {
            "code": "V2", "to_on": "", "amount": Decimal("5.00"),
            "line": lambda first: make_line(first.project),
        },
        {
            "move_code_is_unique_in_its_change": same("code"),
            "move_code_begins_with_a_letter": {"code": "1"},
            "move_to_on_is_a_date": {"to_on": "2019-13"},
            "move_old_to_on_is_a_date": {"old_to_on": "2019-13"},
            "move_is_the_only_one_of_its_deliverable_in_the_change": Breach(
                {**TO_A_MONTH, "deliverable": lambda first: first.deliverable},
                given={"deliverable": None},
                row=a_move_of("deliverable", a_deliverable, {"to_on": "2027-12"}),
            ),
            "move_is_the_only_one_of_its_activity_in_the_change": Breach(
                {**TO_DAYS, "activity": lambda first: first.activity},
                given={"activity": None, "from_on": None, "days": None},
                row=a_move_of("activity", an_activity, TO_DAYS),
            ),
            "move_of_the_end_is_one_in_the_change": TO_A_MONTH,
            "move_moves_one_thing": [
                {"amount": None}, {"amount": Decimal(0)}, {"days": 5},
                {"from_on": dt.date(2026, 1, 1)},
                {"deliverable": lambda first: a_deliverable(first.project)},
                {"activity": lambda first: an_activity(first.project)},
                {**TO_DAYS, "to_on": "2026-12",
                 "activity": lambda first: an_activity(first.project)},
                {**TO_A_MONTH, "to_on": "",
                 "deliverable": lambda first: a_deliverable(first.project)},
                *(
                    Breach(
                        {**TO_A_MONTH, **wrong},
                        given={"deliverable": None},
                        row=a_move_of("deliverable", a_deliverable, {"to_on": "2027-12"}),
                    )
                    for wrong in (
                        {"to_on": ""}, {"days": 5}, {"amount": Decimal(5)},
                        {"from_on": dt.date(2026, 1, 1)},
                    )
                ),
            ],
            "move_change_is_of_its_project": elsewhere("change", make_change),
            "move_deliverable_is_of_its_project": elsewhere(
                "deliverable", a_deliverable,
                {**TO_A_MONTH, "deliverable": lambda first: a_deliverable(first.project)},
            ),
            "move_activity_is_of_its_project": elsewhere(
                "activity", an_activity,
                {**TO_DAYS, "activity": lambda first: an_activity(first.project)},
            ),
            "move_line_is_of_its_project": elsewhere("line", make_line),
        },
    ),
    "budget.Entry": Rules(
        ROWS["budget.Entry"][0],
        {"code": "N2"},
        {
            "entry_code_is_unique_in_its_line": same("code"),
            "entry_code_begins_with_a_letter": {"code": "1"},
            "entry_kind_is_known": {"kind": "gift"},
            "entry_on_is_a_date": {"on": "2019-13"},
            "entry_amount_is_not_negative": {"amount": Decimal("-0.01")},
            "entry_of_a_contract_change_is_planned": Breach(
                {"kind": "spent"},
                given={"change": lambda first: make_change(first.line.project)},
            ),
            "entry_rounding_is_positive": {"rounded_to": Decimal(0)},
            "entry_has_units_with_a_rate": [
                {"units": Decimal(1)}, {"unit_rate": Decimal(1)},
                {"units": Decimal(-1), "unit_rate": Decimal(1)},
                {"units": Decimal(1), "unit_rate": Decimal(-1)},
            ],
            "entry_that_corrects_says_why": [
                {"corrects": lambda first: first, "note_en": "Mistake"},
                {"corrects": lambda first: first, "note_lv": "Kļūda"},
            ],
            "entry_is_corrected_once": Breach(
                {"corrects": lambda first: first.corrects},
                given={"corrects": None},
                row=a_correction,
            ),
            "entry_corrects_one_of_its_line_and_kind": Breach(
                {
                    "corrects": lambda first: make_entry(make_line(first.line.project, "B2")),
                    "note_lv": "Kļūda", "note_en": "Mistake",
                },
                told={
                    "corrects": "A correction stays on the line and in the kind of what it "
                    "corrects."
                },
            ),
        },
    ),
}  # fmt: skip

REFUSALS = {
    ("budget.ContractChange", "signed_change_is_final"): Refusal(
        RULES["budget.ContractChange"].row, [{"reason_en": "Other"}], sign, unseen=SHOWN_ONLY
    ),
    ("budget.Move", "signed_change_keeps_its_moves"): Refusal(
        RULES["budget.Move"].row,
        [{"to_on": "2028-01"}],
        lambda move: sign(move.change),
        apart=RULES["budget.Move"].apart,
        told={"__all__": SIGNED_IS_FINAL},
    ),
    ("budget.Line", "line_keeps_its_heading"): Refusal(
        RULES["budget.Line"].row,
        [{"heading": lambda line: make_heading(line.project)}],
        moved_by_a_change,
        allows={"title_en": "Other"},
        told={"heading": HEADING_STAYS},
    ),
    ("budget.Line", "line_keeps_its_cost_basis"): Refusal(
        lambda: make_line(make_project(), cost_basis="actual"),
        [{"cost_basis": "flat_rate"}],
        lambda line: make_entry(line, kind="spent"),
        allows={"title_en": "Other"},
        told={"cost_basis": BASIS_STAYS},
    ),
    ("budget.Entry", "entry_of_a_contract_change_is_final"): Refusal(
        RULES["budget.Entry"].row,
        [],
        lambda entry: moved_by_a_change(entry.line),
        apart={
            "code": "N2",
            "note_lv": "Kļūda",
            "note_en": "Mistake",
            "corrects": lambda first: first.line.entries.latest("pk"),
        },
        told={"corrects": "A signed contract change planned it; the next change moves it."},
    ),
    ("budget.Entry", "entry_is_corrected_not_changed"): Refusal(
        a_released_entry,
        [{"amount": Decimal(90)}, {"kind": "spent"}, {"on": "2026"}, {"code": "N9"}],
        allows={"note_en": "Other"},
        told={"__all__": CORRECT_INSTEAD},
    ),
    ("budget.Rate", "rate_of_claimed_days_is_kept"): Refusal(
        RULES["budget.Rate"].row,
        [{"amount": Decimal("1.00")}, {"kind": "support"}, {"from_on": dt.date(2026, 6, 1)}],
        claimed_days,
        allows={"verified": True},
        apart={"from_on": dt.date(2026, 5, 1)},
        told={"__all__": RATE_STAYS},
    ),
}
