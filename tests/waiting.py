"""Waiting for what a test expects of another process or thread, with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_for(happened: Callable[[], object], seconds: float = 60) -> None:
    """Until it is true. Fails after so many seconds, which even a busy machine does not need."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"What is awaited has not come in {seconds} seconds."
        time.sleep(0.01)
