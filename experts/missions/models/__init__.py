"""Missions: who goes when, the days that were worked, and the steps that were taken."""

from __future__ import annotations

from experts.missions.models.day import ExpertDay, MissionStep
from experts.missions.models.mission import Mission, MissionExpert

__all__ = [
    "ExpertDay",
    "Mission",
    "MissionExpert",
    "MissionStep",
]
