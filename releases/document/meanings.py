"""What a cell of each column says, for who reads the tables of what auditors take away besides."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budget.money import meanings as budget
from deliverables.evidence.meanings import EVIDENCE
from deliverables.fields.meanings import COMMON
from deliverables.ladder import meanings as ladder_meanings
from deliverables.plan.meanings import ACTIVITIES
from experts.missions import meanings as experts

Meanings = Mapping[str, str | Promise]


RESULTS: Meanings = {
    **ladder_meanings.RESULTS,
    "type": _(
        "What the deliverable is to its source: a main result, a mandatory result or a sub-result."
    ),
    "baseline_due": _(
        "When it was due by the contract as first signed; a later plan never changes this."
    ),
    "planned_due": _("When it is due by the newest plan; empty where it was never re-planned."),
    "actual": _(
        "When it was delivered, as its implementer says; empty where it was not, or where the "
        "date is not stated."
    ),
    "status": _(
        "How far it has come on the ladder from planned to confirmed, or by which side exit it "
        "left the ladder."
    ),
    "verified_by": _(
        "The code of the person who last confirmed its evidence; empty where nobody did."
    ),
    "verified_at": _("When its evidence was last confirmed; empty where it was not."),
    "source_of_verification": _(
        "The kinds of evidence that name it: publication, link or file, with commas between them."
    ),
    "evidence_ids": _("The codes of all evidence that names it, with commas between them."),
}

EVIDENCE_INDEX: Meanings = {
    **EVIDENCE,
    "sha256": _("The SHA-256 of the attached file; empty where there is none."),
    "file_kind": _(
        "The format of the attached file, as its content says; empty where there is none."
    ),
    "size": _("How large the attached file is; empty where there is none."),
    "received_at": _("When the file came into the register; empty where there is none."),
    "public": _("Whether anybody may download the file, once a release lists it."),
}

BUDGET_VS_ACTUAL: Meanings = {
    **budget.LINES,
    "original": _("What the contract first planned on the line, with corrections."),
    "signed": _(
        "What was planned when the budget was last signed in full: by the contract, or by the "
        "last addendum with all changes before it."
    ),
    "planned": _("What is planned on the line now, with all signed contract changes."),
    "committed": _("What is ordered but not yet paid, by the entries that count."),
    "spent": _("What was spent on the line, by the entries that count."),
    "balance": _("What is left of the line: planned less spent."),
    "units_planned": _("How many units of a unit cost are planned, by the entries that count."),
    "units_spent": _("How many units of a unit cost were spent, by the entries that count."),
    "unit_rate_lowest": _("The lowest rate of a unit among the entries that count."),
    "unit_rate_highest": _("The highest rate of a unit among the entries that count."),
    "card_lowest": _(
        "The lowest value that the rate card ever had for what pays the line: EUR, for support "
        "per cent."
    ),
    "card_highest": _(
        "The highest value that the rate card ever had for what pays the line: EUR, for support "
        "per cent."
    ),
    "heading_drift": _(
        "What side letters moved of the line's heading since the budget was last signed in full, "
        "in per cent of that budget."
    ),
    "reallocation_limit": _(
        "What the contract's rules let side letters move of a heading; empty where they are not "
        "stated."
    ),
    "beyond_limit": _("Whether more was moved than that limit, compared before rounding."),
    "entry_count": _("How many entries the line has, those that are corrected included."),
}

ACTIVITY_PROGRESS: Meanings = {
    **experts.PERSON_DAYS,
    **ACTIVITIES,
    "plan": _("The code of the version of the work plan that is in force."),
    "contract_from": _("When the activity was to begin by the contract's own plan."),
    "contract_to": _("When the activity was to end by the contract's own plan."),
    "planned_from": _("When the activity is to begin by the version in force."),
    "planned_to": _("When the activity is to end by the version in force."),
}

STEPS: Meanings = {
    **COMMON,
    "verb": _("The step that somebody took."),
    "begins": _("The rung that the deliverable was on before the step."),
    "ends": _("The rung that the deliverable was on after the step."),
    "on": _(
        "The date that the step states, of delivery or acceptance for instance; empty where it "
        "states none."
    ),
    "reason": _(
        "Why the step was taken, in the words of who took it; empty where none is asked for."
    ),
    "by_code": _("The code of the person who did it; names are in no file."),
    "at": _("The moment at which it was recorded, in UTC."),
}

SIGNATURES: Meanings = {
    **STEPS,
    "side": _("For which side the project leader signed."),
    "digest": _("The SHA-256 of what was signed, so that a later change of it shows."),
    "voided_at": _(
        "The moment since which the signature is void, because what was signed was changed; empty "
        "where it holds."
    ),
}

MISSION_STEPS: Meanings = {
    **STEPS,
    "mission": _("The number of the mission that the step was taken on."),
    "ends": _("How far the mission had come after the step."),
}

ACCEPTED_FINDINGS: Meanings = {
    **STEPS,
    "key": _("What the register found: the check, and the row that it is about."),
    "reason": _("Why the finding may stand, in the words of who accepted it."),
}

MISTAKES: Meanings = {
    **STEPS,
    "table": _("The table that the row left, as the database calls it."),
    "row": _("The number of the row in its table, as in the audit trail."),
    "code": _("The code that the row had, which is not used again; empty where it had none."),
    "label": _("What the row was called."),
    "reason": _("Why it was a mistake, in the words of who said so."),
}

SUBMISSIONS: Meanings = {
    **STEPS,
    "on": _("The day on which the values were submitted to OPSYS."),
    "note": _("A remark of the person who submitted; empty where there is none."),
    "lines": _("How many indicators were submitted."),
    "content": _("What was submitted, a line for each indicator, as JSON."),
}
