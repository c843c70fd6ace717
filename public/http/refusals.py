"""What an address asked for and cannot have, in whole sentences. Pure."""

from __future__ import annotations

LONGEST = 80


class Refusal(Exception):
    """What was asked, why not, what would work; shown on a page of its own."""

    status = 400


class NotUnderstood(Refusal):
    """The address makes no sense."""


class TooLarge(Refusal):
    """What was sent is more than is read."""

    status = 413


class TakenBack(Refusal):
    """It was there, and was withdrawn for good."""

    status = 410


class NotToBeShown(Refusal):
    """There is something, and it is not what was published."""

    status = 503


class NotNow(Refusal):
    """It can be had in a moment."""

    status = 503


class NotThere(Refusal):
    """The address makes sense, and there is nothing at it."""

    status = 404


def quoted(asked: object) -> str:
    """What was asked, fit to be repeated: at most 80 characters, none of them invisible."""
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(asked))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
