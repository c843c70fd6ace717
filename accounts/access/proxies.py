"""A proxy that the settings do not know of: everybody then counts as one address."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)
UNKNOWN = (
    "A proxy passes requests on (X-Forwarded-For), and TRUSTED_PROXIES is 0, so everybody counts "
    "as one address: after wrong passwords of anybody all people wait who log in at a new browser. "
    "Set TRUSTED_PROXIES to the number of your proxies, and start again."
)


def is_unknown(request: HttpRequest) -> bool:
    """Whether the request came through a proxy though the settings say that there is none."""
    known: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    return not known and "HTTP_X_FORWARDED_FOR" in request.META


def noticed(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Says it in the log, once in the life of a process: the server cannot know it at its start."""
    said = False

    def middleware(request: HttpRequest) -> HttpResponse:
        nonlocal said
        if not said and is_unknown(request):
            said = True
            log.warning(UNKNOWN)
        return get_response(request)

    return middleware
