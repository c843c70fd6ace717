"""The back office is mounted once more for each project, as WSGI mounts it below a SCRIPT_NAME.

/desk/tw-1/admin/… is asked as /admin/… is, so whatever guards the one guards the other: what looks
at an address asks `path_info`. Whose the desk is, office.desk.seat says once it is known who asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import escape_leading_slashes

OFFICE = "/admin/"
# Of no project: log-in, the own account, the way to a desk, the reminders of a mail.
ALIKE = tuple(OFFICE + name for name in ("account/", "desks/", "login/", "logout/", "reminders/"))
DESK = re.compile(r"/desk/([-a-zA-Z0-9_]+)(/.*|)", re.DOTALL)


def split(path: str) -> tuple[str, str]:
    """The slug of a desk, "" outside of all, and the address without it."""
    match = DESK.fullmatch(path)
    return (match[1], match[2]) if match else ("", path)


def address(slug: str, path: str = OFFICE) -> str:
    """An address of the back office at a desk; as it is where it names one already."""
    return path if DESK.fullmatch(path) else f"/desk/{slug}{path}"


def mounted(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What stands below a desk and is no page of one leads to where it is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith("/desk/"):
            return get_response(request)
        slug, rest = split(path)
        if slug and rest.startswith(OFFICE) and not rest.startswith(ALIKE):
            request.path_info = rest
            request.desk_slug = slug  # type: ignore[attr-defined]
            return get_response(request)
        if not slug or rest in ("", "/"):
            plain = address(slug) if slug else OFFICE
        else:
            plain = escape_leading_slashes(request.get_full_path().removeprefix(f"/desk/{slug}"))
        response = HttpResponseRedirect(plain)
        if request.method not in ("GET", "HEAD"):
            response.status_code = 307  # a form arrives as it was sent
        return response

    return middleware
