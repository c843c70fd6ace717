"""The pack of one project alone, and in a register with a million events of other projects."""

from __future__ import annotations

import io
import statistics
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from audit.seals.sealing import seal
from tests import databases
from tests.conftest import load_seed

EVENTS, PROJECTS, SEALS, TURNS = 1_000_000, 1_000, 200, 10
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
def test_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In turn, since other work of the machine comes and goes."""
    sealing: list[float] = []
    fills = {"alone": load_seed, "among": lambda: others(sealing)}
    times: dict[str, list[float]] = {name: [] for name in fills}
    sizes: dict[str, float] = {}
    for number in range(TURNS):
        for name, fill in fills.items():
            with databases.filled(name, fill):
                took, sizes[name] = measured(tmp_path / f"{name}{number}.zip")
            times[name].append(took)
    with capsys.disabled():
        figures = {
            "seconds, fastest": {name: min(took) for name, took in times.items()},
            "median": {name: statistics.median(took) for name, took in times.items()},
            "kB": sizes,
        }
        told = ", ".join(
            f"{what} {of['among']:.2f} ({of['alone']:.2f} alone): {of['among'] / of['alone']:.2f} x"
            for what, of in figures.items()
        )
        print(f"\nPack among {EVENTS:,} events of {PROJECTS:,} projects: {told}")  # noqa: T201
        print(f"A seal of {EVENTS // SEALS:,} events: first {sealing[0]:.2f} s, "  # noqa: T201
              f"last {sealing[-1]:.2f} s")  # fmt: skip


def others(sealing: list[float]) -> None:
    """The seed, and the events of other projects under seals; how long each seal takes."""
    load_seed()
    for number in range(SEALS):
        first = number * EVENTS // SEALS
        with connection.cursor() as cursor:
            cursor.execute(OF_OTHERS, [PROJECTS, first + 1, first + EVENTS // SEALS])
        begun = time.perf_counter()
        assert seal("timer")
        sealing.append(time.perf_counter() - begun)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_event, audit_line, audit_balance")


def measured(file: Path) -> tuple[float, float]:
    """Seconds and kB of the pack of the demo."""
    begun = time.perf_counter()
    call_command("audit_pack", "demo", file, stdout=io.StringIO())
    return time.perf_counter() - begun, file.stat().st_size / 1000
