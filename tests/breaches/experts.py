"""Rules of who works on a project."""

from __future__ import annotations

import datetime as dt
from typing import Any

from experts.missions.models import Mission
from experts.missions.models.day import SHEET_IS_CLOSED
from experts.missions.models.mission import AS_A_DRAFT
from tests.audit.rows import ROWS
from tests.breaches.rows import an_activity
from tests.breaches.table import Breach, Refusal, Rules, elsewhere, same
from tests.make import (
    make_activity,
    make_component,
    make_evidence,
    make_expert,
    make_mission,
)

CONSENT = {"name_consent": True, "consent_on": "2026-01-15", "consent_basis": "signed form"}
PAPERS = ("report", "time_sheet", "boarding_passes", "attendance_list")
WITH_ITS_MISSION = (
    "A step is written by experts.missions.actions.take, in the project of its mission."
)
SHOWN_ONLY = "The page of a mission shows its terms without a form once they are approved."


def a_mission(project: Any, **given: Any) -> Any:
    return make_mission(an_activity(project), **given)


def in_state(state: str, **given: Any) -> Any:
    """Moves a mission, or that of a row, as its steps do."""

    def move(row: Any) -> None:
        mission = row if isinstance(row, Mission) else row.mission
        Mission.objects.filter(pk=mission.pk).update(state=state, **given)

    return move


RULES = {
    "experts.Institution": Rules(
        ROWS["experts.Institution"][0],
        {"code": "LV-2", "name_en": "Other"},
        {
            "experts_institution_code_key": same(
                "code", "Institution with this Code already exists."
            ),
            "institution_code_begins_with_a_letter": {"code": "1"},
            "institution_country_is_known": {"country": "XX"},
            "institution_speaks_a_language": {"name_lv": "", "name_en": ""},
            "institution_is_listed_once": same("name_en"),
        },
    ),
    "experts.Partnership": Rules(
        ROWS["experts.Partnership"][0],
        {"code": "P2", "country": "EE", "role": "junior"},
        {
            "partnership_code_is_unique_in_its_project": same("code"),
            "partnership_code_begins_with_a_letter": {"code": "1"},
            "partnership_country_is_known": {"country": "XX"},
            "partnership_role_is_known": {"role": "friend"},
            "partnership_lists_a_partner_once_in_each_role": {
                "country": lambda first: first.country, "role": lambda first: first.role,
            },
            "partnership_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "experts.Expert": Rules(
        ROWS["experts.Expert"][0],
        {"code": "LV-E02"},
        {
            "experts_expert_code_key": same("code", "Expert with this Code already exists."),
            "expert_code_begins_with_a_letter": {"code": "1"},
            "expert_country_is_known": {"country": "XX"},
            "expert_who_consents_has_a_name": Breach({"name": ""}, given=CONSENT),
            "expert_consent_on_is_a_date": Breach({"consent_on": "2019-13"}, given=CONSENT),
            "expert_consent_withdrawn_on_is_a_date": {"consent_withdrawn_on": "2019-13"},
            "expert_consent_has_a_date_and_a_basis": [
                Breach({"consent_on": ""}, given=CONSENT),
                Breach({"consent_basis": ""}, given=CONSENT),
                Breach({"consent_withdrawn_on": "2026-02"}, given=CONSENT),
            ],
            "expert_consent_ends_on_a_day": {"consent_on": "2026-01-15"},
        },
    ),
    "experts.Assignment": Rules(
        ROWS["experts.Assignment"][0],
        {"code": "A2"},
        {
            "assignment_code_is_unique_in_its_project": same("code"),
            "assignment_code_begins_with_a_letter": {"code": "1"},
            "assignment_function_is_known": {"function": "king"},
            "assignment_from_on_is_a_date": {"from_on": "2019-13"},
            "assignment_to_on_is_a_date": {"to_on": "2019-13"},
            "assignment_to_on_is_not_before_from_on": {"from_on": "2019-03", "to_on": "2019-02"},
            "assignment_of_an_expert_names_the_expert": {"function": "short_term_expert"},
            "assignment_of_an_institution_names_it": [
                {"function": "component_institution"}, {"function": "experts_institution"},
            ],
            "assignment_with_published_name_has_a_name": {
                "name_published": True, "holder_name": "",
            },
            "assignment_component_is_of_its_project": elsewhere("component", make_component),
            "assignment_evidence_is_of_its_project": elsewhere("evidence", make_evidence),
        },
    ),
    "experts.Mission": Rules(
        ROWS["experts.Mission"][0],
        {"code": "M2"},
        {
            "mission_code_is_unique_in_its_project": same("code"),
            "mission_code_begins_with_a_letter": {"code": "1"},
            "mission_state_is_known": {"state": "lost"},
            "mission_ends_after_it_begins": {"to_on": dt.date(2026, 5, 3)},
            "mission_reported_has_the_day_of_its_report": [
                {"state": state} for state in ("reported", "accepted", "claimed", "settled")
            ],
            "mission_activity_is_of_its_project": elsewhere("activity", an_activity),
            **{
                f"mission_{paper}_is_of_its_project": elsewhere(paper, make_evidence)
                for paper in PAPERS
            },
        },
    ),
    "experts.MissionExpert": Rules(
        ROWS["experts.MissionExpert"][0],
        {"expert": lambda _first: make_expert("LV-E02")},
        {
            "missionexpert_goes_once": same("expert"),
            "missionexpert_days_are_plausible": {"days": 0},
            "missionexpert_mission_is_of_its_project": elsewhere("mission", a_mission),
        },
    ),
    "experts.ExpertDay": Rules(
        ROWS["experts.ExpertDay"][0],
        {"on": dt.date(2026, 5, 5)},
        {
            "expertday_counts_an_expert_once_a_day": same("on"),
            "expertday_kind_is_known": {"kind": "rest"},
            "expertday_mission_is_of_its_project": elsewhere(
                "mission", lambda project: a_mission(project, state="confirmed")
            ),
        },
    ),
    "experts.MissionStep": Rules(
        ROWS["experts.MissionStep"][0],
        {},
        {
            "missionstep_verb_is_known": {"verb": "dance"},
            "missionstep_ends_is_known": {"ends": "lost"},
            "missionstep_mission_is_of_its_project": elsewhere(
                "mission", a_mission, unseen=WITH_ITS_MISSION
            ),
        },
    ),
}  # fmt: skip

REFUSALS = {
    ("experts.MissionStep", "missionstep_is_final"): Refusal(
        RULES["experts.MissionStep"].row,
        [{"reason": "Another"}],
        says="pgtrigger: Cannot update or delete rows from {table} table",
        unseen="Nobody types it: a step is written once, by who takes it.",
    ),
    ("experts.Mission", "mission_is_changed_as_a_draft"): Refusal(
        RULES["experts.Mission"].row,
        [
            {"terms_en": "Other"},
            {"terms_lv": "Cits"},
            {"from_on": dt.date(2026, 5, 5)},
            {"to_on": dt.date(2026, 5, 7)},
            {"activity": lambda mission: make_activity(mission.activity.component, "A2")},
        ],
        in_state("approved"),
        allows={"place": "Tirana"},
        unseen=SHOWN_ONLY,
    ),
    ("experts.MissionExpert", "mission_keeps_its_experts_once_approved"): Refusal(
        RULES["experts.MissionExpert"].row,
        [{"days": 2}],
        in_state("approved"),
        apart=RULES["experts.MissionExpert"].apart,
        told={"__all__": AS_A_DRAFT},
    ),
    ("experts.ExpertDay", "time_sheet_is_filled_in_before_the_report"): Refusal(
        RULES["experts.ExpertDay"].row,
        [{"kind": "travel"}],
        in_state("reported", report_on=dt.date(2026, 5, 9)),
        apart=RULES["experts.ExpertDay"].apart,
        told={"__all__": SHEET_IS_CLOSED},
    ),
}
