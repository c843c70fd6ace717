"""make bench: what the list of projects costs at 30 and at 30,000 projects.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from deliverables.projects.models import Project
from releases.models import Listing, Release
from tests.bench.pages import made, median
from tests.bench.readers import new_list
from tests.public.make import make_released

SIZES = (30, 30_000)
ASKED = ("", "?view=table", "?status=running", "?late=now", "?q=rezult", "?o=planned", "?page=2")
COPIED = """
INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(%s, %s) n
WHERE {table}.{key} = %s
"""


def more(model: type[Project | Release | Listing], row: int, size: range, **given: str) -> None:
    """Copies of a row in SQL, without triggers; `given` is SQL for each number n."""
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not field.generated and field.column != "id"
    ]
    table = model._meta.db_table
    values = ", ".join(given.get(name, f'{table}."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
        key = model._meta.pk.column
        statement = COPIED.format(table=table, columns=names, values=values, key=key)
        cursor.execute(statement, [size.start, size.stop - 1, row])
        cursor.execute(f"RESET session_replication_role; ANALYZE {table}")


def lay_down(project: Project, added: range) -> None:
    """Released copies of a released project, tw-1 and so on."""
    release = project.releases.get()
    more(Project, project.pk, added, slug="'tw-' || n", reference="'TW ' || n")
    of = "(SELECT id FROM deliverables_project WHERE slug = 'tw-' || n)"
    more(Release, release.pk, added, slug="'tw-' || n", project_id=of)
    its = "(SELECT id FROM releases_release WHERE slug = 'tw-' || n AND number = 1)"
    own = {"slug": "'tw-' || n", "reference": "'TW ' || n"}
    more(Listing, release.pk, added, release_id=its, project_id=of, **own)
    new_list()


@pytest.mark.django_db
def test_bench(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    project = make_released(3, slug="tw-0", beneficiary_country="MD")
    spent: dict[str, list[float]] = {}
    there = 1
    for size in SIZES:
        lay_down(project, range(there, size))
        there = size
        etag = client.get("/en/").headers["ETag"]
        for query in ASKED if size > SIZES[0] else ASKED[:-1]:
            spent.setdefault(query or "/en/", []).append(median(made(client, f"/en/{query}")))
        spent.setdefault("/en/, kept ready", []).append(median(lambda: client.get("/en/")))
        known = {"if-none-match": etag}
        spent.setdefault("not changed (304)", []).append(
            median(lambda k=known: client.get("/en/", headers=k))  # type: ignore[misc]
        )
    with capsys.disabled():
        print(f"\n| ms, median of 20 | {SIZES[0]} | {SIZES[1]:,} | ratio |\n|---|---|---|---|")  # noqa: T201
        for name, times in spent.items():
            ratio = f"{times[-1] / times[0]:.2f}" if len(times) == 2 else ""
            print(f"| `{name}` | {' | '.join(f'{ms:.2f}' for ms in times)} | {ratio} |")  # noqa: T201
