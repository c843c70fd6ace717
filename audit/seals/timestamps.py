"""Heads that a time-stamping service (RFC 3161) has seen: since when each is proved, and by whom.

Of an answer it is looked at that it is granted, of this head and to this question; who doubts the
signature asks openssl (docs/operations.md). An answer that proves nothing is not kept.
"""

from __future__ import annotations

import datetime as dt
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.utils import timezone

from audit.models import Seal, Timestamp
from audit.seals import rfc3161

WITHIN = 30.0  # seconds for the whole answer
LARGEST = 64 * 1024  # bytes of it
APART = dt.timedelta(hours=1)  # so far may its clock be from ours


class NotStamped(Exception):
    """Why nothing was kept, as a sentence."""


def timestamp(seal: Seal, url: str) -> Timestamp:
    """Ask the service at the address about a seal, and keep its answer. Raises NotStamped."""
    service = urlsplit(url).netloc.rpartition("@")[2]
    digest, nonce = bytes.fromhex(seal.head), b"\x40" + secrets.token_bytes(7)
    try:
        answer = _asked(url, rfc3161.query(digest, nonce))
        stamp = rfc3161.read(answer)
        if stamp.digest != digest:
            raise rfc3161.Unusable("answered about another head")
        if stamp.nonce != nonce:
            raise rfc3161.Unusable("answered another question")
        if not seal.made_at - APART <= stamp.at <= timezone.now() + APART:
            raise rfc3161.Unusable("named a moment at which it cannot have seen the head")
    except rfc3161.Unusable as why:
        raise NotStamped(
            f"{service} was asked to timestamp seal {seal.number}, and {why}. "
            "Nothing was kept: run the command again, or set TIMESTAMP_URL to another service."
        ) from None
    row, _fresh = Timestamp.objects.get_or_create(
        seal=seal, defaults={"service": service, "at": stamp.at, "answer": answer}
    )
    return row


def of_its_head(row: Timestamp) -> bool:
    """Whether the answer that was kept says what its row says, of the head of its seal."""
    try:
        stamp = rfc3161.read(bytes(row.answer))
    except rfc3161.Unusable:
        return False
    return (stamp.digest.hex(), stamp.at) == (row.seal.head, row.at)


def _asked(url: str, query: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    request = Request(url, query, headers)  # noqa: S310 - `check` looks at it
    try:
        with _within(WITHIN), urlopen(request, timeout=WITHIN) as response:  # noqa: S310
            answer: bytes = response.read(LARGEST + 1)
    except HTTPError as error:
        error.close()
        raise rfc3161.Unusable(f"answered {error.code} instead of a timestamp") from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise rfc3161.Unusable(f"sent no whole answer within {WITHIN:g} seconds") from None
        raise rfc3161.Unusable(f"could not be reached ({reason})") from None
    if len(answer) > LARGEST:
        raise rfc3161.Unusable(f"sent more than the {LARGEST // 1024} kB that an answer may have")
    return answer


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """TimeoutError when it takes longer, also of who sends one byte after another."""

    def late(*_signal: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
