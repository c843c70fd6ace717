"""The ladder of a deliverable: its rungs, what each means to the public, and the table of steps.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import RIGHTS, Right
from steps import table
from steps.table import StepRule, leading_to


class Rung(TextChoices):
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    DELIVERED = "delivered", _("Reported delivered")
    DOCUMENTED = "documented", _("Documented")
    ACCEPTED = "accepted", _("Accepted by the beneficiary")
    CONFIRMED = "confirmed", _("Confirmed by the steering committee")
    PARTIALLY_DELIVERED = "partially_delivered", _("Partially delivered")
    NOT_DELIVERED = "not_delivered", _("Not delivered")
    DROPPED = "dropped", _("Dropped")


# Upwards; the other three are side exits and need a reason.
LADDER = (
    Rung.PLANNED,
    Rung.IN_PROGRESS,
    Rung.DELIVERED,
    Rung.DOCUMENTED,
    Rung.ACCEPTED,
    Rung.CONFIRMED,
)
SIDE_EXITS = (Rung.PARTIALLY_DELIVERED, Rung.NOT_DELIVERED, Rung.DROPPED)
BEGUN = LADDER[:2]  # promised, and not reported delivered
DONE = (*LADDER[2:], Rung.PARTIALLY_DELIVERED)
CLOSED = (Rung.NOT_DELIVERED, Rung.DROPPED)
OPEN = (*BEGUN, Rung.PARTIALLY_DELIVERED)  # something of it is still to be delivered

MEANING = {
    Rung.PLANNED: _("Promised in the project; work has not begun."),
    Rung.IN_PROGRESS: _("Work has begun; nothing has been delivered yet."),
    Rung.DELIVERED: _("The implementer says that it is delivered. Nobody else has checked it yet."),
    Rung.DOCUMENTED: _("Evidence is attached, and someone other than the implementer checked it."),
    Rung.ACCEPTED: _("The beneficiary accepted it."),
    Rung.CONFIRMED: _("The project's steering committee confirmed it."),
    Rung.PARTIALLY_DELIVERED: _("Only a part was delivered; the reason is given."),
    Rung.NOT_DELIVERED: _("It was not delivered; the reason is given."),
    Rung.DROPPED: _("A change of the contract took it out of the plan; the reason is given."),
}


def at_least(rung: str) -> tuple[Rung, ...]:
    """That rung and those above it: at_least("documented") are documented, accepted, confirmed."""
    return LADDER[LADDER.index(Rung(rung)) :]


class Verb(TextChoices):
    START = "start", _("Start work")
    DELIVER = "deliver", _("Report as delivered")
    DOCUMENT = "document", _("Confirm the evidence")
    ACCEPT = "accept", _("Accept for the beneficiary")
    CONFIRM = "confirm", _("Confirm for the steering committee")
    SEND_BACK = "send_back", _("Send back")
    DROP = "drop", _("Take out of the plan")
    REOPEN = "reopen", _("Reopen")


class Side(TextChoices):
    MS = "ms", _("Member State")
    BC = "bc", _("Beneficiary")


SIGNS = {Side.MS: Right.SIGN_MS, Side.BC: Right.SIGN_BC}


class Turn(TextChoices):
    """Who has to do something next."""

    WORK = "work", _("Coordinator: work and report")
    CHECK = "check", _("Somebody else: check the evidence")
    ACCEPT = "accept", _("Beneficiary: accept")
    SIGN = "sign", _("Both project leaders: sign")
    SIGN_MS = "sign_ms", _("Project Leader, Member State: sign")
    SIGN_BC = "sign_bc", _("Project Leader, beneficiary: sign")
    CONFIRM = "confirm", _("Steering committee: confirm")
    NOBODY = "nobody", _("Nobody")


_PUBLIC = ("reason_lv", "reason_en")
# Nobody climbs two rungs alone.
_HANDS = {
    Verb.DELIVER: _(
        "You reported it delivered yourself, so somebody else takes this step: nobody climbs "
        "two rungs alone."
    ),
    "climb": _(
        "You took the step before this one, so somebody else takes this one: nobody climbs two "
        "rungs alone."
    ),
}
STEPS: dict[Verb, StepRule] = {
    Verb.START: StepRule(leading_to(Rung.IN_PROGRESS, Rung.PLANNED), (Right.WORK,)),
    Verb.DELIVER: StepRule(
        leading_to(Rung.DELIVERED, *BEGUN), (Right.WORK,), ("outcome", "on", *_PUBLIC)
    ),
    Verb.DOCUMENT: StepRule(
        leading_to(Rung.DOCUMENTED, Rung.DELIVERED), (Right.CHECK,), others=_HANDS
    ),
    Verb.ACCEPT: StepRule(
        leading_to(Rung.ACCEPTED, Rung.DOCUMENTED), (Right.ACCEPT,), ("on",), _HANDS
    ),
    Verb.CONFIRM: StepRule(
        leading_to(Rung.CONFIRMED, Rung.ACCEPTED), (Right.CONFIRM,), ("on",), _HANDS
    ),
    Verb.SEND_BACK: StepRule(
        leading_to(Rung.IN_PROGRESS, Rung.DELIVERED, Rung.DOCUMENTED),
        (Right.CHECK, Right.ACCEPT),
        ("reason",),
    ),
    Verb.DROP: StepRule(leading_to(Rung.DROPPED, *BEGUN), (Right.STEER,), ("outcome", *_PUBLIC)),
    Verb.REOPEN: StepRule(
        leading_to(Rung.IN_PROGRESS, *SIDE_EXITS, Rung.ACCEPTED, Rung.CONFIRMED),
        (Right.STEER,),
        ("reason",),
    ),
}
# Of these steps a person chooses where they lead.
OUTCOMES: dict[Verb, tuple[Rung, ...]] = {
    Verb.DELIVER: (Rung.DELIVERED, Rung.PARTIALLY_DELIVERED),
    Verb.DROP: (Rung.DROPPED, Rung.NOT_DELIVERED),
}


def leads_to(verb: Verb) -> tuple[Rung, ...]:
    """The rungs at which the step can end."""
    return OUTCOMES.get(verb) or tuple(dict.fromkeys(STEPS[verb].ends.values()))


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides about a step: the deliverable, what was done with it, and who asks.

    `deliverer` reported it delivered last, `climber` made the last step upwards; None where the
    register does not know. `evidence` is how many pieces there are.
    """

    rung: str
    active: bool
    rights: frozenset[Right]
    me: int | None
    deliverer: int | None = None
    climber: int | None = None
    evidence: int = 0
    signed: frozenset[str] = frozenset()

    def did(self, doing: str) -> bool:
        return self.me == (self.deliverer if doing == Verb.DELIVER else self.climber)


def refusal(verb: Verb, now: Situation) -> str | None:
    """Why this person cannot take this step now, as a sentence; None when they can."""
    rule = STEPS[verb]
    if not now.active:
        return gettext("The deliverable is switched off. Switch it on before it takes a step.")
    elsewhere = gettext("It is “%(rung)s” now, and this step begins at “%(begins)s”.") % {
        "rung": Rung(now.rung).label,
        "begins": "”, “".join(str(rung.label) for rung in rule.ends),
    }
    not_yours = gettext("This step is taken by: %(roles)s.") % {"roles": _roles(rule.rights)}
    return table.refusal(
        rule, now.rung, now.rights, now.did, elsewhere=elsewhere, not_yours=not_yours
    ) or _missing(verb, now)


def _missing(verb: Verb, now: Situation) -> str | None:
    if verb is Verb.DOCUMENT and not now.evidence:
        return gettext(
            "There is no evidence yet. Attach a file, or add a link or a publication as evidence "
            "of this deliverable first."
        )
    if verb is Verb.CONFIRM and len(now.signed) < len(Side):
        missing = ", ".join(str(side.label) for side in Side if side not in now.signed)
        return gettext("Both project leaders sign before it is confirmed. Missing: %(sides)s.") % {
            "sides": missing
        }
    return None


def _roles(rights: tuple[str, ...]) -> str:
    roles = dict.fromkeys(role for right in rights for role in RIGHTS[Right(right)])
    return ", ".join(str(role.label) for role in roles)
