from __future__ import annotations

import datetime as dt

from django.utils import timezone

from public.pages import accessibility as statement


def test_the_accessibility_statement_was_reviewed_within_a_year() -> None:
    assert timezone.localdate() - statement.REVIEWED <= dt.timedelta(days=366)
    assert statement.PREPARED <= statement.REVIEWED
