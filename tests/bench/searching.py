"""make bench: a search among 30,000 projects and a million results (or RESULTS=…), p50 and p95.

Rows are laid down by SQL, with the vectors that the index writes. Prints a table for
docs/measurements.md. Not part of `make test`: it asserts nothing but that there are hits.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from releases import actions
from releases.models import SearchEntry
from releases.search import index, words
from releases.search.entries import Findable
from tests.make import make_project

pytestmark = pytest.mark.django_db
RESULTS = int(os.environ.get("RESULTS", "1000000"))
OF_PROJECT = 33
VERBS = (
    ("Review of", "Pārskats par"), ("Training on", "Apmācības par"),
    ("Guidelines for", "Vadlīnijas par"), ("Gap analysis of", "Atbilstības analīze par"),
    ("Study visit on", "Mācību vizīte par"), ("Action plan for", "Rīcības plāns par"),
)  # fmt: skip
TOPICS = (
    ("food safety inspection", "pārtikas drošības pārbaudēm"),
    ("official statistics", "oficiālo statistiku"),
    ("air quality monitoring", "gaisa kvalitātes uzraudzību"),
    ("customs risk management", "muitas riska vadību"),
    ("asylum procedures", "patvēruma procedūrām"),
    ("waste water permits", "notekūdeņu atļaujām"),
    ("plant health border control", "augu veselības robežkontroli"),
    ("cyber incident handling", "kiberincidentu pārvaldību"),
)
PLACES = [f"{first}{last}" for first in ("Nor", "Sud", "Ost", "Vest", "Mid") for last in
          ("ava", "berg", "urga", "ille")]  # fmt: skip
ASKED = (
    "asylum procedures", "patvērums", "statistika", "training", "Norava", "food Sudberg",
    "d1.7", "KS00077", "robežkontroles vadlīnijas", "border control guidelines Vestille",
    "asilum procedurs", "pārt", "tra", "muita Midurga", "nothing of that", "Kosovo",
)  # fmt: skip


@cache
def row_of(verb: int, topic: int, place: int) -> tuple[str, str, str, str]:
    english = f"{VERBS[verb][0]} {TOPICS[topic][0]} in {PLACES[place]}"
    latvian = f"{VERBS[verb][1]} {TOPICS[topic][1]}, {PLACES[place]}"
    thing = Findable("result", "", "", (latvian, english))
    stems = index.english_stems({*words.words(english), *words.words(latvian)})
    of_latvian = {word: words.latvian(word) for word in words.words(latvian)}
    index.write_words((of_latvian, stems))
    row = index.entry_of(thing, of_latvian, stems)
    lengths = ",".join(map(str, row.lengths))
    return latvian, english, f"{{{lengths}}}", str(row.words)


def lines(projects: range, release: int) -> Iterator[tuple[Any, ...]]:
    drawn = random.Random(7)  # noqa: S311 - the same rows each time
    for project in projects:
        for place in range(OF_PROJECT):
            verb, topic = drawn.randrange(len(VERBS)), drawn.randrange(len(TOPICS))
            texts = row_of(verb, topic, drawn.randrange(len(PLACES)))
            kind = "result" if place else "project"
            number = project - projects.start
            code = f"D1.{place}" if place else f"KS{number:05d}"
            stem = words.squeezed(code)
            yield (
                project, release, place, kind, code, code if place else f"p-{number}", False,
                *texts[:2], "", "", texts[2], f"{texts[3]} '{stem}':16383", "{}",
            )  # fmt: skip


def lay_down() -> None:
    project = make_project("bench")
    release = actions.publish(project, by=None)
    assert release
    SearchEntry.objects.all().delete()
    count = RESULTS // OF_PROJECT
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in ("search_words", "search_projects", "search_names"):
            cursor.execute(f"DROP INDEX {name}")
        columns = (
            "project_id, release_id, place, kind, code, of, fictitious, title_lv, title_en, "
            "more_lv, more_en, lengths, words, keys"
        )
        with cursor.copy(f"COPY releases_searchentry ({columns}) FROM STDIN") as copy:
            for line in lines(range(project.pk, project.pk + count), release.pk):
                copy.write_row(line)
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX search_words ON releases_searchentry USING gin (words)")
        cursor.execute(
            "CREATE INDEX search_projects ON releases_searchentry USING gin (words) "
            "WHERE kind = 'project'"
        )
        cursor.execute("ANALYZE releases_searchentry")
        cursor.execute("ANALYZE releases_searchword")


def test_searching(capsys: pytest.CaptureFixture[str], client: Client) -> None:
    lay_down()
    table, every = [], []
    for asked in ASKED:
        times = []
        for _round in range(8):
            begun = time.perf_counter()
            page = client.get("/en/search/", {"q": asked})
            times.append(1000 * (time.perf_counter() - begun))
            assert page.status_code == 200
        every += times[1:]
        table.append(f"| {asked} | {statistics.median(times):.0f} | {max(times):.0f} |")
    p50, p95 = (statistics.quantiles(every, n=20)[place] for place in (9, 18))
    with capsys.disabled():
        head = ["", f"{SearchEntry.objects.count()} rows", "| typed | ms, median | worst |"]
        print("\n".join([*head, "|---|---|---|", *table]))  # noqa: T201
        print(f"p50 {p50:.0f} ms, p95 {p95:.0f} ms")  # noqa: T201
