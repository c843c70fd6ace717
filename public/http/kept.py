"""Pages that were made are kept ready, compressed, while they would be made the same again.

Who makes a page says what it stands on: the release, with the names that may be shown, or the list
(releases.reading.standing). At each request the database is asked whether anything was committed
since, and only then that one row again: what is withdrawn, or released anew, is gone at once and in
every process. A page is of a day, too, and a process knows only its own edition of the software.
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import get_conditional_response

from releases.published import Shelf, Stands, moment

GetResponse = Callable[[HttpRequest], HttpResponse]
Address = tuple[str, str, str, str]
_TAKES_GZIP = re.compile(r"\bgzip\b")
_OF_BODY = ("Content-Encoding", "Content-Length", "ETag")
_BESIDE = 2048  # bytes of an entry besides its body, about


@dataclass(slots=True)
class Page:
    """An answer; `body` is compressed, None where only its 304 is known so far. `seen`: the last
    moment at which it held."""

    stands: Stands
    day: dt.date
    seen: str | None
    etag: str
    headers: dict[str, str]
    body: bytes | None

    def holds(self, day: dt.date, now: str | None) -> bool:
        if self.day != day:
            return False
        if now is None or now != self.seen:
            if not self.stands.holds():
                return False
            self.seen = now
        return True

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """None where something else is asked for: whoever makes the page knows it."""
        if any(name.startswith("HTTP_IF_") for name in request.META):
            known = get_conditional_response(request, etag=self.etag)
            if known is not None and known.status_code == 304:
                return HttpResponseNotModified(headers=self.headers | {"ETag": self.etag})
            if known is not None:
                return None
        if self.body is None:
            return None
        body, sent = self.body, {"ETag": f"W/{self.etag}", "Content-Encoding": "gzip"}
        if not _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            body, sent = gzip.decompress(body), {"ETag": self.etag}
        return HttpResponse(body, headers=self.headers | sent | {"Content-Length": str(len(body))})


class Always:
    """On what a page of the software alone stands."""

    def holds(self) -> bool:
        return True


ALWAYS = Always()
PAGES: Shelf[Address, Page] = Shelf(settings.KEPT_PAGES * 1024 * 1024)


def may_be(response: HttpResponse, stands: Stands | None) -> HttpResponse:
    """The response, told on what it stands."""
    vars(response)["stands"] = stands  # read by `pages`, once it is finished
    return response


def pages(get_response: GetResponse) -> GetResponse:
    """Before all that would only be done again, and behind all that is done once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        at, day, now = _address(request), timezone.localdate(), None
        page = PAGES.get(at)
        if page is not None:
            now, answer = _looked_up(page, request, day)
            if answer is not None:
                return answer
        response = get_response(request)
        if request.method == "GET":
            _put(at, response, day, now)
        return response

    return middleware


def _looked_up(
    page: Page, request: HttpRequest, day: dt.date
) -> tuple[str | None, HttpResponse | None]:
    """The moment, and the answer where the page holds."""
    # The question itself shows whether the session is there.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        now = None if page.stands is ALWAYS else moment()
        return now, page.answer(request) if page.holds(day, now) else None
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()
        return None, None  # and what is to be said of it, is said of any other page


def _address(request: HttpRequest) -> Address:
    """By all of it: a Host that may not be asked, or plain HTTP, gets another answer."""
    meta = request.META
    return request.scheme or "", meta.get("HTTP_HOST", ""), request.path, meta["QUERY_STRING"]


def _put(at: Address, response: HttpResponse, day: dt.date, now: str | None) -> None:
    stands = cast("Stands | None", getattr(response, "stands", None))
    if stands is None or response.cookies or response.status_code not in (200, 304):
        return
    if "no-store" in response.headers["Cache-Control"]:  # the same pages as a preview, for some
        return
    body = None
    if response.status_code == 200:
        zipped = response.headers.get("Content-Encoding") == "gzip"
        body = response.content if zipped else gzip.compress(response.content)
    headers = {name: text for name, text in response.items() if name not in _OF_BODY}
    etag = response.headers["ETag"].removeprefix("W/")
    PAGES.put(at, Page(stands, day, now, etag, headers, body), _BESIDE + len(body or b""))
