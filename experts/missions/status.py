"""The life of a mission as a table of steps. Pure.

Terms of reference are approved against the days that the work plan has left, the beneficiary
confirms, the mission takes place, its report comes in and is accepted, and the days are claimed
and settled. "Under way" is not a state: it is a confirmed mission between its first and last day.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Right
from steps import table
from steps.table import StepRule, leading_to


class State(TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    APPROVED = "approved", gettext_lazy("Terms approved")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed by the host")
    DONE = "done", gettext_lazy("Done, report awaited")
    REPORTED = "reported", gettext_lazy("Report received")
    ACCEPTED = "accepted", gettext_lazy("Report accepted")
    CLAIMED = "claimed", gettext_lazy("Claimed")
    SETTLED = "settled", gettext_lazy("Settled")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


class MissionVerb(TextChoices):
    APPROVE = "approve", gettext_lazy("Approve the terms")
    CONFIRM = "confirm", gettext_lazy("Confirm for the host")
    FINISH = "finish", gettext_lazy("Record that it took place")
    REPORT = "report", gettext_lazy("Hand in the report")
    ACCEPT = "accept", gettext_lazy("Accept the report")
    CLAIM = "claim", gettext_lazy("Claim the days")
    SETTLE = "settle", gettext_lazy("Settle")
    SEND_BACK = "send_back", gettext_lazy("Send back")
    CANCEL = "cancel", gettext_lazy("Cancel")


# Days that are promised to a mission, days whose report came in, days that are accepted.
COMMITTED = (
    State.APPROVED, State.CONFIRMED, State.DONE, State.REPORTED, State.ACCEPTED, State.CLAIMED,
    State.SETTLED,
)  # fmt: skip
DELIVERED = (State.REPORTED, State.ACCEPTED, State.CLAIMED, State.SETTLED)
AGREED = (State.ACCEPTED, State.CLAIMED, State.SETTLED)
TIMED = (State.CONFIRMED, State.DONE)  # the time sheet is filled in now, and only now


_HERE = (Right.WORK,)
_CHECKS = (Right.CHECK,)
_LEADS = (Right.STEER,)
DRAFTED, SHEET = "draft", "sheet"  # no steps: the trail tells who drafted or filled in days

# Nobody climbs two rungs alone.
_BEFORE = gettext_lazy(
    "You took the step before. Somebody else has to look at it and take this one."
)
_FILLED_IN = gettext_lazy(
    "You filled in the time sheet. Somebody else has to look at it and accept it."
)

STEPS: dict[MissionVerb, StepRule] = {
    MissionVerb.APPROVE: StepRule(
        leading_to(State.APPROVED, State.DRAFT), _CHECKS, others={DRAFTED: _BEFORE},
        says=gettext_lazy("The days are taken from what the work plan has left for the activity."),
    ),
    MissionVerb.CONFIRM: StepRule(
        leading_to(State.CONFIRMED, State.APPROVED), _HERE,
        says=gettext_lazy("The host expects the experts on these days."),
    ),
    MissionVerb.FINISH: StepRule(
        leading_to(State.DONE, State.CONFIRMED), _HERE,
        says=gettext_lazy("The mission took place; its report and its time sheet are awaited."),
    ),
    MissionVerb.REPORT: StepRule(
        leading_to(State.REPORTED, State.CONFIRMED, State.DONE), _HERE, ("on",),
        says=gettext_lazy("The days of the time sheet count as delivered."),
    ),
    MissionVerb.ACCEPT: StepRule(
        leading_to(State.ACCEPTED, State.REPORTED), _CHECKS,
        others={MissionVerb.REPORT: _BEFORE, SHEET: _FILLED_IN},
        says=gettext_lazy("The days count as accepted, and can be claimed."),
    ),
    MissionVerb.CLAIM: StepRule(
        leading_to(State.CLAIMED, State.ACCEPTED), _LEADS, others={MissionVerb.ACCEPT: _BEFORE},
        says=gettext_lazy("The days stand in a request for payment."),
    ),
    MissionVerb.SETTLE: StepRule(
        leading_to(State.SETTLED, State.CLAIMED), _LEADS,
        says=gettext_lazy("The days are paid."),
    ),
    MissionVerb.SEND_BACK: StepRule(
        {State.APPROVED: State.DRAFT, State.CONFIRMED: State.DRAFT, State.REPORTED: State.DONE},
        _CHECKS, ("reason",), says=gettext_lazy("It is mended and comes again."),
    ),
    MissionVerb.CANCEL: StepRule(
        leading_to(State.CANCELLED, State.DRAFT, State.APPROVED, State.CONFIRMED), _HERE,
        ("reason",), says=gettext_lazy("Its days are free again."),
    ),
}  # fmt: skip


def refusal(
    verb: MissionVerb, state: str, rights: frozenset[Right], authors: dict[str, int], me: int
) -> str | None:
    """Why this person cannot take the step now, as a sentence; None where it can be taken.

    `authors` are the people who took each step last; DRAFTED is `me` where I drafted or changed it,
    SHEET where I filled in days.
    """
    elsewhere = _("This step does not follow “%(state)s”.") % {"state": State(state).label}
    return table.refusal(
        STEPS[verb], state, rights, lambda doing: authors.get(doing) == me, elsewhere=elsewhere
    )
