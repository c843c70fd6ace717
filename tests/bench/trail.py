"""The trail of one project in a register with a million events: each question, and its plan."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from audit.lists import trail
from audit.models import Event

EVENTS, OLD, MINUTE = 1_000_000, 100_000, dt.timedelta(minutes=1)
INDEXES = ("event_at", "event_who", "event_through", "event_table", "event_transaction")
# One a minute: project 1 has the first 100,000 and no more, project 2 one in ten of the rest and
# projects 3 to 1000 what is left; one in 10,000 is by nobody, one in 20 by each of 20 people.
WRITTEN = """
    INSERT INTO audit_event
      (at, who, through, why, "table", "row", operation, before, after, transaction, about)
    SELECT %(begin)s + n * interval '1 minute',
      CASE WHEN n %% 10000 = 0 THEN 'unknown' ELSE 'U-' || lpad((1 + n %% 20)::text, 4, '0') END,
      CASE WHEN n %% 10000 = 0 THEN 'sql' WHEN n %% 50 = 0 THEN 'import' ELSE 'form' END, '',
      CASE WHEN n %% 4 = 0 THEN 'deliverables_item' ELSE 'deliverables_deliverable' END,
      n, 'update', jsonb_build_object('title_en', n),
      jsonb_build_object(CASE WHEN n %% 5000 = 0 THEN 'title_lv' ELSE 'title_en' END, n), n / 10,
      ARRAY['deliverables_deliverable:' || n, 'deliverables_project:' || CASE
        WHEN n <= %(old)s THEN 1 WHEN n %% 10 = 1 THEN 2 ELSE 3 + n %% 997 END]
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""


def written(begin: dt.datetime, step: int = 50_000) -> Iterator[float]:
    """Seconds of each batch."""
    for first in range(1, EVENTS + 1, step):
        asked: dict[str, Any] = {
            "begin": begin,
            "old": OLD,
            "first": first,
            "last": first + step - 1,
        }
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN, asked)
        yield time.perf_counter() - begun


def median(ask: Callable[[], Any], times: int = 5) -> float:
    """Milliseconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        ask()
        found.append(time.perf_counter() - begun)
    return statistics.median(found) * 1000


@pytest.mark.django_db(transaction=True)
def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    begin = timezone.now() - EVENTS * MINUTE
    for _seconds in written(begin):
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_event")
    Asked, first, last = trail.Filter, begin + 2 * OLD * MINUTE, begin + 3 * OLD * MINUTE
    questions = {
        "all": Asked(),
        "weeks in the middle": Asked(since=first, before=last),
        "the newest thousand": Asked(since=begin + (EVENTS - 1000) * MINUTE),
        "one of 20 people": Asked(who="U-0002"),
        "by nobody": Asked(who="unknown"),
        "imports": Asked(through="import"),
        "a table": Asked(table="deliverables_item"),
        "a rare field": Asked(table="deliverables_item", field="title_lv"),
        "person, table, weeks": Asked(first, last, who="U-0002", table="deliverables_item"),
    }
    scopes = {
        "everything": Q(),
        "1 of 1,000, of now": Q(about__overlap=["deliverables_project:500"]),
        "a tenth, of now": Q(about__overlap=["deliverables_project:2"]),
        "a tenth, long ago": Q(about__overlap=["deliverables_project:1"]),
    }
    lines = [f"{'ms: a page, and its count':30}" + "".join(f"{name:>22}" for name in scopes)]
    for name, asked in questions.items():
        told = f"{name:30}"
        for scope in scopes.values():
            events = asked.of(Event.objects.filter(scope))
            plan = events.order_by("-at", "-pk")[:51].explain()
            read_whole = "Seq Scan on audit_event" in plan
            assert not read_whole or (asked.field and not scope), plan
            page = median(lambda events=events: trail.page_of(events))  # type: ignore[misc]
            count = median(lambda events=events: trail.counted(events, 10_000), 3)  # type: ignore[misc]
            told += f"{page:11.0f} {count:10.0f}"
        lines.append(told)
    with_them = [next(written(begin)) for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {', '.join(INDEXES)}")
    without = [next(written(begin)) for _ in range(3)]
    with capsys.disabled():
        print("\n50,000 events written, the median of three: "  # noqa: T201
              f"{statistics.median(with_them):.2f} s, without the indexes of the trail "
              f"{statistics.median(without):.2f} s")  # fmt: skip
        print("\n".join(lines))  # noqa: T201
