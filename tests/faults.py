"""A mended fault as it can be put back: what the tables for tests/putback.py are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What was wrong, and how one file has it again: `now` stands in it once and becomes `then`.

    Of `tests`, at least one fails then; they are the quickest that say why.
    """

    what: str
    file: str
    now: str
    then: str
    tests: tuple[str, ...]
