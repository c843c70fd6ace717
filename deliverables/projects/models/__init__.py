"""A project with its components, titles and people, and the findings that were accepted."""

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
    "Title",
]
