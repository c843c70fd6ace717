"""Taking a step: the one way in which a row comes from one state to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.events.acting import acting
from audit.events.people import Person
from audit.models import Through
from audit.rows.refused import Refused, as_seen, refusing
from steps.table import StepRule

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Given:
    """What a step asks for: a day or partial date, and the reason."""

    on: Any = ""
    reason: str = ""


NOTHING: Any = Given()
Asked = TypeVar("Asked", bound=Given)


class Cycle(Generic[Row, Asked]):
    """The life of the rows of one table; what it does not say of its own is as here.

    `stale` is told to who decided on another version of the row.
    """

    steps: ClassVar[Mapping[Any, StepRule]]
    rows: QuerySet[Row]
    column: ClassVar[str] = "state"
    stale: ClassVar[str | Promise]

    def refusal(self, row: Row, verb: str, by: Person) -> str | None:
        """Why the person cannot take the step now, as a sentence; None where nothing is known."""
        raise NotImplementedError

    def refusals(self, rows: Sequence[Row], verb: str, by: Person) -> dict[int, str | None]:
        """The `refusal` of each of many rows, by their keys; what it reads, at once if it can."""
        return {row.pk: self.refusal(row, verb, by) for row in rows}

    def why(self, row: Row, verb: str, given: Asked) -> str:
        """The reason that the trail keeps."""
        return str(given.reason.strip())

    def lock(self, row: Row) -> None:
        """What has to stand still besides the row, locked before it."""

    def columns(self, row: Row, verb: str, by: Person, given: Asked) -> dict[str, object]:
        """The columns that the step sets besides the state, once all else that it does is done.
        Raises Refused where something is missing or impossible."""
        return {}

    def record(self, row: Row, verb: str, begins: str, by: Person, given: Asked) -> Model | None:
        """The step as a row of its own, not saved yet, where the table keeps its steps."""
        return None

    def take(
        self, row: Row, verb: str, *, by: Person, seen: int | str, given: Asked = NOTHING
    ) -> Row:
        """The row after the step. Raises Refused, with nothing written.

        `seen` is the version, or the mark, that the person decided on.
        """
        with acting(by.code, Through.ACTION, self.why(row, verb, given)), refusing():
            self.lock(row)
            held = as_seen(self.rows, row, seen, str(self.stale))
            if refusal := self.refusal(held, verb, by):
                raise Refused(refusal)
            begins = getattr(held, self.column)
            changed = self._changed(held, verb, begins, by, given)
            for name, value in changed.items():
                setattr(held, name, value)
            held.full_clean()
            held.save(update_fields=list(changed))
            if record := self.record(held, verb, begins, by, given):
                record.full_clean()
                record.save()
        return held

    def _changed(
        self, row: Row, verb: str, begins: str, by: Person, given: Asked
    ) -> dict[str, object]:
        rule = self.steps[verb]
        if rule.reasoned and not given.reason.strip():
            raise Refused(_("Say why: the people who worked on it will read it."))
        return {self.column: rule.ends[begins], **self.columns(row, verb, by, given)}
