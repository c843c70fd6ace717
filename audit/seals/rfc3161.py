"""Questions to a time-stamping service, and what its answers say (RFC 3161). Pure.

Whether an answer is signed by whom it should be is not looked at: `openssl ts -verify` tells.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

INTEGER, OCTETS, NAME, TIME, LIST, SET, INNER = 2, 4, 6, 0x18, 0x30, 0x31, 0xA0
SHA256 = bytes.fromhex("608648016503040201")  # as the content of an object identifier
# TimeStampReq: version 1, SHA-256 with its digest, a nonce of 8 bytes, "send your certificate".
_QUERY = "3043 020101 3031 300d 0609 {0} 0500 0420 {1} 0208 {2} 0101ff"


class Unusable(Exception):
    """Why an answer proves nothing, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a service has signed: when it saw which digest, and the nonce that it was sent."""

    digest: bytes
    nonce: bytes
    at: dt.datetime


def query(digest: bytes, nonce: bytes) -> bytes:
    """The question; its nonce has 8 bytes, the first of them from 1 to 127."""
    return bytes.fromhex(_QUERY.format(SHA256.hex(), digest.hex(), nonce.hex()))


def read(answer: bytes) -> Stamp:
    """What a TimeStampResp says. Raises Unusable where it is a refusal, or none at all."""
    try:
        (whole,) = _inside(answer, LIST)
        status, *token = _inside(whole, LIST)
        if _inside(status, INTEGER)[0] not in (b"\0", b"\1"):
            raise Unusable(f"refused ({_words(status)})")
        return _stamp(token[0])
    except (IndexError, OverflowError, ValueError):
        raise Unusable("sent what is no answer of such a service") from None


def _stamp(token: bytes) -> Stamp:
    """The TSTInfo in the SignedData of a token."""
    (signed,) = _inside(_inside(token, NAME, INNER)[1], LIST)
    content = _inside(signed, INTEGER, SET, LIST)[2]
    (octets,) = _inside(_inside(content, NAME, INNER)[1], OCTETS)
    (info,) = _inside(octets, LIST)
    imprint, _number, at = _inside(info, INTEGER, NAME, LIST, INTEGER, TIME)[2:5]
    algorithm, digest = _inside(imprint, LIST, OCTETS)
    nonces = [content for tag, content in _values(info)[5:] if tag == INTEGER]
    same_kind = _inside(algorithm, NAME)[0] == SHA256
    return Stamp(digest if same_kind else b"", b"".join(nonces), _time(at))


def _time(text: bytes) -> dt.datetime:
    matched = re.fullmatch(r"(\d{14})(\.\d{1,9})?Z", text.decode("ascii"))
    if not matched:
        raise ValueError("no time")
    at = dt.datetime.strptime(matched[1], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    return at + dt.timedelta(seconds=float(matched[2] or 0))


def _words(status: bytes) -> str:
    """Why a service refused, in its own words, if it has any."""
    texts = [
        text for tag, content in _values(status) if tag == LIST for _t, text in _values(content)
    ]
    words = re.sub(r"[^\w ,.:;()-]", " ", b" ".join(texts).decode("utf-8", "replace"))
    return " ".join(words.split())[:200] or "it did not say why"


def _inside(data: bytes, *tags: int) -> list[bytes]:
    """The contents of the values in there, the first of which have these tags."""
    values = _values(data)
    if [tag for tag, _content in values[: len(tags)]] != list(tags):
        raise ValueError("other values")
    return [content for _tag, content in values]


def _values(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of the values in DER that stand one after another. Raises ValueError."""
    values, at = [], 0
    while at < len(data):
        tag, length, begin = data[at], data[at + 1], at + 2
        if length >= 0x80:  # of so many bytes is the length
            begin += length - 0x80
            length = int.from_bytes(data[at + 2 : begin]) if length > 0x80 else len(data)
        at = begin + length
        if at > len(data):
            raise ValueError("it ends too early")
        values.append((tag, data[begin:at]))
    return values
