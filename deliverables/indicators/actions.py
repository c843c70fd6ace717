"""Approving what was measured, and recording what OPSYS was told."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Event, Through
from audit.rows.refused import Refused
from deliverables.fields import dates
from deliverables.indicators import opsys as indicators
from deliverables.indicators.models import VALUE_IS_FINAL, Measurement, Submission
from deliverables.indicators.resources import IndicatorResource, MeasurementResource
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from steps import table
from steps.table import StepRule
from steps.taking import Cycle, Given

APPROVE = "approve"
STEPS = {
    APPROVE: StepRule(
        {"": "the code of who approves"}, (Right.CHECK,),
        others={
            "enter": gettext_lazy(
                "You entered or changed the value. Somebody else has to check and approve it."
            )
        },
    )
}  # fmt: skip


def writers(row: Measurement) -> set[str]:
    """The codes of who entered or changed the value."""
    events = Event.objects.filter(table=Measurement._meta.db_table, row=row.pk)
    return {who for who in events.values_list("who", flat=True) if re.fullmatch(r"U-\d+", who)}


class _Values(Cycle[Measurement, Given]):
    steps = STEPS
    rows = Measurement.objects.all()
    column = "approved_by"
    stale = gettext_lazy("Somebody changed the value after you opened this page. Read it again.")

    def refusal(self, row: Measurement, verb: str, by: User) -> str | None:
        """The right comes first: who does not approve need not know what is approved."""
        rights = access_of(by).rights(row.project_id, row.indicator.component_id)
        if Right.CHECK not in rights:
            return str(table.NOT_YOURS)
        return table.refusal(
            STEPS[verb],
            row.approved_by,
            rights,
            lambda _entered: by.code in writers(row),
            elsewhere=VALUE_IS_FINAL,
        )

    def why(self, row: Measurement, verb: str, given: Given) -> str:
        return "approve"

    def columns(self, row: Measurement, verb: str, by: User, given: Given) -> dict[str, object]:
        return {"approved_by": by.code}


VALUES = _Values()


def approve(row: Measurement, *, by: User, seen: int | str) -> Measurement:
    """Make a value count. Raises Refused, with nothing written."""
    return VALUES.take(row, APPROVE, by=by, seen=seen)


def sheet(project: Project) -> list[dict[str, str]]:
    """The OPSYS sheet of a project as it stands: approved values only; two queries."""
    return indicators.sheet(
        IndicatorResource.document_rows(project=project.pk),
        MeasurementResource.document_rows(project=project.pk),
        timezone.localdate().isoformat(),
    )


def last_submission(project: Project) -> Submission | None:
    return Submission.objects.filter(project=project).order_by("-on", "-pk").first()


def submit(project: Project, *, by: User, on: dt.date, content: list[dict[str, str]]) -> Submission:
    """Record that the sheet `content` was typed into OPSYS on a day. Raises Refused."""
    with acting(by.code, Through.ACTION, "submission"):
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if not access_of(by).may(Right.STEER, project.pk):
            raise Refused(_("The project leaders record what OPSYS was told."))
        last = last_submission(project)
        if sheet(project) != content:
            raise Refused(
                _(
                    "Somebody changed a value after you opened this page, so nothing was recorded. "
                    "Compare the sheet below with what you typed into OPSYS."
                )
            )
        if last and (last.on, last.content) == (on, content):
            raise Refused(_("This submission is recorded already."))
        if refusal := _not_then(project, on, content, last):
            raise Refused(refusal)
        row = Submission(project=project, on=on, by=by.code, at=timezone.now(), content=content)
        row.full_clean()
        row.save()
    return row


def _not_then(
    project: Project, on: dt.date, content: list[dict[str, str]], last: Submission | None
) -> str | None:
    """Why the sheet cannot have been submitted on that day; None where it can."""
    newest = max((line["on"] for line in content), default="")
    begun = project.start
    if on > timezone.localdate():
        return _("The date %(on)s has not come yet.") % {"on": on}
    if begun and on < dates.first(begun):
        return _("The project began %(begun)s, so nothing was submitted on %(on)s.") % {
            "begun": begun,
            "on": on,
        }
    if newest > on.isoformat():
        return _("The sheet has a value of %(newest)s, so it was not submitted on %(on)s.") % {
            "newest": newest,
            "on": on,
        }
    if last and on < last.on:
        return _(
            "The last submission is of %(last)s. What stands here now was not submitted before it."
        ) % {"last": last.on}
    return None
