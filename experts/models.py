"""Who works on a project: institutions, their part in it, experts, functions and missions."""

from __future__ import annotations

from experts.missions.models import ExpertDay, Mission, MissionExpert, MissionStep
from experts.people.models import (
    INSTITUTIONAL,
    Assignment,
    Expert,
    Function,
    Institution,
    PartnerRole,
    Partnership,
)

__all__ = [
    "Assignment",
    "Expert",
    "ExpertDay",
    "Function",
    "INSTITUTIONAL",
    "Institution",
    "Mission",
    "MissionExpert",
    "MissionStep",
    "Partnership",
    "PartnerRole",
]
