"""The ladder of a deliverable (design rule 5) and what each rung means to the public."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
