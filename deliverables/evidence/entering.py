"""A finished project, entered from its source: the rungs that the source reports, all at once.

As with a project that a workbook founds, nobody takes a step here: a result stands on the rung
without one, and the source is its evidence, which the public reads as its mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused, as_seen
from deliverables.evidence.models import Evidence, EvidenceKind, Source
from deliverables.ladder.actions import LADDER, check_date
from deliverables.ladder.models import Deliverable
from deliverables.ladder.status import BEGUN
from deliverables.projects import codes
from deliverables.projects.access import access_of
from deliverables.projects.models import Project


class Reported(NamedTuple):
    """What the source says of a result; a date that it does not state is ""."""

    rung: str
    delivered_on: str = ""
    accepted_on: str = ""
    reason_lv: str = ""
    reason_en: str = ""


def results(project: Project, by: User) -> QuerySet[Deliverable]:
    """Those that the person may write and that took no step here: others stay on the ladder."""
    mine = Deliverable.objects.within(access_of(by), Right.EDIT)
    return mine.filter(project=project, active=True, steps=None)


def why_not_entered(project: Project) -> str | None:
    if project.is_draft:
        return None
    return _(
        "The project was published, so its results change by the steps on their pages. Only a "
        "draft is entered from its source."
    )


def enter(
    project: Project,
    reported: Mapping[int, tuple[str, Reported]],
    *,
    source: Source,
    by: User,
) -> int:
    """How many results it changed. `reported` is by their keys, each with the version seen.

    Raises Refused with a sentence for each that is wrong, and nothing written.
    """
    wrong, changed = list[str](), 0
    with acting(by.code, Through.ACTION, f"entered from the source {source.code}"):
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if refusal := why_not_entered(locked):
            raise Refused(refusal)
        for row in results(project, by).filter(pk__in=reported):
            seen, said = reported[row.pk]
            if said == Reported(*(getattr(row, name) for name in Reported._fields)):
                continue
            try:
                now = as_seen(Deliverable.objects.all(), row, seen, str(LADDER.stale))
                _set(now, said, source)
                _rest_on(row, source)
                changed += 1
            except Refused as refused:
                wrong.append(f"{row.code}: {refused}")
            except ValidationError as error:
                wrong.append(f"{row.code}: {' '.join(error.messages)}")
        if wrong:
            raise Refused(" ".join([_("Nothing was written."), *wrong]))
        if not changed:
            raise Refused(_("Nothing was written: no result was changed."))
    return changed


def _set(row: Deliverable, said: Reported, source: Source) -> None:
    for name, value in said._asdict().items():
        setattr(row, name, value)
    row.entered_from = None if said.rung in BEGUN else source
    row.full_clean()
    for on, before in ((row.delivered_on, None), (row.accepted_on, row)):
        if on:
            check_date(on, before)
    row.save(update_fields=[*Reported._fields, "entered_from"])


def _rest_on(row: Deliverable, source: Source) -> None:
    """The source as evidence of the result, where it is not yet."""
    if row.evidence.filter(source=source).exists():
        return
    piece: Any = Evidence(
        project=row.project,
        deliverable=row,
        code=codes.following(Evidence, row.project_id, "E"),
        kind=EvidenceKind.PUBLICATION,
        source=source,
        title_lv=row.title_lv,
        title_en=row.title_en,
    )
    piece.full_clean()
    piece.save()
