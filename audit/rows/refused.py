"""Why something was not done, in words for who asked; and a row as the person saw it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from audit.events.history import last_hand
from audit.rows.versions import Stale, claim

Row = TypeVar("Row", bound=Model)


class Refused(Exception):
    """Why nothing was done, as a sentence for the person who asked."""


def as_seen(rows: QuerySet[Row], row: Row, seen: int | str, sentence: str) -> Row:
    """The row, locked, in the version that the person decided on; a mark covers its parts as well.

    Raises Refused where it is another one: `sentence`, and who changed it last.
    """
    version, _dash, parts = str(seen).partition("-")
    try:
        locked = claim(rows, row.pk, version)
    except Stale:
        raise Refused(f"{sentence} {last_hand(row)}") from None
    if parts and getattr(locked, "mark", "") != seen:
        raise Refused(sentence)
    return locked


@contextmanager
def refusing() -> Iterator[None]:
    """What a row's own checks say against a change is its refusal."""
    try:
        yield
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
