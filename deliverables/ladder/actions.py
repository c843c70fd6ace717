"""What may be done with a deliverable: steps on the ladder, and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.events.acting import acting
from audit.events.history import last_hand
from audit.models import Through
from audit.rows.refused import Refused
from deliverables.fields import dates
from deliverables.ladder import signing
from deliverables.ladder.models import Deliverable, SignOff, Step
from deliverables.ladder.status import (
    OUTCOMES,
    SIDE_EXITS,
    SIGNS,
    STEPS,
    Rung,
    Side,
    Situation,
    Verb,
    refusal,
)
from deliverables.projects.access import access_of
from steps import taking
from steps.taking import Cycle


@dataclass(frozen=True, slots=True)
class LadderGiven(taking.Given):
    """What a step asks for. `on` is a day, month or year; `outcome` a rung of the step's own."""

    outcome: str = ""
    reason_lv: str = ""
    reason_en: str = ""


NOTHING = LadderGiven()


def situation(deliverable: Deliverable, user: User) -> Situation:
    """What decides about this person's next step; three queries."""
    return situations([deliverable], user)[deliverable.pk]


def situations(deliverables: Sequence[Deliverable], user: User) -> dict[int, Situation]:
    """The same of each of many, by their keys, and no more queries."""
    rows = Deliverable.objects.with_hands().with_pieces()
    asked = rows.filter(pk__in=[row.pk for row in deliverables])
    access = access_of(user)
    return {
        row.pk: Situation(
            rung=row.rung,
            active=row.active,
            rights=access.rights(row.project_id, row.component_id),
            me=user.pk,
            deliverer=row.deliverer,
            climber=row.climber,
            evidence=row.pieces,
            signed=signed_by(row),
        )
        for row in asked.prefetch_related("signatures")
    }


def signed_by(deliverable: Deliverable) -> frozenset[str]:
    """The sides whose signatures are valid; no query where the signatures are read already."""
    return frozenset(row.side for row in deliverable.signatures.all() if row.voided_at is None)


class _Ladder(Cycle[Deliverable, LadderGiven]):
    steps = STEPS
    rows = Deliverable.objects.all()
    column = "rung"
    stale = gettext_lazy(
        "Somebody changed the deliverable after you opened this page, so nothing was "
        "done. Read it again, and decide then."
    )

    def refusal(self, row: Deliverable, verb: str, by: User) -> str | None:
        return refusal(Verb(verb), situation(row, by))

    def refusals(self, rows: Sequence[Deliverable], verb: str, by: User) -> dict[int, str | None]:
        return {pk: refusal(Verb(verb), now) for pk, now in situations(rows, by).items()}

    def columns(
        self, row: Deliverable, verb: str, by: User, given: LadderGiven
    ) -> dict[str, object]:
        return _columns(Verb(verb), given, row)

    def record(
        self, row: Deliverable, verb: str, begins: str, by: User, given: LadderGiven
    ) -> Step:
        return Step(
            deliverable=row, verb=verb, begins=begins, ends=row.rung, on=given.on,
            reason=given.reason.strip(), by=by, at=timezone.now(),
        )  # fmt: skip


LADDER = _Ladder()


def take(
    deliverable: Deliverable, verb: Verb, *, by: User, seen: int | str, given: LadderGiven = NOTHING
) -> Deliverable:
    """Take one step of the table of steps. Raises Refused, with nothing written."""
    return LADDER.take(deliverable, verb, by=by, seen=seen, given=given)


def why_not(
    deliverable: Deliverable, verb: Verb, *, by: User, given: LadderGiven = NOTHING
) -> str | None:
    """Why `take` would refuse, as a sentence; None where it would not."""
    if refused := LADDER.refusal(deliverable, verb, by):
        return refused
    try:
        _columns(verb, given, deliverable)
    except Refused as missing:
        return str(missing)
    return None


def _columns(verb: Verb, given: LadderGiven, row: Deliverable) -> dict[str, object]:
    """The columns that the step sets. Raises Refused where something is missing or impossible."""
    if STEPS[verb].dated:
        check_date(given.on, row if verb is not Verb.DELIVER else None)
    if verb in OUTCOMES and given.outcome not in OUTCOMES[verb]:
        raise Refused(_("Choose the outcome."))
    ends = Rung(given.outcome) if verb in OUTCOMES else STEPS[verb].ends[Rung(row.rung)]
    if ends is Rung.IN_PROGRESS:
        empty = dict.fromkeys(("delivered_on", "accepted_on", "reason_lv", "reason_en"), "")
        return {**empty, "entered_from": None}
    dates_set = {Verb.DELIVER: "delivered_on", Verb.ACCEPT: "accepted_on"}
    changed = {dates_set[verb]: given.on} if verb in dates_set else {}
    return {"rung": ends, **changed, **(_reason(given) if ends in SIDE_EXITS else {})}


def _reason(given: LadderGiven) -> dict[str, str]:
    reason = {"reason_lv": given.reason_lv.strip(), "reason_en": given.reason_en.strip()}
    if not all(reason.values()):
        raise Refused(_("Give the reason in Latvian and in English: the public reads it."))
    return reason


def check_date(on: str, delivered: Deliverable | None) -> None:
    """Raises Refused of what is no date, has not come, or was before the delivery."""
    try:
        first = dates.first(dates.parse(on))
    except ValueError:
        raise Refused(
            _("Give the date as a day (21.02.2019), a month (2019-02) or a year (2019).")
        ) from None
    if first > timezone.localdate():
        raise Refused(_("The date %(on)s has not come yet.") % {"on": on})
    before = delivered.delivered_on if delivered else ""
    if before and dates.last(dates.parse(on)) < dates.first(before):
        raise Refused(
            _("The date %(on)s is before the delivery on %(before)s.")
            % {"on": on, "before": before}
        )


def may_sign(deliverable: Deliverable, user: User) -> tuple[Side | None, str]:
    """The side for which this person can sign now, or why not, as a sentence."""
    access, project = access_of(user), deliverable.project_id
    side = next((side for side, right in SIGNS.items() if access.may(right, project)), None)
    if side is None:
        return None, _("The two project leaders sign, each for one side.")
    if deliverable.rung != Rung.ACCEPTED or not deliverable.active:
        return None, _("It is signed once the beneficiary has accepted it.")
    if side in signed_by(deliverable):
        return None, _("Your side has signed.")
    return side, ""


def sign(deliverable: Deliverable, *, by: User, seen: str) -> SignOff:
    """Sign for the person's side what had the digest `seen`. Raises Refused."""
    with acting(by.code, Through.ACTION, "sign"):
        return _sign(deliverable, by, seen)


def _sign(deliverable: Deliverable, by: User, seen: str) -> SignOff:
    row = Deliverable.objects.select_for_update(no_key=True).get(pk=deliverable.pk)
    side, why_not = may_sign(row, by)
    if side is None:
        raise Refused(why_not)
    digest = signing.digest(signing.content(row))
    if digest != seen:
        raise Refused(
            _(
                "Somebody changed the deliverable after you opened this page, so nothing was "
                "signed. Read it again below, and sign that."
            )
            + " "
            + last_hand(row)
        )
    signature = SignOff(deliverable=row, side=side, digest=digest, by=by, at=timezone.now())
    signature.full_clean()
    signature.save()
    return signature
