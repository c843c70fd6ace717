"""What somebody typed and has not saved yet: a page shows it again, and nothing of it is written.

Who keeps it (accounts/typed/keeping.py) gives a GET the fields as `request.POST`, and
`request.unsaved`.
"""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict


class Unsaved(BaseForm):
    """A form that is shown as it was typed, and that nothing makes valid."""

    def is_valid(self) -> bool:
        super().is_valid()
        return False


def is_offered(request: HttpRequest) -> bool:
    return hasattr(request, "unsaved")


def saves(request: HttpRequest) -> bool:
    return request.method == "POST" and not is_offered(request)


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: what is sent, or what was kept; None where nothing was typed."""
    return request.POST if request.method == "POST" or is_offered(request) else None


def was_not_saved(request: Any) -> None:
    """Said by a page that leads elsewhere with a refusal: what was typed is not shown there."""
    request.not_saved = True
