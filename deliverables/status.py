"""The ladder of a deliverable: its rungs, what each means to the public, and the table of steps.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import RIGHTS, Right


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

MEANING = {
    Rung.PLANNED: _("Promised in the project; work has not begun."),
    Rung.IN_PROGRESS: _("Work has begun; nothing has been delivered yet."),
    Rung.DELIVERED: _("The implementer says that it is delivered. Nobody else has checked it yet."),
    Rung.DOCUMENTED: _("Evidence is attached, and somebody else than the implementer checked it."),
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


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table of steps: from which rungs, to which, with one of which rights.

    `outcomes` are the rungs to choose from; `dated` and `reasoned` say what the step asks for;
    `climbs` is a rung that nobody reaches alone.
    """

    begins: tuple[Rung, ...]
    ends: Rung
    rights: tuple[Right, ...]
    outcomes: tuple[Rung, ...] = ()
    dated: bool = False
    reasoned: bool = False
    climbs: bool = False


_BEGUN = (Rung.PLANNED, Rung.IN_PROGRESS)
STEPS: dict[Verb, Rule] = {
    Verb.START: Rule((Rung.PLANNED,), Rung.IN_PROGRESS, (Right.WORK,)),
    Verb.DELIVER: Rule(
        _BEGUN, Rung.DELIVERED, (Right.WORK,), (Rung.DELIVERED, Rung.PARTIALLY_DELIVERED), True
    ),
    Verb.DOCUMENT: Rule((Rung.DELIVERED,), Rung.DOCUMENTED, (Right.CHECK,), climbs=True),
    Verb.ACCEPT: Rule((Rung.DOCUMENTED,), Rung.ACCEPTED, (Right.ACCEPT,), dated=True, climbs=True),
    Verb.CONFIRM: Rule((Rung.ACCEPTED,), Rung.CONFIRMED, (Right.CONFIRM,), dated=True, climbs=True),
    Verb.SEND_BACK: Rule(
        (Rung.DELIVERED, Rung.DOCUMENTED),
        Rung.IN_PROGRESS,
        (Right.CHECK, Right.ACCEPT),
        reasoned=True,
    ),
    Verb.DROP: Rule(_BEGUN, Rung.DROPPED, (Right.STEER,), (Rung.DROPPED, Rung.NOT_DELIVERED)),
    Verb.REOPEN: Rule(
        (*SIDE_EXITS, Rung.ACCEPTED, Rung.CONFIRMED),
        Rung.IN_PROGRESS,
        (Right.STEER,),
        reasoned=True,
    ),
}


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


def refusal(verb: Verb, now: Situation) -> str | None:
    """Why this person cannot take this step now, as a sentence; None when they can."""
    rule = STEPS[verb]
    if not now.active:
        return gettext("The deliverable is switched off. Switch it on before it takes a step.")
    if now.rung not in rule.begins:
        return gettext("It is “%(rung)s” now, and this step begins at “%(begins)s”.") % {
            "rung": Rung(now.rung).label,
            "begins": "”, “".join(str(rung.label) for rung in rule.begins),
        }
    if not now.rights.intersection(rule.rights):
        return gettext("This step is taken by: %(roles)s.") % {"roles": _roles(rule.rights)}
    if rule.climbs and now.me == now.deliverer:
        return gettext(
            "You reported it delivered yourself, so somebody else takes this step: nobody climbs "
            "two rungs alone."
        )
    if rule.climbs and now.me == now.climber:
        return gettext(
            "You took the step before this one, so somebody else takes this one: nobody climbs two "
            "rungs alone."
        )
    return _missing(verb, now)


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


def _roles(rights: tuple[Right, ...]) -> str:
    roles = dict.fromkeys(role for right in rights for role in RIGHTS[right])
    return ", ".join(str(role.label) for role in roles)
