"""make bench: what publishing at once costs a save, and what hashing each format costs the worker.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases import actions
from releases.document import tables
from tests.bench.pages import project_of
from tests.twinning.forms import form_of
from tests.work import carry_out, waiting

A_WHILE = dt.timedelta(hours=1)
ROUNDS = 7
SIZES = (1, 1000)
JOB = "releases.tasks.publish_at_once"
CHECKED = {"csv": tables.CSV, "jsonl": tables.JSONL}
titles = count()


def milliseconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def save(client: Client, project: Project, how: str) -> float:
    """One deliverable of a project that publishes `by_hand` or `at_once`, in the office."""
    carry_out(A_WHILE)
    Project.objects.filter(pk=project.pk).update(publishing=how)
    row = Deliverable.objects.filter(project=project).earliest("pk")
    address = reverse("admin:deliverables_deliverable_change", args=[row.pk])
    form = form_of(client.get(address).content.decode())
    assert form
    typed = form.fields | {"title_en": [f"Title {next(titles)}"]}
    spent = milliseconds(lambda: client.post(address, typed))
    assert [name for name, _asked in waiting() if "publish" in name] == [JOB] * (how == "at_once")
    return spent


def release(project: Project, formats: dict[str, Any], patch: pytest.MonkeyPatch) -> float:
    Deliverable.objects.filter(project=project).update(title_lv=f"{next(titles)}")
    with patch.context() as patched:
        patched.setattr(tables, "FORMATS", formats)
        return milliseconds(lambda: actions.publish(project, by=None))


@pytest.mark.django_db(transaction=True)
def test_report(
    client: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    told = []
    for size in SIZES:
        project = project_of(size)
        ways = {
            "a save: by hand, at once": (
                partial(save, client, project, "by_hand"),
                partial(save, client, project, "at_once"),
            ),
            "the worker's release: CSV and JSON hashed, all formats": (
                partial(release, project, CHECKED, monkeypatch),
                partial(release, project, tables.FORMATS, monkeypatch),
            ),
        }
        for name, pair in ways.items():
            rounds = [[one() for one in pair] for _round in range(ROUNDS)]
            first, second = map(statistics.median, zip(*rounds, strict=True))
            told.append(f"| {name} | {size} | {first:.0f} | {second:.0f} | {second / first:.2f} |")
    with capsys.disabled():
        print(  # noqa: T201
            f"\n| ms, median of {ROUNDS} in turn | deliverables | without | with | ratio "
            "|\n|---|---|---|---|---|",
            *told,
            sep="\n",
        )
