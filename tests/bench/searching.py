"""make bench: a search among 30,000 projects and a million results (or RESULTS=…), p50 and p95.

Rows are laid down by SQL, with the vectors that the index writes. Prints a table for
docs/measurements.md. Not part of `make test`: it asserts nothing but that there are hits.
"""

from __future__ import annotations

import os
import statistics
import time
from itertools import product

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


# A project with its number n and OF_PROJECT entries, each with one of the texts that were made.
LAID = """
    INSERT INTO releases_searchentry (project_id, release_id, place, kind, code, of, fictitious,
      title_lv, title_en, more_lv, more_en, lengths, words, keys)
    SELECT %(project)s + n, %(release)s, place,
      CASE WHEN place > 0 THEN 'result' ELSE 'project' END, code,
      CASE WHEN place > 0 THEN code ELSE 'p-' || n END, false, latvian, english, '', '',
      lengths, (words || ' ' || quote_literal(lower(code)) || ':16383')::tsvector, '{}'
    FROM generate_series(0, %(count)s - 1) n CROSS JOIN generate_series(0, %(places)s - 1) place
    CROSS JOIN LATERAL (
      SELECT CASE WHEN place > 0 THEN 'D1.' || place ELSE 'KS' || lpad(n::text, 5, '0') END)
      named (code)
    JOIN texts ON texts.number = abs(hashint8(n * 1000 + place)) %% %(texts)s
"""


def texts() -> list[tuple[int, str, str, list[int], str]]:
    """Each text in both languages, with the vector that the index writes."""
    of = []
    for number, (verb, topic, place) in enumerate(product(VERBS, TOPICS, PLACES)):
        english, latvian = f"{verb[0]} {topic[0]} in {place}", f"{verb[1]} {topic[1]}, {place}"
        thing = Findable("result", "", "", (latvian, english))
        stems = index.english_stems({*words.words(english), *words.words(latvian)})
        of_latvian = {word: words.latvian(word) for word in words.words(latvian)}
        index.write_words((of_latvian, stems))
        row = index.entry_of(thing, of_latvian, stems)
        of.append((number, latvian, english, row.lengths, str(row.words)))
    return of


def lay_down() -> None:
    project = make_project("bench")
    release = actions.publish(project, by=None)
    assert release
    SearchEntry.objects.all().delete()
    made = texts()
    given = {
        "project": project.pk, "release": release.pk, "count": RESULTS // OF_PROJECT,
        "places": OF_PROJECT, "texts": len(made),
    }  # fmt: skip
    with connection.cursor() as cursor:
        # The fifteen seconds of a request are not enough for a million rows, nor for their index.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("DROP INDEX search_words, search_projects, search_names")
        cursor.execute(
            "CREATE TEMP TABLE texts (number int, latvian text, english text, lengths int[], "
            "words text) ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO texts VALUES (%s, %s, %s, %s, %s)", made)
        cursor.execute("ANALYZE texts")
        cursor.execute(LAID, given)
        indexed = "ON releases_searchentry USING gin"
        cursor.execute(f"CREATE INDEX search_words {indexed} (words)")
        cursor.execute(f"CREATE INDEX search_projects {indexed} (words) WHERE kind = 'project'")
        cursor.execute(f"CREATE INDEX search_names {indexed} (keys) WHERE keys <> '{{}}'")
        cursor.execute("ANALYZE releases_searchentry; ANALYZE releases_searchword")
        cursor.execute("SET LOCAL statement_timeout = '15s'")


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
