"""Who works on a project: institutions and partnerships, experts and functions."""

from __future__ import annotations

from experts.people.models.expert import INSTITUTIONAL, Assignment, Expert, Function
from experts.people.models.institution import Institution, PartnerRole, Partnership

__all__ = [
    "Assignment",
    "Expert",
    "Function",
    "INSTITUTIONAL",
    "Institution",
    "Partnership",
    "PartnerRole",
]
