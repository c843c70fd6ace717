"""What something costs, whatever else the machine and the other tests do."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def seconds() -> Iterator[Callable[[], float]]:
    """The time that this thread computes, without what is swept away behind earlier tests."""
    swept = gc.isenabled()
    gc.disable()
    began = time.thread_time()
    try:
        yield lambda: time.thread_time() - began
    finally:
        if swept:
            gc.enable()
