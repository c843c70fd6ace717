"""Days in figures, as the public pages have them: 21.02.2019. The rest is Django's."""

from __future__ import annotations

DATE_FORMAT = "d.m.Y."
DATETIME_FORMAT = "d.m.Y., H:i"
