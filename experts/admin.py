"""The back office of the room, subject by subject: Django looks for it here."""

from __future__ import annotations

from experts.missions import admin as missions
from experts.people import admin as people

__all__ = ["people", "missions"]
