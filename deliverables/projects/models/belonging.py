"""What names rows of its own project only."""

from __future__ import annotations

from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SAME_PROJECT = _("This belongs to another project. Choose one of the same project.")


class _InProject(Protocol):
    project_id: int


def of_one_project(row: _InProject, *names: str) -> None:
    """Raises ValidationError where one of these references leads into another project."""
    for name in names:
        other = getattr(row, name) if getattr(row, f"{name}_id") else None
        if other and other.project_id != row.project_id:
            raise ValidationError({name: SAME_PROJECT})
