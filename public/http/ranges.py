"""Parts of a file, for downloads that go on where they broke off (RFC 9110, 14). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

ASKED = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
LONGEST = 18  # digits of a place


class OutOfRange(Exception):
    """There is nothing of the file at the places that are asked for."""


def asked(headers: Mapping[str, str], etag: str, size: int) -> range | None:
    """Which bytes are asked for; None where all are: without a range, of another edition of the
    file, or in a way that we do not know, several ranges among them. Raises OutOfRange."""
    match = ASKED.fullmatch(headers.get("Range", "").strip())
    if match is None or headers.get("If-Range", etag) != etag:
        return None
    first, last = match[1][:LONGEST], match[2][:LONGEST]
    if not first and not last:
        return None
    if not first:
        wanted = range(max(size - int(last), 0), size)
    else:
        wanted = range(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None
    if not wanted:
        raise OutOfRange
    return wanted
