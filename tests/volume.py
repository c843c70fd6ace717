"""How often a test repeats itself: the one place that decides.

`make test` does a tenth, `make test-all` (TESTS=all in the environment) all of it: the same tests
at another strength. `least` is what a control needs to be able to fail.
"""

from __future__ import annotations

import os

ALL = os.environ.get("TESTS") == "all"


def volume(full: int, *, least: int = 1) -> int:
    """Of `full` repetitions those of this run."""
    return full if ALL else max(full // 10, least)
