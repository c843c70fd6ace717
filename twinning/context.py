"""What the pages of the back office know without being told."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from twinning.middleware import lacks_second_factor


def version(request: HttpRequest) -> dict[str, str]:
    """Of this register, at the foot of each page of the office."""
    return {"version": settings.VERSION}


def second_factor(request: HttpRequest) -> dict[str, bool]:
    """Whether to say that a second factor would be demanded in operation."""
    if settings.SECOND_FACTOR_REQUIRED or request.path_info != "/admin/":
        return {}
    return {"second_factor_offered": lacks_second_factor(request.user)}
