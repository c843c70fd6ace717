"""How often somebody may be wrong, counted before anything is hashed.

By a name together with where it is typed: five times in a quarter of an hour. By a name alone, and
by an address alone, the pause between two tries grows, to half a minute: it slows a guesser down
and shuts nobody out for long. A browser in which the person has been before, or has followed the
mailed link, waits for nobody else: a stranger who guesses elsewhere never keeps the person out.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from dataclasses import dataclass

from allauth.core.internal.ratelimit import cache_lock, get_ip
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from accounts.folding import fold

WINDOW = 15 * 60  # seconds that a try is remembered
HERE = 5  # tries of a name from one place
BY_NAME, BY_ADDRESS = 10, 20  # tries before the pause begins
PAUSE = 30  # seconds, the longest of one
PAUSE_OF_CODES = 15 * 60  # six digits are guessed sooner, and who types them knows the password

COOKIE = "known_browser"
KEPT = 365 * 24 * 60 * 60  # seconds
_SALT = "accounts.access.limits"
_MAILED = "followed_mail"


@dataclass(frozen=True, slots=True)
class TryLimit:
    """`free` tries in the window; then the pause doubles up to `longest` seconds, or with 0 there
    is no other before the oldest is forgotten."""

    key: str
    free: int
    longest: int = 0

    def wait(self, tries: list[float], now: float) -> float:
        """Seconds until the next try; tries come in their order."""
        beyond = len(tries) - self.free
        if beyond < 0:
            return 0
        if not self.longest:
            return tries[0] + WINDOW - now
        return tries[-1] + min(2.0**beyond, self.longest) - now

    def take(self, now: float) -> float:
        """Count a try, unless it has to wait: then it gives for how many seconds."""
        with cache_lock(self.key) as locked:
            if not locked:  # many try the same at this moment
                return 1
            tries = [at for at in cache.get(self.key, []) if at > now - WINDOW]
            wait = self.wait(tries, now)
            if wait <= 0:
                cache.set(self.key, [*tries, now], WINDOW)
            return wait

    def give_back(self, now: float) -> None:
        with cache_lock(self.key) as locked:
            if locked:
                tries = [at for at in cache.get(self.key, []) if at != now]
                cache.set(self.key, tries, WINDOW if tries else 0)


@dataclass(frozen=True, slots=True)
class Try:
    """One that was counted. `right` forgets those of the name; other names of the address stay."""

    at: float
    of_name: tuple[TryLimit, ...]
    of_address: tuple[TryLimit, ...]

    def right(self) -> None:
        cache.delete_many([rule.key for rule in self.of_name])
        for rule in self.of_address:
            rule.give_back(self.at)


def a_try(request: HttpRequest, what: str, name: str, *, longest: int = PAUSE) -> Try:
    """Count a try at what a name opens. Raises ValidationError, which says how long to wait.

    `longest` is the pause of a name alone, in seconds; with 0 there is none.
    """
    place = _known_place(request, what, name)
    of_address: tuple[TryLimit, ...] = ()
    of_name = [TryLimit(_key(what, fold(name), place or get_ip(request)), HERE)]
    if not place:
        of_address = (TryLimit(_key(what, get_ip(request)), BY_ADDRESS, PAUSE),)
        if longest:
            of_name.insert(0, TryLimit(_key(what, fold(name)), BY_NAME, longest))
    now, counted = time.time(), list[TryLimit]()
    for rule in (*of_address, *of_name):
        if (wait := rule.take(now)) > 0:
            for other in counted:
                other.give_back(now)
            raise ValidationError(_sentence(wait), code="too_many_tries")
        counted.append(rule)
    return Try(now, tuple(of_name), of_address)


def mailbox_is_full(address: str) -> bool:
    """Whether enough links went to this mailbox lately. Counts one if not."""
    return TryLimit(_key("mailbox", fold(address)), HERE).take(time.time()) > 0


def _sentence(wait: float) -> str:
    seconds, minutes = math.ceil(wait), math.ceil(wait / 60)
    if seconds < 60:
        return ngettext(
            "There were too many tries, so this one was not looked at. Try again in %(n)s second.",
            "There were too many tries, so this one was not looked at. Try again in %(n)s seconds.",
            seconds,
        ) % {"n": seconds}
    return ngettext(
        "There were too many tries, so this one was not looked at. Try again in %(n)s minute.",
        "There were too many tries, so this one was not looked at. Try again in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}


def _key(*parts: str) -> str:
    """Of a fixed length, and with nobody's name in it."""
    return "tries:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _mark(name: str) -> str:
    return salted_hmac(_SALT, fold(name)).hexdigest()[:20]


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """After a log-in: the next try in this browser is that of somebody who has been here."""
    browser, people = _browser(request)
    people = [*(mark for mark in people if mark != _mark(name)), _mark(name)][-5:]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser, people], salt=_SALT),
        max_age=KEPT,
        path="/admin/account/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def remember_mail(request: HttpRequest, name: str) -> None:
    """After a new password by the mailed link: only the person reads that mailbox."""
    request.session[_MAILED] = [secrets.token_urlsafe(12), _mark(name)]


def _browser(request: HttpRequest) -> tuple[str, list[str]]:
    """Its random number, and who has been in it."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        kept = secrets.token_urlsafe(12), []
    return kept[0], kept[1]


def _known_place(request: HttpRequest, what: str, name: str) -> str | None:
    """The browser where this person is known; of a password also the session that the mailed link
    began. A second factor is there for the case that somebody else reads the mailbox."""
    mailed = request.session.get(_MAILED, ["", ""]) if what == "password" else ["", ""]
    for place, people in (_browser(request), (mailed[0], mailed[1:])):
        if _mark(name) in people:
            return str(place)
    return None
