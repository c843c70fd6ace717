"""Whose the papers of missions are: evidence of no deliverable that is about single people."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.roles import Right
from deliverables.evidence.models import EvidenceKind
from deliverables.projects.access import Access, InProject
from experts.missions.models import Mission
from experts.missions.models.mission import PAPERS


class OfEvidence(InProject):
    """Evidence of no deliverable is the project's, but for the papers of missions: these are about
    single people, and who sees the mission sees them. A file of neither was a paper once."""

    def visible_to(self, access: Access) -> Q:
        visible, own = super().visible_to(access), access.components(Right.SEE)
        if access.everywhere(Right.SEE) or not own:
            return visible
        mine = Q(activity__component__in=own)
        missions = Mission.objects.filter(project__in=access.partly(Right.SEE))
        paper = Q(kind=EvidenceKind.FILE) | _papers(missions.exclude(mine))
        hidden = Q(deliverable=None) & paper & ~_papers(missions.filter(mine))
        return visible & (~hidden | Q(project__in=access.projects(Right.SEE)))


def _papers(missions: QuerySet[Mission]) -> Q:
    """The evidence that these missions name."""
    named = Q()
    for name in PAPERS:
        named |= Q(pk__in=missions.exclude(**{name: None}).order_by().values(name))
    return named
