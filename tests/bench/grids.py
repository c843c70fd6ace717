"""make bench: what a grid of entries costs, in seconds and queries, by its rows.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.make import make_line, make_member, make_project
from tests.office.grids import Typing

SIZES = (40, 500)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", SIZES)
def test_bench(rows: int, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.force_login(make_member(make_line(make_project()).project))
    grid = Typing(client, "budget_entry", "?q=2025-Q4").open()
    block = ["B1", "", "spent", "12,50", "2025-11"]
    wrong = [*block[:3], "much", block[4]]
    sent = "\n".join("\t".join(wrong if n % 50 == 1 else block) for n in range(rows))
    told = [_asked("with errors, shown again", lambda: grid.save(pasted=sent))]
    for row in grid.rows:
        row["amount"] = row["amount"] and "1"
    told.append(_asked("saved", grid.save))
    told.append(_asked("opened", grid.open))
    for row in grid.rows:
        row["note_en"] = row["seen"] and "late"
    told.append(_asked("changed", grid.save))
    with capsys.disabled():
        print(*(f"\n| {rows} | {line} |" for line in told), sep="")  # noqa: T201


def _asked(what: str, work: Callable[[], Any]) -> str:
    begun = time.process_time(), time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        work()
    ends = time.process_time(), time.perf_counter()
    spent, waited = (end - begin for begin, end in zip(begun, ends, strict=True))
    return f"{what} | {spent:.2f} | {waited:.2f} | {len(queries)}"
