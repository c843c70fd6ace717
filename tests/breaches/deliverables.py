"""Rules of what was promised: projects, components, deliverables and what proves them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from deliverables.evidence.models import Source
from deliverables.ladder.models import Deliverable, Reminder
from deliverables.ladder.models.deliverable import ONE_LEVEL
from deliverables.projects.models import Change, Membership
from deliverables.projects.models.project import ADDRESS_STAYS
from releases.document import live
from tests.audit.rows import NOW, ROWS, a_file, a_source
from tests.breaches.rows import a_deliverable
from tests.breaches.table import Breach, Refusal, Rules, elsewhere, same
from tests.make import (
    make_component,
    make_deliverable,
    make_evidence,
    make_project,
    make_release,
    make_user,
)

REASON = {"reason_lv": "Iemesls", "reason_en": "Reason"}


def a_change() -> Change:
    return Change.objects.create(project=make_project(), transaction=1, at=NOW)


def a_reminder() -> Reminder:
    return Reminder.objects.create(user=make_user(), on=dt.date(2026, 5, 4))


def a_coordinator() -> Membership:
    component = make_component(make_project())
    return Membership.objects.create(
        user=make_user(), project=component.project, role="coordinator", component=component
    )


def of_another_component(first: Any) -> Deliverable:
    return make_deliverable(make_component(first.project, 2), "D2.1")


def its_source(first: Any) -> Source:
    return a_source(first.project)


def itself(first: Any) -> Any:
    return first


def a_sub_result_beside_a_result() -> Deliverable:
    component = make_component(make_project())
    make_deliverable(component, "D1.8")
    return make_deliverable(component, "D1.1", kind="sub_result")


def the_result(_first: Any) -> Deliverable:
    return Deliverable.objects.get(code="D1.8")


def somebody(_first: Any) -> Any:
    return make_user("berta")


RULES = {
    "deliverables.Project": Rules(
        ROWS["deliverables.Project"][0],
        {"slug": "tw-2", "reference": "TW-2"},
        {
            "deliverables_project_slug_key": same(
                "slug", "Project with this Address already exists."
            ),
            "project_slug_is_lower_case": [{"slug": "TW-2"}, {"slug": "tw--2"}, {"slug": "tw_2"}],
            "project_reference_is_unique": same("reference"),
            "project_beneficiary_country_is_known": {"beneficiary_country": "XX"},
            "project_status_is_known": {"status": "lost"},
            "project_kind_is_known": {"kind": "heavy"},
            "project_implementation_months_are_1_to_240": [
                {"implementation_months": 0}, {"implementation_months": 241},
            ],
            "project_execution_months_are_1_to_240": [
                {"execution_months": 0}, {"execution_months": 241},
            ],
            "project_is_executed_as_long_as_implemented": {
                "implementation_months": 24, "execution_months": 23,
            },
            "project_results_basis_is_known": {"results_basis": "guess"},
            "project_publishing_is_known": {"publishing": "never"},
            "project_start_planned_is_a_date": {"start_planned": "2019-13"},
            "project_start_actual_is_a_date": {"start_actual": "2019-13"},
            "project_end_planned_is_a_date": {"end_planned": "2019-13"},
            "project_end_current_is_a_date": {"end_current": "2019-13"},
            "project_end_actual_is_a_date": {"end_actual": "2019-13"},
            "project_retention_until_is_a_date": {"retention_until": "2019-13"},
            "project_end_planned_is_not_before_start_planned": {
                "start_planned": "2019-02", "end_planned": "2019-01",
            },
            "project_end_actual_is_not_before_start_actual": {
                "start_actual": "2019-02-21", "end_actual": "2018",
            },
            "project_has_both_titles": [{"title_lv": ""}, {"title_en": ""}],
        },
    ),
    "deliverables.Change": Rules(
        a_change,
        {"transaction": 2},
        {
            "change_is_noted_once_per_transaction": Breach(
                {"transaction": 1},
                told={"__all__": "Change with this Project and Transaction already exists."},
            ),
        },
    ),
    "deliverables.Component": Rules(
        ROWS["deliverables.Component"][0],
        {"number": 2},
        {
            "component_number_is_unique_in_its_project": same("number"),
            "component_number_is_at_most_99": {"number": 100},
            "component_code_is_unique_in_its_project": Breach(
                {"code": "1.2"},
                given={"code": ""},
                row=lambda: make_component(make_project(), code="1.2"),
            ),
            "component_code_is_letters_and_numbers": [{"code": "=1"}, {"code": "1."}],
            "component_without_a_number_has_no_code": {"numbered": False, "code": "1.2"},
            "component_has_both_titles": [{"title_lv": ""}, {"title_en": ""}],
            "component_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "deliverables.Title": Rules(
        ROWS["deliverables.Title"][0],
        {"position": 2},
        {
            "title_position_is_unique": same("position"),
            "title_is_not_empty": {"title_en": ""},
            "title_speaks_a_language": {"where_lv": "", "where_en": ""},
            "title_component_is_of_its_project": elsewhere("component", make_component),
            "title_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "deliverables.Suspension": Rules(
        ROWS["deliverables.Suspension"][0],
        {"from_on": dt.date(2026, 3, 1), "to_on": dt.date(2026, 3, 31)},
        {
            "suspension_begins_once_a_day": same("from_on"),
            "suspension_lasts_one_at_a_time": {"to_on": None},
            "suspension_is_not_over_before_it_begins": {"to_on": dt.date(2026, 2, 28)},
            "suspension_speaks_a_language": {"reason_lv": "", "reason_en": ""},
            "suspension_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "deliverables.Deliverable": Rules(
        ROWS["deliverables.Deliverable"][0],
        {"code": "D1.2"},
        {
            "deliverable_code_is_unique_in_its_project": same("code"),
            "deliverable_code_begins_with_a_letter": {"code": "2.10"},
            "deliverable_kind_is_known": {"kind": "idea"},
            "deliverable_rung_is_known": {"rung": "done"},
            "deliverable_achievements_are_known": {"achievements": ["adopted", "sung"]},
            "deliverable_weight_is_1_to_100": [{"weight": 0}, {"weight": 101}],
            "deliverable_due_original_is_a_date": {"due_original": "2019-13"},
            "deliverable_due_current_is_a_date": {"due_current": "2019-13"},
            "deliverable_delivered_on_is_a_date": Breach(
                {"delivered_on": "2019-13"}, given={"rung": "delivered"}
            ),
            "deliverable_accepted_on_is_a_date": Breach(
                {"accepted_on": "2019-13"}, given={"rung": "accepted"}
            ),
            "deliverable_adopted_on_is_a_date": Breach(
                {"adopted_on": "2019-13"}, given={"adopted_by_en": "Parliament"}
            ),
            "deliverable_delivery_date_needs_a_delivery": [
                {"delivered_on": "2019"}, {"delivered_on": "2019", "rung": "in_progress"},
                {"delivered_on": "2019", "rung": "dropped", **REASON},
            ],
            "deliverable_acceptance_date_needs_an_acceptance": {
                "accepted_on": "2019", "rung": "documented",
            },
            "deliverable_adoption_date_names_who_adopted": {
                "adopted_on": "2019", "adopted_by_lv": "Parlaments",
            },
            "deliverable_side_exit_has_a_reason": [
                {"rung": "partially_delivered"}, {"rung": "not_delivered", "reason_lv": "Kara"},
                {"rung": "dropped", "reason_en": "Side letter 1"},
            ],
            "deliverable_has_both_titles": [{"title_lv": ""}, {"title_en": ""}],
            "deliverable_under_a_result_is_a_sub_result": {"parent": itself},
            "deliverable_parent_is_of_its_component": Breach(
                {"parent": of_another_component},
                given={"kind": "sub_result"},
                told={"parent": "A sub-result belongs to the component of its result."},
            ),
            "deliverable_component_is_of_its_project": elsewhere("component", make_component),
            "deliverable_entered_from_is_of_its_project": elsewhere(
                "entered_from", a_source, given={"rung": "delivered"}
            ),
            "deliverable_entered_from_a_source_is_reported_there": [
                {"entered_from": its_source}, {"entered_from": its_source, "rung": "in_progress"},
            ],
        },
    ),
    "deliverables.Item": Rules(
        ROWS["deliverables.Item"][0],
        {"code": "D1.1.2"},
        {
            "item_code_is_unique_in_its_deliverable": same("code"),
            "item_code_begins_with_a_letter": {"code": "1.2"},
            "item_speaks_a_language": {"title_lv": "", "title_en": ""},
            "item_kind_is_known": {"kind": "thing"},
        },
    ),
    "deliverables.Figure": Rules(
        ROWS["deliverables.Figure"][0],
        {"position": 2},
        {
            "figure_position_is_unique_in_its_item": same("position"),
            "figure_speaks_a_language": {"label_lv": "", "label_en": ""},
            "figure_has_at_most_nine_digits": {"value": 10**9},
        },
    ),
    "deliverables.File": Rules(
        ROWS["deliverables.File"][0],
        {"key": "another", "sha256": "1" * 64, "added_by": somebody},
        {
            "deliverables_file_key_key": same(
                "key", "File with this Key in the storage already exists."
            ),
            "file_is_kept_once_in_its_project": same("sha256"),
            "file_kind_is_known": {"kind": "exe"},
            "file_sha256_is_64_hexadecimal_digits": {"sha256": "1" * 63 + "x"},
            "file_size_is_within_the_limit": [{"size": 0}, {"size": 25 * 1024 * 1024 + 1}],
        },
    ),
    "deliverables.Source": Rules(
        ROWS["deliverables.Source"][0],
        {"code": "S2"},
        {
            "source_code_is_unique_in_its_project": same("code"),
            "source_code_begins_with_a_letter": {"code": "1"},
            "source_speaks_a_language": [
                {"title_lv": "", "title_en": ""}, {"publisher_lv": "", "publisher_en": ""},
            ],
            "source_published_on_is_a_date": {"published_on": "2019-13"},
            "source_sha256_is_64_hexadecimal_digits": {"sha256": "abc"},
        },
    ),
    "deliverables.Evidence": Rules(
        ROWS["deliverables.Evidence"][0],
        {"code": "E2"},
        {
            "evidence_code_is_unique_in_its_project": same("code"),
            "evidence_code_begins_with_a_letter": {"code": "?"},
            "evidence_speaks_a_language": {"title_lv": "", "title_en": ""},
            "evidence_kind_is_known": {"kind": "rumour"},
            "evidence_from_a_publication_names_its_source": {"kind": "publication"},
            "evidence_that_is_a_link_has_an_address": {"url": ""},
            "evidence_that_is_a_file_names_it": {"kind": "file"},
            "evidence_deliverable_is_of_its_project": elsewhere("deliverable", a_deliverable),
            "evidence_source_is_of_its_project": elsewhere("source", a_source),
            "evidence_file_is_of_its_project": elsewhere("file", a_file),
        },
    ),
    "deliverables.Statement": Rules(
        ROWS["deliverables.Statement"][0],
        {"code": "S2"},
        {
            "statement_code_is_unique_in_its_project": same("code"),
            "statement_code_begins_with_a_letter": {"code": "1"},
            "statement_speaks_a_language": {"text_lv": "", "text_en": ""},
            "statement_kind_is_known": {"kind": "joke"},
            "statement_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "deliverables.AcceptedFinding": Rules(
        ROWS["deliverables.AcceptedFinding"][0],
        {"key": "another"},
        {
            "acceptedfinding_is_accepted_once": same("key"),
            "acceptedfinding_says_who_and_why": [{"reason": ""}, {"by": ""}],
        },
    ),
    "deliverables.Mistake": Rules(
        ROWS["deliverables.Mistake"][0],
        {"row": 8},
        {
            "mistake_is_marked_once": same("row"),
            "mistake_says_who_and_why": [{"reason": ""}, {"by": ""}],
        },
    ),
    "deliverables.Membership": Rules(
        ROWS["deliverables.Membership"][0],
        {"user": somebody},
        {
            "membership_is_given_once": Breach(
                {"user": lambda first: first.user}, row=a_coordinator
            ),
            "membership_role_is_known": {"role": "king"},
            "membership_of_a_coordinator_names_a_component": [
                {"role": "coordinator"},
                {"component": lambda first: make_component(first.project)},
            ],
            "membership_leads_for_one_side_or_audits": [
                {"user": lambda first: first.user, "role": role}
                for role in ("bc_leader", "auditor")
            ],
            "membership_component_is_of_its_project": elsewhere(
                "component", make_component, row=a_coordinator
            ),
        },
    ),
    "deliverables.Reminder": Rules(
        a_reminder,
        {"on": dt.date(2026, 5, 5)},
        {"reminder_goes_once_a_day": same("on")},
    ),
    "deliverables.Step": Rules(
        ROWS["deliverables.Step"][0],
        {},
        {
            "step_verb_is_known": {"verb": "dance"},
            "step_begins_is_known": {"begins": "cellar"},
            "step_ends_is_known": {"ends": "roof"},
            "step_on_is_a_date": {"on": "2019-13"},
            "step_downwards_has_a_reason": [{"verb": "send_back"}, {"verb": "reopen"}],
        },
    ),
    "deliverables.SignOff": Rules(
        ROWS["deliverables.SignOff"][0],
        {"side": "bc"},
        {
            "signoff_side_is_known": {"side": "x"},
            "signoff_binds_a_sha256": {"digest": "0" * 63},
            "signoff_is_given_once_by_each_side": same("side"),
        },
    ),
}  # fmt: skip

REFUSALS = {
    ("deliverables.Project", "published_project_keeps_its_address"): Refusal(
        make_project,
        [{"slug": "tw-9"}],
        settled=lambda row: make_release(row, live.build(row), number=1, made_at=NOW),
        allows={"title_en": "Renamed"},
        told={"slug": ADDRESS_STAYS},
    ),
    ("deliverables.Deliverable", "sub_result_stands_under_a_whole_result"): Refusal(
        a_sub_result_beside_a_result,
        [{"parent": the_result}],
        lambda row: Deliverable.objects.filter(code="D1.8").update(
            kind="sub_result", parent=make_deliverable(row.component, "D1.7")
        ),
        apart={"code": "D1.9", "parent": the_result},
        told={"parent": ONE_LEVEL},
    ),
    ("deliverables.Step", "step_is_final"): Refusal(
        RULES["deliverables.Step"].row,
        [{"reason": "Another"}],
        says="pgtrigger: Cannot update or delete rows from {table} table",
        unseen="Nobody types it: a step is written once, by who takes it.",
    ),
}
