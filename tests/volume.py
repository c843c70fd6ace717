"""How often a test repeats itself: the one place that decides.

`make test` does a tenth, `make test-all` (TESTS=all in the environment) all of it: the same
tests at another strength. `least` is what a control needs to be able to fail.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")
ALL = os.environ.get("TESTS") == "all"


def volume(full: int, *, least: int = 1) -> int:
    """Of `full` repetitions those of this run."""
    return full if ALL else max(full // 10, least)


def languages(turn: str) -> Sequence[str]:
    """The language in which a browser is walked through: another one for another `turn`; both at
    full strength. What pages say in each is read by tests that need no browser."""
    return share(("lv", "en"), turn, of=2)


def is_turn(name: str, *, of: int) -> bool:
    """Whether this is one of the one in `of` that are tried."""
    return bool(share([name], name, of=of))


def share(cases: Sequence[Case], turn: str | int, *, of: int) -> Sequence[Case]:
    """Of cases that many places are tried with, one in `of`: another share for another `turn`, so
    that each case is tried somewhere. With few turns, numbers see to it that none is left out."""
    number = turn if isinstance(turn, int) else zlib.crc32(turn.encode())
    return cases if ALL else cases[number % of :: of]
