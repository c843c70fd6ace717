"""What the accessibility statement says of itself; a test fails when its review is a year old."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

PREPARED = dt.date(2026, 11, 24)
REVIEWED = dt.date(2026, 11, 24)


def context() -> dict[str, object]:
    """Dates of the statement, and whom to write to (settings of whoever runs the site)."""
    return {
        "prepared": PREPARED.isoformat(),
        "reviewed": REVIEWED.isoformat(),
        "operator": settings.OPERATOR_NAME,
        "contact": settings.ACCESSIBILITY_EMAIL,
    }
