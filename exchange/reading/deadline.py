"""How long a file may keep a process busy: asked row by row while it is read and planned."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from exchange.reading.faults import Unreadable

_ends: ContextVar[float] = ContextVar("ends", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """So much time of the processor, for what is done in this thread."""
    token = _ends.set(time.thread_time() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def keep() -> None:
    """Raises Unreadable where the time is over."""
    if time.thread_time() > _ends.get():
        raise Unreadable(
            _(
                "It takes too long to read this file. Import it in parts: copy some of its rows "
                "into a new workbook, with the header."
            )
        )
