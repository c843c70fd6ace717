"""Who is missing in a project that runs, told to administrators before a step stops there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.desks import address
from accounts.roles import Role
from deliverables.projects.models import Membership, Project
from releases.checklist import RUNS

SHOWN = 20


@dataclass(frozen=True, slots=True)
class MissingPerson:
    """A project, what nobody can do there, and the page on which somebody is given the role."""

    project: Project
    sentence: str
    address: str


def missing_people() -> list[MissingPerson]:
    """Of the first projects that run and lack a leader; one query."""
    return [
        MissingPerson(project, _sentence(project), _giving(project))
        for project in _lacking().order_by("reference", "pk")[:SHOWN]
    ]


def _lacking() -> QuerySet[Any]:
    """With results to accept, and nobody who is switched on and leads for one of the sides."""

    def held(role: Role) -> Exists:
        roles = Membership.objects.filter(project=OuterRef("pk"), role=role)
        return Exists(roles.filter(user__is_active=True))

    rows = Project.objects.filter(status__in=RUNS, deliverables__active=True).distinct()
    annotated = rows.annotate(
        has_member_state=held(Role.MS_LEADER), has_beneficiary=held(Role.BC_LEADER)
    )
    return annotated.filter(Q(has_member_state=False) | Q(has_beneficiary=False))


def _sentence(project: Any) -> str:
    if project.has_member_state:
        return _("nobody can accept, or sign for the beneficiary")
    if project.has_beneficiary:
        return _("nobody can sign for the Member State")
    return _("nobody can accept, or sign for either side")


def _giving(project: Project) -> str:
    add = reverse("admin:deliverables_membership_add")
    return address(project.slug, add)
