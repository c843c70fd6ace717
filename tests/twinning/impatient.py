"""What a test's server loads: the application, with less patience for bodies."""

from __future__ import annotations

from twinning import bodies

bodies.GRACE = 2

from twinning.worker import application  # noqa: E402

__all__ = ["application"]
