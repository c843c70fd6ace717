"""A session of the back office lasts 12 hours, and ends after 60 minutes without a request."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

IDLE = 60 * 60  # seconds
BEGAN, LAST = "began", "last_request"
BEFORE = "before"  # when the person logged in before this session: ISO 8601


def limited(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Public pages never touch the session; elsewhere it is written once a minute at most."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return get_response(request)
        now = int(time.time())
        began = request.session.setdefault(BEGAN, now)
        last = request.session.setdefault(LAST, now)
        if now - began > settings.SESSION_COOKIE_AGE or now - last > IDLE:
            logout(request)
            messages.info(
                request,
                _(
                    "You were logged out: a session ends after 12 hours, or after 60 minutes "
                    "without a request. Log in again to go on where you were."
                ),
            )
            return redirect(f"/admin/login/?{urlencode({'next': request.get_full_path()})}")
        if now - last > 60:
            request.session[LAST] = now
        return get_response(request)

    return middleware
