"""make bench: fifty readers for MINUTES minutes (3) beside an editor, and each minute an import and
a release.

Prints a line for docs/measurements.md, and holds what is promised: no 5xx, p99 within 250 ms of a
machine that has nothing else to do, memory that does not grow.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases import actions
from tests.bench.imports import Browser, imported, logged_in
from tests.bench.readers import Answers, Asked, Server, read, serving
from tests.make import make_member
from tests.public.make import EVERY_PAGE
from tests.twinning.forms import Page

MINUTES = float(os.environ.get("MINUTES", "3"))
READERS, REST = 50, 0.1  # seconds between an answer and the next question
TABLES = ("deliverables.csv", "experts.csv", "release.json")
ASKED = [
    *(Asked(page) for page in EVERY_PAGE),
    *(
        Asked(f"/en/projects/{slug}/{name}")
        for slug in ("demo", "ks-14-jb-jh-04")
        for name in TABLES
    ),
]
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def beside(work: Callable[[threading.Event], None]) -> Iterator[list[BaseException]]:
    """What goes on meanwhile, and what went wrong with it."""
    ended, wrong = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            work(ended)
        except BaseException as error:  # noqa: BLE001 - told by the test
            wrong.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield wrong
    finally:
        ended.set()
        thread.join()


def editing(browser: Browser, row: int) -> Callable[[threading.Event], None]:
    """Opens the form of a result and saves another note, every two seconds."""
    address = f"/admin/deliverables/deliverable/{row}/change/"

    def edit(ended: threading.Event) -> None:
        while not ended.wait(2):
            browser.ask("form", "GET", address)
            form = next(form for form in Page(browser.text).forms if "note_en" in form.fields)
            fields = {name: texts[-1] for name, texts in form.fields.items() if texts}
            fields |= {"note_en": f"A note at {time.monotonic()}", "_save": "1"}
            fields.pop("csrfmiddlewaretoken", None)
            browser.post("save", address, **fields)

    return edit


def importing(browser: Browser, project: Project) -> Callable[[threading.Event], None]:
    """Each minute an import of 500 rows, which is taken back, and a release."""

    def run(ended: threading.Event) -> None:
        while not ended.wait(2):
            began = time.monotonic()
            imported(browser, 500)
            Project.objects.filter(pk=project.pk).update(summary_en=f"As of {began}")
            actions.publish(project, by=None)
            ended.wait(max(0.0, began + 58 - time.monotonic()))

    return run


def hold(server: Server, seconds: float) -> tuple[Answers, list[list[int]]]:
    """What the readers got, and the MB of the processes after each third of the time."""
    answers, held = Answers(), []
    for _third in range(3):
        part = read(server.port, ASKED, READERS, seconds / 3, REST)
        answers.seconds += part.seconds
        for status, times in part.statuses.items():
            answers.statuses[status] = answers.statuses.get(status, 0) + times
        held.append(server.megabytes())
    return answers, held


def test_crowd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(tmp_path, "tests.bench.hello:application") as server:
        demo = Project.objects.get(slug="demo")
        Project.objects.filter(pk=demo.pk).update(publishing="by_hand")
        row = Deliverable.objects.filter(project=demo).order_by("pk")[0].pk
        people = [logged_in(server.port, make_member(demo, name=n)) for n in ("editor", "importer")]
        with (
            beside(editing(people[0], row)) as of_editor,
            beside(importing(people[1], demo)) as of_imports,
        ):
            answers, held = hold(server, MINUTES * 60)
        last = people[0].seconds
    parts = (0.5, 0.95, 0.99)
    within = ", ".join(f"p{part * 100:g} {answers.within(part):.0f} ms" for part in parts)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{len(answers.seconds):,} answers in {MINUTES:g} minutes, {answers.statuses}: "
            f"{within}; MB {held}; the editor's pages {last}; load {os.getloadavg()}"
        )
    assert not [*of_editor, *of_imports]
    assert set(answers.statuses) == {200}
    assert max(held[-1]) <= 1.2 * max(held[0])
