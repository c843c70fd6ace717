"""Questions to the deliverables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self, TypeVar

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Length, NullIf, Substr

from accounts.roles import Right
from deliverables.ladder.status import (
    BEGUN,
    DONE,
    OPEN,
    SIGNS,
    STEPS,
    Rung,
    Side,
    Turn,
    Verb,
    at_least,
)
from deliverables.projects.querysets import rows_behind

if TYPE_CHECKING:
    from deliverables.ladder.models import Deliverable  # noqa: F401 - in the strings below
    from deliverables.projects.access import Access


def _may_take(verb: Verb) -> Q:
    return Q(rung__in=[*STEPS[verb].ends])


Projects = TypeVar("Projects", bound="QuerySet[Model]")


class DeliverableQuerySet(QuerySet["Deliverable"]):
    def with_turn(self) -> Self:
        """Adds `turn` (status.Turn): who has to do something next."""
        signed = {side: self._signed(side) for side in Side}
        accepted = _may_take(Verb.CONFIRM)
        return self.annotate(
            turn=Case(
                When(active=False, then=Value(Turn.NOBODY)),
                When(_may_take(Verb.DELIVER), then=Value(Turn.WORK)),
                When(_may_take(Verb.DOCUMENT), then=Value(Turn.CHECK)),
                When(_may_take(Verb.ACCEPT), then=Value(Turn.ACCEPT)),
                When(accepted & signed[Side.MS] & signed[Side.BC], then=Value(Turn.CONFIRM)),
                When(accepted & signed[Side.MS], then=Value(Turn.SIGN_BC)),
                When(accepted & signed[Side.BC], then=Value(Turn.SIGN_MS)),
                When(accepted, then=Value(Turn.SIGN)),
                default=Value(Turn.NOBODY),
                output_field=CharField(),
            )
        )

    def _signed(self, side: Side) -> Q:
        signatures = rows_behind(self.model, "signatures")
        valid = signatures.filter(deliverable=OuterRef("pk"), voided_at=None, side=side)
        return Q(Exists(valid))

    def with_hands(self) -> Self:
        """Adds `deliverer`, who reported it delivered last, `climber`, who made the last step
        upwards, and `last_verb`; ids of users, None where the register does not know."""
        steps = rows_behind(self.model, "steps").filter(deliverable=OuterRef("pk")).order_by("-pk")
        upwards = [Verb.DELIVER, *(verb for verb, rule in STEPS.items() if rule.climbs)]
        return self.annotate(
            deliverer=Subquery(steps.filter(verb=Verb.DELIVER).values("by")[:1]),
            climber=Subquery(steps.filter(verb__in=upwards).values("by")[:1]),
            last_verb=Subquery(steps.values("verb")[:1]),
        )

    def with_pieces(self) -> Self:
        """Adds `pieces`, how many of evidence it has."""
        return self.annotate(pieces=Count("evidence"))

    def within(self, access: Access, *rights: Right) -> Self:
        """Those that one of the rights covers."""
        covered = Q(pk__in=())
        for right in rights:
            if access.everywhere(right):
                return self
            covered |= Q(project__in=access.projects(right))
            covered |= Q(component__in=access.components(right))
        return self.filter(covered)

    def open(self) -> Self:
        """Promised, not yet reported delivered, and not taken out."""
        return self.filter(active=True, rung__in=BEGUN)

    def undelivered(self) -> Self:
        """As `open`, and those of which only a part is delivered."""
        return self.filter(active=True, rung__in=OPEN)

    def due_before(self, day: dt.date) -> Self:
        """Due by the current plan on a day before this one; a month is due on its last day."""
        due = Coalesce(NullIf(F("due_current"), Value("")), F("due_original"))
        rows = self.annotate(due=due).exclude(due="")
        return rows.filter(due__lt=_begun(day))

    def overdue(self, today: dt.date) -> Self:
        return self.undelivered().due_before(today)

    def due_within(self, today: dt.date, days: int) -> Self:
        """Due from today on, in that many days."""
        rows = self.undelivered().due_before(today + dt.timedelta(days + 1))
        return rows.exclude(due__lt=_begun(today))

    def lacking_evidence(self) -> Self:
        """Reported delivered, in full or in part, with nothing that shows it."""
        return self.filter(active=True, rung__in=DONE, evidence=None)

    def returned_to(self, access: Access, user: int) -> Self:
        """Sent back, to the person who reported them or to the component's coordinators."""
        rows = self.with_hands().open().filter(last_verb=Verb.SEND_BACK)
        own = Q(component__in=access.components(Right.WORK))
        return rows.filter(own | Q(deliverer=user)).within(access, Right.WORK)

    def to_sign(self, access: Access) -> Self:
        rows, mine = self.with_turn(), Q(pk__in=())
        for side, right in SIGNS.items():
            turn = Turn.SIGN_MS if side is Side.MS else Turn.SIGN_BC
            mine |= Q(turn__in=(Turn.SIGN, turn), project__in=access.projects(right))
        return rows.filter(mine)

    def to_check(self, access: Access, user: int) -> Self:
        """Waiting for a check, an acceptance or a confirmation that this person may give."""
        rows = self.with_turn().with_hands()
        rows = rows.filter(Q(deliverer=None) | ~Q(deliverer=user))
        rows = rows.filter(Q(climber=None) | ~Q(climber=user))
        mine = Q(pk__in=())
        for turn in (Turn.CHECK, Turn.ACCEPT, Turn.CONFIRM):
            covered = self.model.objects.within(access, Right(turn.value)).values("pk")
            mine |= Q(turn=turn, pk__in=covered)
        return rows.filter(mine)


def _begun(day: dt.date) -> Substr:
    """The day, as exactly as `due` is known: its year, its month or itself."""
    return Substr(Value(day.isoformat()), 1, Length("due"))


def with_results(projects: Projects, visible: Q | None = None) -> Projects:
    """Adds `results_in_force` and `results_delivered`, counts of one relation, of which `visible`
    may leave a part."""
    in_force = (visible or Q()) & Q(deliverables__active=True) & ~Q(deliverables__rung=Rung.DROPPED)
    delivered = Q(deliverables__rung__in=at_least(Rung.DELIVERED))
    annotated = projects.annotate(
        results_in_force=Count("deliverables", filter=in_force),
        results_delivered=Count("deliverables", filter=in_force & delivered),
    )
    return annotated.order_by("fictitious", "reference")  # aggregates drop the default
