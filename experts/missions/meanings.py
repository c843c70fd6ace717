"""What a cell of each column says: missions, their experts and days."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

MISSIONS: Meanings = {
    **COMMON,
    "activity": _("The code of the activity that the mission is for."),
    "code": _("The number of the mission in the project, M14 for instance."),
    "state": _("How far the mission has come, from draft to settled."),
    "terms": _("What the experts are to do and to leave, in this language."),
    "place": _("Where the mission takes place."),
    "from_on": _("The first day of the mission."),
    "to_on": _("The last day of the mission."),
    "report_on": _("When the report of the mission was received; empty where it was not."),
    "report": _("The code of the evidence that holds the report; empty where it is not attached."),
    "time_sheet": _(
        "The code of the evidence that holds the time sheet; empty where it is not attached."
    ),
    "boarding_passes": _(
        "The code of the evidence that holds the boarding passes; empty where they are not "
        "attached."
    ),
    "attendance_list": _(
        "The code of the evidence that holds the attendance list; empty where it is not attached."
    ),
    "papers_note": _("Why a paper of the mission is missing; empty where nobody said."),
}

MISSION_EXPERTS: Meanings = {
    **COMMON,
    "mission": _("The number of the mission that the expert goes on."),
    "expert": _("The code of the expert."),
    "days": _(
        "The working days in the beneficiary country that the terms give the expert, without "
        "travel."
    ),
    "travel_days": _(
        "The days of travel that the terms give the expert; they count as no expert-days."
    ),
    "grade": _("The class of the expert on the rate card; empty where fees do not depend on it."),
}

EXPERT_DAYS: Meanings = {
    **COMMON,
    "mission": _("The number of the mission that the day belongs to."),
    "expert": _("The code of the expert who worked or travelled on that day."),
    "on": _("The day, as the time sheet has it."),
    "kind": _(
        "Whether the day was worked in the beneficiary country, which counts, or spent on travel, "
        "which does not."
    ),
    "activity": _("The code of the activity that the mission was for."),
    "mission_state": _(
        "How far the mission has come; from its report on the day is delivered, from acceptance "
        "on accepted."
    ),
}

PERSON_DAYS: Meanings = {
    **COMMON,
    "activity": _("The code of the activity whose expert-days the row adds up."),
    "contract": _("The expert-days that the contract's own work plan gave the activity."),
    "envelope": _("The expert-days that the version of the work plan in force gives the activity."),
    "planned_days": _(
        "The expert-days that approved missions take; from its report on, those that a mission "
        "used."
    ),
    "delivered": _("The expert-days of missions whose report was received."),
    "accepted": _("The expert-days of missions whose report was accepted."),
    "days_left": _(
        "The expert-days of the plan in force less those that are taken; below zero where more "
        "are taken."
    ),
}
