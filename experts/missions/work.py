"""Missions that wait for a person: the front page and the list's filter ask here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.roles import Right
from deliverables.ladder.work import Reader, WorkKind
from experts.missions.models import Mission
from experts.missions.querysets import MissionQuerySet
from experts.missions.status import MissionVerb, State


def _mine(reader: Reader, right: Right = Right.WORK) -> MissionQuerySet:
    return Mission.objects.within(reader.access, right)


def _to_accept(reader: Reader) -> MissionQuerySet:
    """Reports that the person did not hand in."""
    return _mine(reader, Right.CHECK).filter(state=State.REPORTED).reported_by_others(reader.user)


KINDS = (
    WorkKind("drafts", _("Drafts of missions"), lambda r: _mine(r).filter(state=State.DRAFT)),
    WorkKind(
        "confirm",
        _("Missions to be confirmed"),
        lambda reader: _mine(reader).filter(state=State.APPROVED),
        MissionVerb.CONFIRM,
    ),
    WorkKind(
        "report",
        _("Reports awaited"),
        lambda reader: _mine(reader).awaiting_report().filter(to_on__lte=reader.today),
    ),
    WorkKind("accept", _("Reports to be accepted"), _to_accept, MissionVerb.ACCEPT),
)
