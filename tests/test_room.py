"""That calls cost no memory of the system, however deep a test is in frames (tests/conftest.py)."""

from __future__ import annotations

import resource

LOOP, DEEP = 200, 150


def nothing() -> None:
    pass


def faults(depth: int) -> int:
    """How often a loop of calls, so many frames deeper, waited for memory that is new."""
    if depth:
        return faults(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _time in range(LOOP):
        nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_at_no_depth_a_loop_of_calls_asks_for_memory_each_time() -> None:
    assert [depth for depth in range(DEEP) if faults(depth) >= LOOP] == []
