"""Who works on a project: institutions, their part in it, experts, functions and missions."""

from __future__ import annotations

from experts.models.mission import ExpertDay, Mission, MissionExpert, MissionStep
from experts.models.people import (
    INSTITUTIONAL,
    Assignment,
    Expert,
    Function,
    Institution,
    Partnership,
    Role,
)

__all__ = [
    "INSTITUTIONAL",
    "Assignment",
    "Expert",
    "ExpertDay",
    "Function",
    "Institution",
    "Mission",
    "MissionExpert",
    "MissionStep",
    "Partnership",
    "Role",
]
