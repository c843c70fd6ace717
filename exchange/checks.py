"""What `manage.py check` asks of the admin beyond Django's own checks."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.core import checks


def no_list_is_edited_in_place(**kwargs: object) -> list[checks.CheckMessage]:
    """A list that is saved writes stale values over rows that nobody touched (Django #11313)."""
    return [
        checks.Error(
            f"{type(page).__name__} has list_editable: saving such a list overwrites what others "
            "saved meanwhile. Remove it; rows are edited on their own pages.",
            id="exchange.E001",
        )
        for model in apps.get_models()
        if admin.site.is_registered(model)
        and (page := admin.site.get_model_admin(model)).list_editable
    ]
