"""The back office of the room, subject by subject: Django looks for it here."""

from __future__ import annotations

from deliverables.evidence import admin as evidence
from deliverables.indicators import admin as indicators
from deliverables.plan import admin as plan
from deliverables.projects import admin as projects
from deliverables.projects import exports_admin as exports_admin
from deliverables.projects.mistakes import admin as mistakes

__all__ = ["projects", "exports_admin", "mistakes", "evidence", "plan", "indicators"]
