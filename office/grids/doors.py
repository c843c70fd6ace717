"""Who may open which grid, and the links that lead there."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from accounts.roles import Right
from deliverables.projects.access import access_of, desk_of
from deliverables.projects.scoped_admin import OfficeAdmin
from office.grids.grid import Grid
from office.grids.tables import GRIDS


def owner_of(grid: Grid) -> OfficeAdmin:
    """The pages of its table, whose rights are those of the grid."""
    return cast(OfficeAdmin, admin.site.get_model_admin(grid.model))


def may_type(request: HttpRequest, grid: Grid) -> bool:
    """Who may import into the table; at a desk, who may write something of its project."""
    access, desk = access_of(request.user), desk_of(request)
    here = desk is None or access.everywhere(Right.EDIT) or desk.pk in access.partly(Right.EDIT)
    return here and owner_of(grid).has_import_permission(request)


def grids_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The grids that the person may open at a desk: what their rows are called, and the address."""
    return [
        (str(capfirst(grid.model._meta.verbose_name_plural)), reverse(f"admin:{grid.name}"))
        for grid in GRIDS
        if may_type(request, grid)
    ]


def grid_of(request: HttpRequest) -> str:
    """On the list of a table, the address of its grid; "" where there is none for the person."""
    name = getattr(request.resolver_match, "url_name", None) or ""
    grid = next((grid for grid in GRIDS if name == f"{grid.label}_changelist"), None)
    return reverse(f"admin:{grid.name}") if grid and may_type(request, grid) else ""
