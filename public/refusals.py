"""What an address asked for and cannot have, in whole sentences."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404

LONGEST = 80


class NotThere(Http404):
    """404: what was asked, why not, what would work."""


class NotUnderstood(BadRequest):
    """400: what was asked, why not, what would work."""


def quoted(asked: object) -> str:
    """What was asked, fit to be repeated: at most 80 characters, none of them invisible."""
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(asked))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
