"""The codes of every coded column: what each is called and what it means.

The codes and their names are those of the enumeration that the column takes; what each means stands
here, once for all columns that take it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from budget.contract.meanings import RULESETS
from budget.contract.models import ContractRule, DayRate, Edition, FeeScheme, RateKind
from budget.money.models import ChangeKind, ChangeState, CostBasis, EntryKind
from deliverables.evidence.file_kinds import MEDIA_TYPES, FileKind
from deliverables.evidence.models import EvidenceKind, StatementKind
from deliverables.fields import countries
from deliverables.indicators.models import Unit
from deliverables.ladder.models import Achievement, DeliverableKind, ItemKind
from deliverables.ladder.status import MEANING, Rung, Side, Verb
from deliverables.plan.models import ActivityKind, ActivityStatus, PlanKind, PlanState
from deliverables.projects.models import ProjectKind, ProjectStatus, Publishing, ResultsBasis
from exchange.exports.packages import Code, Codes
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource
from experts.missions.models.day import DayKind
from experts.missions.status import MissionVerb, State
from experts.people import models as experts
from releases.document.extracts import ALL

MEANINGS: Mapping[type[TextChoices], Mapping[Any, Any]] = {
    Rung: MEANING,
    ContractRule: {rule.value: RULESETS[rule.value] for rule in ContractRule},
    FileKind: MEDIA_TYPES,
    ProjectStatus: {
        "planned": _("It is prepared; the implementation has not begun."),
        "running": _("It is being implemented."),
        "suspended": _("The implementation is interrupted and may go on."),
        "concluded": _("The implementation has ended."),
        "cancelled": _("It was given up before its planned end."),
    },
    ProjectKind: {
        "twinning": _("The ordinary form of a project by the Twinning Manual."),
        "twinning_light": _("A smaller form of such a project, for one limited task."),
    },
    ResultsBasis: {
        "contract": _(
            "The register holds every result of the contract, so shares of them are given in per "
            "cent."
        ),
        "published": _(
            "The register holds the results that a publication names; the contract's list is not "
            "known, so no percentage is given."
        ),
    },
    Publishing: {
        "at_once": _("What is saved becomes a release by itself."),
        "by_hand": _("Changes wait until somebody publishes them as a release."),
    },
    DeliverableKind: {
        "main_result": _(
            "What a publication calls a main result; it need not be one of the contract's list."
        ),
        "mandatory_result": _("A result that the contract binds the partners to bring about."),
        "sub_result": _("A part of a mandatory result, with a code of its own."),
    },
    Achievement: {
        "developed": _("It was drawn up, a law or a manual for instance."),
        "adopted": _("It was put in force or approved by those who may."),
        "contributed": _("The project contributed to it and did not make it alone."),
        "updated": _("What was there before was brought up to date."),
        "supported": _("Others did it with the help of the project."),
        "trained": _("People were trained for it."),
        "established": _("It was set up, a body or a system for instance."),
        "piloted": _("It was tried out on a small scale."),
        "implemented": _("It was put into practice."),
    },
    ItemKind: {
        "regulated_area": _("A field that a new rule governs."),
        "campaign_activity": _("A part of an information campaign."),
        "output": _("Any other thing that was brought about."),
    },
    EvidenceKind: {
        "publication": _("A line of a published text, quoted word for word."),
        "link": _("A page elsewhere on the web."),
        "file": _("A file that the register keeps and names by its SHA-256."),
    },
    StatementKind: {
        "objective": _("What the project is to reach."),
        "unknown": _("Something that no source says."),
        "contradiction": _("Where a source contradicts itself or another one."),
        "note": _("Anything else that readers should know."),
    },
    experts.PartnerRole: {
        "lead": _("The contract party that leads the side of the Member States."),
        "national_lead": _(
            "Leads the partners of its own country, without being the lead partner of the contract."
        ),
        "junior": _("A further contract party of a Member State."),
        "experts": _("Sends experts, without being a party of the contract."),
        "contributing": _("Takes part in the project in another way, as the source says."),
        "beneficiary": _("The administration that the project strengthens."),
        "contracting_authority": _("The authority that signs the grant contract."),
        "administrative_office": _(
            "Handles the contracts and payments in the beneficiary country; newer Manuals call it "
            "the Central Finance and Contracts Unit."
        ),
        "financial_management": _(
            "Administers the grant for a partner: it contracts experts, pays them and keeps the "
            "accounts."
        ),
        "named": _("The results name it; more about its part is not known."),
    },
    experts.Function: {
        "ms_project_leader": _("Leads the project for the side of the Member States."),
        "beneficiary_project_leader": _("Leads the project for the side of the beneficiary."),
        "rta": _("Lives in the beneficiary country and coordinates the work from day to day."),
        "rta_counterpart": _("Works beside the Resident Twinning Adviser for the beneficiary."),
        "component_leader": _("Leads the work on one component."),
        "component_institution": _(
            "Leads a component as an institution, where the source names no person."
        ),
        "experts_institution": _("Sends experts, where the source names no person."),
        "short_term_expert": _("Comes to the beneficiary country for missions."),
    },
    Edition: {
        "2012": _("Contracts that go by the Common Twinning Manual of 2012."),
        "2017": _("Contracts that go by the Twinning Manual of 2017."),
        "other": _("Contracts that go by neither; their rules are entered by hand."),
    },
    FeeScheme: {
        "by_class": _("The daily fee depends on the class of the expert."),
        "flat": _("All experts have the same daily fee."),
    },
    CostBasis: {
        "actual": _("What was paid, proved by invoices."),
        "unit_cost": _("So many units at a fixed rate, proved by the event itself."),
        "flat_rate": _("A fixed amount or share, proved by the event itself."),
    },
    DayRate: {
        "fee": _("The line pays the daily fees of the accepted expert-days."),
        "support": _("The line pays the support costs of the accepted expert-days."),
        "per_diem": _("The line pays the per diems of the accepted expert-days."),
    },
    EntryKind: {
        "planned": _("What the contract or a contract change gives the line."),
        "committed": _("What is ordered but not yet paid."),
        "spent": _("What was paid, or is owed for days that were accepted."),
        "forecast": _("What is expected to be spent; it counts in no absorption."),
    },
    ChangeKind: {
        "side_letter": _(
            "A change that the project leaders may agree on within the limits of the contract."
        ),
        "addendum": _("A change of the contract itself, signed as the contract was."),
    },
    ChangeState: {
        "draft": _("It is still being agreed and moves nothing yet."),
        "signed": _("It is signed, and what it moves has been moved."),
    },
    PlanKind: {
        "contract": _("The first version, by which others are measured."),
        "amended": _("A version that a signed contract change made."),
        "initial": _("The plan with which the work begins, by the Manual of 2017."),
        "rolling": _("A later plan that replaces the one before, by the Manual of 2017."),
    },
    PlanState: {
        "draft": _("It is still being written and is nobody's plan yet."),
        "approved": _("It is approved and never changes any more."),
    },
    ActivityKind: {
        "mission": _("Experts come to the beneficiary country."),
        "training": _("People of the beneficiary are trained."),
        "study_visit": _("People of the beneficiary visit a Member State."),
        "drafting": _("A law, a manual or another text is drawn up."),
        "event": _("A conference, a campaign or another event is held."),
        "meeting": _("The steering committee meets."),
    },
    ActivityStatus: {
        "planned": _("It has not begun."),
        "ongoing": _("It has begun and has not ended."),
        "completed": _("It has ended."),
        "postponed": _("It is put off to a later time."),
        "cancelled": _("It does not take place."),
    },
    Unit: {
        "number": _("A count or an amount."),
        "percent": _("A percentage."),
        "yes_no": _("0 stands for no, 1 for yes."),
        "text": _("Words; no way from baseline to target is computed."),
    },
    RateKind: {
        "fee": _("EUR for one expert-day."),
        "support": _("Per cent of the daily fee, on top of it."),
        "per_diem": _("EUR for the living costs of one day."),
        "indirect": _("Per cent; nothing is computed from it, because its base is not known."),
        "flat": _("EUR for a month or a journey."),
    },
    State: {
        "draft": _("Its terms of reference are being written; it takes no days."),
        "approved": _("Its terms are approved, and their days are taken from the plan."),
        "confirmed": _("The host expects the experts."),
        "done": _("It took place; its report is not there yet."),
        "reported": _("Its report was received; its days are delivered."),
        "accepted": _("Its report was accepted; its days are accepted."),
        "claimed": _("Its days are in a claim for payment."),
        "settled": _("Its days are paid."),
        "cancelled": _("It does not take place; its days are free again."),
    },
    DayKind: {
        "country": _("A day worked in the beneficiary country: an expert-day."),
        "travel": _("A day spent on travel; it is recorded and not counted."),
    },
    Verb: {
        "start": _("Work on the deliverable began."),
        "deliver": _("Its implementer said that it is delivered, whole or in part."),
        "document": _("Somebody else than the implementer checked its evidence."),
        "accept": _("It was accepted for the beneficiary."),
        "confirm": _("The confirmation by the steering committee was recorded."),
        "send_back": _("It was sent back to its implementer, with a reason."),
        "drop": _("It was taken out of the plan, or given up, with a reason."),
        "reopen": _("Work on it began again after it had been given up, accepted or confirmed."),
    },
    Side: {
        "ms": _("The project leader of the Member States."),
        "bc": _("The project leader of the beneficiary."),
    },
    MissionVerb: {
        "approve": _("The terms of reference were approved."),
        "confirm": _("The host confirmed the days."),
        "finish": _("It was recorded that the mission took place."),
        "report": _("The report was handed in."),
        "accept": _("The report was accepted."),
        "claim": _("The days were put into a claim for payment."),
        "settle": _("The days were paid."),
        "send_back": _("The mission went back to an earlier state, with a reason."),
        "cancel": _("The mission was called off."),
    },
}

_COUNTRIES = dict.fromkeys(countries.NAMES, _("A country, by its code of ISO 3166-1.")) | {
    "XK": _(
        "Kosovo*, by the user-assigned code that is in general use. * This designation is without "
        "prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ Opinion "
        "on the Kosovo declaration of independence."
    ),
    "EU": _("The European Union itself, for its Delegations and Offices."),
    **dict.fromkeys(
        ("ZZ", "QM", "QN"), _("An invented country of the sample, by a code that no country has.")
    ),
}
_FUNCTIONS = {**MEANINGS[experts.Function], **MEANINGS[experts.PartnerRole]}
_BY_CODES = {
    frozenset(map(str, meanings)): meanings
    for meanings in (*MEANINGS.values(), _COUNTRIES, _FUNCTIONS)
}


def coded() -> Iterator[tuple[type[TableResource], Column]]:
    """Each column of codes, of all tables that files hold."""
    for resource in ALL:
        for column in resource.extract_columns():
            if not column.computed and column.kind(resource.model()) in ("choice", "choices"):
                yield resource, column


@cache
def lists() -> tuple[Codes, ...]:
    """Each list of codes once, under the name of the first column that takes it; the long ones
    last."""
    by_codes: dict[frozenset[str], Codes] = {}
    for resource, column in coded():
        model, name = resource.model(), f"{resource.table}.{column.key}"
        names = {code: label for code, label in column.choices(model).items() if code}
        means = _BY_CODES[frozenset(names)]
        codes = tuple(Code(code, label, means[code]) for code, label in names.items())
        new = Codes(name, column.model_field(model).verbose_name, codes, [])
        by_codes.setdefault(frozenset(names), new).columns.append(name)
    return tuple(sorted(by_codes.values(), key=lambda listed: len(listed.codes) > 20))


def codes_of(resource: type[TableResource], column: Column) -> Codes | None:
    """The codes of a column; None where it has none."""
    name = f"{resource.table}.{column.key}"
    return next((codes for codes in lists() if name in codes.columns), None)
