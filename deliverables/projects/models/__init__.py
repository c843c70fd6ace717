"""A project with its parts, suspensions and people, and the findings that were accepted."""

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
from deliverables.projects.models.project import Change, Project
from deliverables.projects.models.suspension import Suspension

__all__ = [
    "AcceptedFinding",
    "Change",
    "Component",
    "Membership",
    "Project",
    "ProjectKind",
    "ProjectStatus",
    "Publishing",
    "ResultsBasis",
    "Suspension",
    "Title",
]
