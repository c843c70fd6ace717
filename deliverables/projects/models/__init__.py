"""A project with its parts, suspensions and people, the findings that were accepted, and
what was entered by mistake."""

from __future__ import annotations

from deliverables.projects.models.choices import (
    ProjectKind,
    ProjectStatus,
    Publishing,
    ResultsBasis,
)
from deliverables.projects.models.component import Component, Title
from deliverables.projects.models.finding import AcceptedFinding
from deliverables.projects.models.membership import Membership
from deliverables.projects.models.mistake import Mistake
from deliverables.projects.models.project import Change, Project
from deliverables.projects.models.suspension import Suspension

__all__ = [
    "AcceptedFinding",
    "Change",
    "Component",
    "Membership",
    "Mistake",
    "Project",
    "ProjectKind",
    "ProjectStatus",
    "Publishing",
    "ResultsBasis",
    "Suspension",
    "Title",
]
