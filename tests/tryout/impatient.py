"""What a test's server loads: the application, with less patience for bodies."""

from __future__ import annotations

from tryout import bodies

bodies.GRACE = 2

from tryout.worker import application  # noqa: E402

__all__ = ["application"]
