"""make bench: pages through a real server beside a view that says hello, and beside Datasette.

Prints tables for docs/measurements.md: requests a second, and what one costs the processors, which
others may use as well. Not part of `make test`: it asserts nothing but that there are answers.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from deliverables.projects.models import Project
from releases import actions
from tests.bench.portfolio_page import lay_down
from tests.bench.readers import Asked, Server, read, serving
from tests.public.make import make_released
from tests.tryout import wire
from tests.tryout.test_two_commands import free_port

DATASETTE = os.environ.get("DATASETTE", "")
PROJECT, LIST = "/en/projects/ks-14-jb-jh-04/", "/en/"
CLIENTS, SECONDS, ROUNDS = 8, 2.0, 3
SIZES = (30, 30_000)
COLUMNS = "reference, title_lv, title_en, status, country, begins, ends, results, delivered, spent"
pytestmark = pytest.mark.django_db(transaction=True)


def cost(server: Server, asked: Asked) -> tuple[float, float]:
    """Answers a second, and ms of the processors for one."""
    before = server.seconds()
    answers = read(server.port, [asked], CLIENTS, SECONDS)
    spent = server.seconds() - before
    assert set(answers.statuses) <= {200, 304}, answers.statuses
    return len(answers.seconds) / SECONDS, spent * 1000 / len(answers.seconds)


def etag_of(server: Server, path: str) -> str:
    with wire.connect(server.port) as client:
        client.sendall(wire.head("HEAD", path, "Connection: close"))
        with client.makefile() as said:
            text = said.read()
    return text.lower().split("etag: ")[1].split("\n")[0].strip()


def compared(server: Server, asked: dict[str, Asked]) -> dict[str, tuple[float, float]]:
    """The middle of three rounds of each, in turn."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for one in asked.values():
        read(server.port, [one], CLIENTS, 0.3)
    for _round in range(ROUNDS):
        for name, one in asked.items():
            found[name].append(cost(server, one))
    return {
        name: (statistics.median(a for a, _b in pairs), statistics.median(b for _a, b in pairs))
        for name, pairs in found.items()
    }


def first_after_a_release(server: Server) -> list[float]:
    """ms of the first answer after each of ten releases of the project."""
    project, took = Project.objects.get(slug="ks-14-jb-jh-04"), []
    for number in range(10):
        project.title_en = f"Another title, number {number}"
        project.save()
        actions.publish(project, by=None)
        took.append(wire.seconds(server.port, PROJECT) * 1000)
    return sorted(took)


@contextmanager
def datasette(folder: Path) -> Iterator[str]:
    """The same list in SQLite behind Datasette, an index for each facet: where its page is."""
    path, port = folder / "d.db", free_port()
    file = sqlite3.connect(path)
    file.execute(f"CREATE TABLE d ({COLUMNS})")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM releases_listing WHERE until IS NULL")  # noqa: S608
        places = ", ".join("?" for _column in COLUMNS.split(","))
        rows = ([None if cell is None else str(cell) for cell in row] for row in cursor.fetchall())
        file.executemany(f"INSERT INTO d VALUES ({places})", rows)
    file.executescript("CREATE INDEX s ON d (status); CREATE INDEX c ON d (country);")
    file.commit()
    file.close()
    command = [DATASETTE, "serve", str(path), "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _try in range(100):
            time.sleep(0.2)
            try:
                wire.seconds(port, "/")
                break
            except (OSError, ValueError, AssertionError):
                continue
        yield f"{port}/d/d?_facet=status&_facet=country&_size=30"
    finally:
        server.terminate()
        server.wait()


def beside_datasette(server: Server, folder: Path) -> str:
    with datasette(folder) as address:
        port, path = address.split("/", 1)
        theirs: list[float] = []
        ours: list[float] = []
        for _round in range(ROUNDS):
            for at, where, found in ((int(port), f"/{path}", theirs), (server.port, LIST, ours)):
                answers = read(at, [Asked(where)], CLIENTS, SECONDS)
                assert set(answers.statuses) == {200}, answers.statuses
                found.append(len(answers.seconds) / SECONDS)
    rate, own = statistics.median(theirs), statistics.median(ours)
    return f"Datasette's page with two facets {rate:.0f} a second, the list {own:.0f}"


def test_serving(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    with serving(tmp_path, "tests.bench.hello:application", KEPT_PAGES="4") as server:
        project = make_released(3, slug="tw-0", beneficiary_country="MD")
        known = ("Accept-Encoding: gzip", f"If-None-Match: {etag_of(server, PROJECT)}")
        asked = {
            "hello, no middleware": Asked("/hello?bare"),
            "hello, the register's middleware": Asked("/hello"),
            "page of a project": Asked(PROJECT),
            "not changed (304)": Asked(PROJECT, known),
            "definitions": Asked("/en/definitions/"),
        }
        lay_down(project, range(1, SIZES[0]))
        asked["list of 30 projects"] = Asked(LIST)
        small = compared(server, asked)
        lay_down(project, range(*SIZES))
        large = compared(server, {"list of 30,000 projects": Asked(LIST)})
        (bare, bare_ms), (whole, whole_ms) = [*small.values()][:2]
        for name, (rate, ms) in (small | large).items():
            told.append(
                f"| {name} | {rate:.0f} | {rate / bare:.2f} | {rate / whole:.2f} | {ms:.2f} "
                f"| {bare_ms / ms:.2f} | {whole_ms / ms:.2f} |"
            )
        first = first_after_a_release(server)
        told.append(f"first after a release: median {first[5]:.0f} ms, worst {first[-1]:.0f} ms")
        told.append(memory(server))
        if DATASETTE:
            told.append(beside_datasette(server, tmp_path))
    with capsys.disabled():
        print(  # noqa: T201
            "\n| | a second | to bare | to hello | ms of processor | bare to it | hello to it |"
            "\n|---|---|---|---|---|---|---|\n" + "\n".join(told)
        )


def memory(server: Server) -> str:
    """MB of the two processes while ever more of 30,000 projects are read; 4 MB for pages."""
    held = [server.megabytes()]
    for begin in range(0, 5000, 1000):
        asked = [Asked(f"/en/projects/tw-{n}/") for n in range(begin, begin + 1000)]
        read(server.port, asked, CLIENTS, 15)
        held.append(server.megabytes())
    return f"MB of the processes, after ever more pages: {held}"
