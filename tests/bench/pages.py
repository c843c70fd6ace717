"""make bench: what pages and releases cost at 1 and at 1,000 deliverables, as ratios of one run.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from public.http import kept
from releases import actions
from tests.make import make_component, make_project

ROUNDS = 20


def project_of(size: int) -> Project:
    project = make_project(f"size-{size}")
    component = make_component(project)
    Deliverable.objects.bulk_create(
        Deliverable(
            project=project,
            component=component,
            code=f"D1.{number}",
            title_lv=f"Nodevums {number} ar garu nosaukumu, kāds tas mēdz būt līgumos",
            title_en=f"Deliverable {number} with a long title, as contracts have them",
            due_original="2026-06-30",
        )
        for number in range(1, size + 1)
    )
    return project


def median(work: Callable[[], Any]) -> float:
    work()
    spent = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1000


def made(client: Client, address: str) -> Callable[[], Any]:
    """The page or file as it is made where none is kept ready, of a document that is."""

    def get() -> Any:
        kept.PAGES.clear()
        return client.get(address)

    return get


@pytest.mark.django_db
def test_bench(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, list[float]] = {}
    sizes = (1, 1000)
    for size in sizes:
        project = project_of(size)
        begun = time.perf_counter()
        actions.publish(project, by=None)
        found.setdefault("make a release", []).append((time.perf_counter() - begun) * 1000)
        base = f"/en/projects/{project.slug}/"
        for name, address in (
            ("dashboard", base),
            ("list of deliverables", f"{base}deliverables/"),
            ("deliverables.csv", f"{base}deliverables.csv"),
            ("release.json", f"{base}release.json"),
        ):
            found.setdefault(name, []).append(median(made(client, address)))
            if address.endswith("/"):
                ready = median(lambda a=address: client.get(a))  # type: ignore[misc]
                found.setdefault(f"{name}, kept ready", []).append(ready)
        etag = client.get(base).headers["ETag"]
        again = median(lambda a=base, e=etag: client.get(a, headers={"if-none-match": e}))  # type: ignore[misc]
        found.setdefault("dashboard, not changed (304)", []).append(again)
    with capsys.disabled():
        print(f"\n| ms, median of {ROUNDS} | 1 | 1,000 | ratio |\n|---|---|---|---|")  # noqa: T201
        for name, (small, large) in found.items():
            print(f"| {name} | {small:.2f} | {large:.2f} | {large / small:.1f} |")  # noqa: T201
