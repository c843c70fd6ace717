"""Rules of the work plan and of indicators."""

from __future__ import annotations

import datetime as dt
from typing import Any

from deliverables.indicators.models import Indicator, Measurement
from deliverables.plan.models import WorkPlan
from deliverables.plan.models.activity import COMPONENT_STAYS
from deliverables.plan.models.plan import APPROVED_IS_FINAL
from tests.audit.rows import ROWS
from tests.breaches.rows import a_deliverable, an_activity
from tests.breaches.table import Refusal, Rules, elsewhere, same
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_evidence,
    make_indicator,
    make_plan,
    make_planned,
)

MAY_5 = dt.date(2026, 5, 5)
VALUE_SHOWN_ONLY = "Its page shows an approved value without a form; its indicator's form tells it."
PLAN_SHOWN_ONLY = "The page of an approved version shows it without a form."
NOT_TYPED = "Nobody changes it: what was typed into OPSYS is written down once."


def an_indicator(project: Any) -> Indicator:
    return make_indicator(make_component(project))


def plan_it(activity: Any) -> None:
    """An approved version gives the activity days."""
    plan = make_plan(activity.project)
    make_planned(plan, activity)
    approved(plan)


def approve_value(value: Measurement) -> None:
    Measurement.objects.filter(pk=value.pk).update(approved_by="U-0001")


RULES = {
    "deliverables.WorkPlan": Rules(
        ROWS["deliverables.WorkPlan"][0],
        {"code": "P2", "kind": "amended"},
        {
            "workplan_code_is_unique_in_its_project": same("code"),
            "workplan_code_begins_with_a_letter": {"code": "1"},
            "workplan_kind_is_known": {"kind": "guess"},
            "workplan_is_approved_on_a_day": [
                {"state": "approved"}, {"approved_on": MAY_5}, {"state": "lost"},
            ],
            "workplan_has_one_contract": same("kind"),
        },
    ),
    "deliverables.Activity": Rules(
        ROWS["deliverables.Activity"][0],
        {"code": "A2"},
        {
            "activity_code_is_unique_in_its_project": same("code"),
            "activity_code_begins_with_a_letter": {"code": "1"},
            "activity_kind_is_known": {"kind": "feast"},
            "activity_status_is_known": {"status": "lost"},
            "activity_speaks_a_language": {"title_lv": "", "title_en": ""},
            "activity_started_on_is_a_date": {"started_on": "2019-13"},
            "activity_ended_on_is_a_date": {"ended_on": "2019-13"},
            "activity_ended_on_is_not_before_started_on": {
                "started_on": "2026-03", "ended_on": "2026-02",
            },
            "activity_put_off_says_why": [
                {"status": "postponed", "reason_lv": "Kara"},
                {"status": "cancelled", "reason_en": "War"},
            ],
            "activity_completed_ended_on_a_day": {"status": "completed"},
            "activity_component_is_of_its_project": elsewhere("component", make_component),
        },
    ),
    "deliverables.ActivityDeliverable": Rules(
        ROWS["deliverables.ActivityDeliverable"][0],
        {"deliverable": lambda first: make_deliverable(first.deliverable.component, "D1.2")},
        {
            "activitydeliverable_is_named_once": same("deliverable"),
            "activitydeliverable_activity_is_of_its_project": elsewhere("activity", an_activity),
            "activitydeliverable_deliverable_is_of_its_project": elsewhere(
                "deliverable", a_deliverable
            ),
        },
    ),
    "deliverables.PlannedActivity": Rules(
        ROWS["deliverables.PlannedActivity"][0],
        {"activity": lambda first: make_activity(first.activity.component, "A2")},
        {
            "plannedactivity_is_planned_once": same("activity"),
            "plannedactivity_ends_after_it_begins": {"to_on": dt.date(2025, 12, 31)},
            "plannedactivity_days_are_plausible": {"days": 100_001},
            "plannedactivity_activity_is_of_its_project": elsewhere("activity", an_activity),
            "plannedactivity_plan_is_of_its_project": elsewhere("plan", make_plan),
        },
    ),
    "deliverables.Indicator": Rules(
        ROWS["deliverables.Indicator"][0],
        {"code": "I2"},
        {
            "indicator_code_is_unique_in_its_project": same("code"),
            "indicator_code_begins_with_a_letter": {"code": "1"},
            "indicator_unit_is_known": {"unit": "ell"},
            "indicator_speaks_a_language": {"title_lv": "", "title_en": ""},
            "indicator_baseline_on_is_a_date": {"baseline_on": "2019-13"},
            "indicator_target_on_is_a_date": {"target_on": "2019-13"},
            "indicator_in_words_has_no_numbers": [
                {"unit": "text", "baseline": 5}, {"unit": "text", "target": 5},
            ],
            "indicator_in_per_cent_is_0_to_100": [
                {"unit": "percent", "baseline": -1}, {"unit": "percent", "target": 101},
            ],
            "indicator_component_is_of_its_project": elsewhere("component", make_component),
            "indicator_deliverable_is_of_its_project": elsewhere("deliverable", a_deliverable),
        },
    ),
    "deliverables.Measurement": Rules(
        ROWS["deliverables.Measurement"][0],
        {"on": MAY_5},
        {
            "measurement_is_one_a_day": same("on"),
            "measurement_that_does_not_apply_is_empty": [
                {"applies": False},
                {"applies": False, "value": None, "words_lv": "Pieci"},
                {"applies": False, "value": None, "words_en": "Five"},
            ],
            "measurement_says_something": {"value": None},
            "measurement_speaks_a_language": {"source_lv": "", "source_en": ""},
            "measurement_indicator_is_of_its_project": elsewhere("indicator", an_indicator),
            "measurement_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "deliverables.Submission": Rules(
        ROWS["deliverables.Submission"][0],
        {"content": [{}]},
        {"submission_names_who_submitted": {"by": ""}},
    ),
}  # fmt: skip

REFUSALS = {
    ("deliverables.WorkPlan", "approved_plan_is_final"): Refusal(
        RULES["deliverables.WorkPlan"].row,
        [{"note_en": "Other"}],
        lambda plan: approved(WorkPlan.objects.get(pk=plan.pk)),
        unseen=PLAN_SHOWN_ONLY,
    ),
    ("deliverables.PlannedActivity", "approved_plan_keeps_its_lines"): Refusal(
        RULES["deliverables.PlannedActivity"].row,
        [{"days": 21}],
        lambda line: approved(WorkPlan.objects.get(pk=line.plan_id)),
        apart=RULES["deliverables.PlannedActivity"].apart,
        told={"__all__": APPROVED_IS_FINAL},
    ),
    ("deliverables.Activity", "activity_keeps_its_component"): Refusal(
        RULES["deliverables.Activity"].row,
        [{"component": lambda activity: make_component(activity.project, 2)}],
        plan_it,
        allows={"title_en": "Other"},
        told={"component": COMPONENT_STAYS},
    ),
    ("deliverables.Measurement", "approved_value_never_changes"): Refusal(
        RULES["deliverables.Measurement"].row,
        [{"value": 6}],
        approve_value,
        allows={"approved_by": ""},
        unseen=VALUE_SHOWN_ONLY,
    ),
    ("deliverables.Submission", "submission_is_final"): Refusal(
        RULES["deliverables.Submission"].row,
        [{"note": "Other", "content": [{}]}],
        says="pgtrigger: Cannot update or delete rows from {table} table",
        unseen=NOT_TYPED,
    ),
}
