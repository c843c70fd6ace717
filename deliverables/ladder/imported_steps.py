"""Steps on the ladder that a file asks for: taken by the same action as on the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.models import User
from audit.rows.refused import Refused
from deliverables.ladder import actions
from deliverables.ladder.actions import LadderGiven
from deliverables.ladder.models import Deliverable
from deliverables.ladder.status import STEPS, Verb

# The steps that a row of a file can ask for, and the column that dates them. The others need a
# reason, or a signature.
DATED = {
    Verb.START: "",
    Verb.DELIVER: "delivered_on",
    Verb.DOCUMENT: "",
    Verb.ACCEPT: "accepted_on",
}


class ImportedSteps:
    """exchange.imports.planned.Steps of deliverables, for one person."""

    columns: tuple[str, ...] = ("rung", "delivered_on", "accepted_on")

    def __init__(self, user: User) -> None:
        self.user = user

    def refusal(self, row: Deliverable, values: Mapping[str, object]) -> str | None:
        asked = self._asked(row, values)
        if asked is None:
            return _(
                "An import does not change “%(old)s” to “%(new)s” this way: use the steps on its "
                "page. A row can ask for the next step, with its date."
            ) % {"old": row.rung, "new": values.get("rung", row.rung)}
        verb, given = asked
        return actions.why_not(row, verb, by=self.user, given=given)

    def take(self, row: Deliverable, values: Mapping[str, object]) -> None:
        asked = self._asked(row, values)
        if asked is None:
            raise Refused(_("Nothing was written: %(code)s changed.") % {"code": row.code})
        verb, given = asked
        try:
            actions.take(row, verb, by=self.user, seen=row.version, given=given)
        except Refused as refusal:
            raise Refused(f"{row.code}: {refusal} " + _("Nothing was written.")) from None

    def _asked(
        self, row: Deliverable, values: Mapping[str, object]
    ) -> tuple[Verb, LadderGiven] | None:
        """The step that leads from the rung that it has to the one in the file."""
        ends = str(values.get("rung", row.rung))
        for verb, column in DATED.items():
            others = values.keys() - {"rung", column}
            if STEPS[verb].ends.get(row.rung) == ends and not others:
                return verb, LadderGiven(on=values.get(column, ""), outcome=ends)
        return None
