"""The pack of one project alone, and in a register with a million events of other projects."""

from __future__ import annotations

import io
import statistics
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from audit.seals import seal
from deliverables.models import Project

EVENTS, PROJECTS, SEALS = 1_000_000, 1_000, 200
OF_OTHERS = """
    INSERT INTO audit_event
      (at, who, through, why, "table", "row", operation, before, after, transaction, about)
    SELECT now(), 'U-0001', 'form', '', 'deliverables_deliverable', 1000000 + n, 'insert', NULL,
      jsonb_build_object('id', 1000000 + n, 'title_en', 'A result of another project ' || n),
      1, ARRAY['deliverables_deliverable:' || 1000000 + n,
        'deliverables_project:' || 1000000 + n %% %s]
    FROM generate_series(%s, %s) AS n
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("seeded_for_all")
def test_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = measured(tmp_path, "alone")
    sealing = []
    for number in range(SEALS):
        first = number * EVENTS // SEALS
        with connection.cursor() as cursor:
            cursor.execute(OF_OTHERS, [PROJECTS, first + 1, first + EVENTS // SEALS])
        begun = time.perf_counter()
        assert seal("timer")
        sealing.append(time.perf_counter() - begun)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_event, audit_line, audit_balance")
    among = measured(tmp_path, "among")
    with capsys.disabled():
        told = ", ".join(
            f"{what} {among[place]:.2f} ({alone[place]:.2f} alone): "
            f"{among[place] / alone[place]:.2f} x"
            for place, what in enumerate(("seconds", "kB"))
        )
        print(f"\nPack among {EVENTS:,} events of {PROJECTS:,} projects: {told}")  # noqa: T201
        print(f"A seal of {EVENTS // SEALS:,} events: first {sealing[0]:.2f} s, "  # noqa: T201
              f"last {sealing[-1]:.2f} s")  # fmt: skip


def measured(folder: Path, name: str) -> tuple[float, float]:
    """Seconds (the median of five) and kB of the pack of the demo."""
    times, size = [], 0.0
    for number in range(5):
        file, told = folder / f"{name}{number}.zip", io.StringIO()
        begun = time.perf_counter()
        call_command("audit_pack", Project.objects.get(slug="demo").slug, file, stdout=told)
        times.append(time.perf_counter() - begun)
        size = file.stat().st_size / 1000
    return statistics.median(times), size
