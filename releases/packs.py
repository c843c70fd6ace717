"""The audit pack of a project: all extracts, their proof, and how a stranger checks them.

A BagIt bag (exchange.bags) of one moment. Equal data and an equal period give equal bytes: nothing
in it tells when or by whom it was taken; the register's list of exports does.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db.models import Max, Min, Q, Sum
from django.template.loader import render_to_string
from django.utils import timezone, translation

from audit.models import Event, Line, Seal
from audit.moment import one_moment
from audit.seals import as_text, digest, event_cells, seal
from deliverables.models import File, Project
from deliverables.models.file import store
from exchange import exporting, limits
from exchange.bags import Bag
from exchange.exporting import Made
from exchange.extracts import CSV, Extract, Totals
from exchange.models import ExportKind
from exchange.packages import Part, csvw, data_package
from releases.document import canonical
from releases.extracts import ALL, rows_of
from releases.models import Release

CHECK = Path(__file__).with_name("pack") / "check.py"


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both within; None is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def covers(self) -> Q:
        within = Q()
        if self.first:
            within &= Q(at__gte=_midnight(self.first))
        if self.last:
            within &= Q(at__lt=_midnight(self.last + dt.timedelta(days=1)))
        return within

    def __str__(self) -> str:
        return f"{self.first or '..'}/{self.last or '..'}" if self.first or self.last else ""


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())


def is_large(project: Project, *, files: bool) -> bool:
    """Whether all that concerns the project is too much to be written while somebody waits."""
    about = [f"deliverables_project:{project.pk}"]
    rows = sum(rows_of(resource, project).count() for resource in ALL)
    rows += Event.objects.filter(about__contains=about).count()
    size = File.objects.filter(project=project).aggregate(size=Sum("size"))["size"] or 0
    return rows > limits.ROWS_AT_ONCE or (files and size > limits.BYTES_AT_ONCE)


def write(out: IO[bytes], project: Project, *, period: Period, files: bool, by: Any = None) -> Made:
    """Write the pack into an open file, and seal what it tells."""
    moment = timezone.now()
    totals: list[tuple[str, str, str, Any]] = []
    with translation.override("en"), Bag(out, f"{project.slug}_audit-pack") as bag:
        with one_moment(), exporting.slot(by):
            parts = [_table(bag, resource, project, totals) for resource in ALL]
            events = _events(bag, project, period, totals)
            release = _release(bag, project)
            kept = list(File.objects.filter(project=project).order_by("sha256")) if files else []
        _evidence(bag, kept)  # no session waits for it: the bytes of a file never change
        # Behind that moment, so that each of its events is in the chain.
        seal(f"audit pack {project.slug}")
        with one_moment():
            chain = _chain(bag, f"deliverables_project:{project.pk}", events, totals)
        _describe(bag, project, parts, totals)
        info = _info(project, period, chain, release)
        _help(bag, project, info, files)
        bag.close(info)
    return Made(
        exporting.stamped(project.slug, "audit-pack", ".zip", moment),
        "application/zip",
        sum(int(value) for file, _k, column, value in totals if not column),
        kind=ExportKind.PACK,
        project=project.slug,
        filter=str(period),
        inside=[
            {"path": name, "sha256": sha}
            for name, sha in bag.digests.items()
            if name.startswith("data/")
        ],
    )


def _table(bag: Bag, resource: Any, project: Project, totals: list[Any]) -> Part:
    extract = Extract(resource, rows_of(resource, project))
    path = f"data/{resource.table}.csv"
    with bag.part(path) as out:
        extract.write(out, CSV)
    totals += _totals(f"{resource.table}.csv", extract.totals())
    return Part(resource, path, bag.sizes[path], bag.digests[path])


def _totals(file: str, totals: Totals) -> Iterator[tuple[str, str, str, Any]]:
    yield file, "rows", "", totals.rows
    for column, total in totals.sums.items():
        yield file, "sum", column, total


def _events(bag: Bag, project: Project, period: Period, totals: list[Any]) -> list[int]:
    """Write the project's events of the period; the ids of the first and the last."""
    about = [f"deliverables_project:{project.pk}"]
    events = Event.objects.filter(period.covers(), about__contains=about)
    count, ends = 0, list[int]()
    with bag.part("data/audit/events.jsonl") as out:
        for event in events.order_by("pk").iterator(chunk_size=2000):
            out.write(as_text(event_cells(event)).encode() + b"\n")
            count, ends = count + 1, [*ends[:1], event.pk]
    totals.append(("audit/events.jsonl", "rows", "", count))
    return ends


def _chain(bag: Bag, about: str, events: list[int], totals: list[Any]) -> list[Seal]:
    """Write the whole chain from the first of the events to the seal behind the last."""
    between = (
        Line.objects.filter(event__range=(events[0], events[-1])) if events else Line.objects.none()
    )
    numbers = between.aggregate(first=Min("seq"), last=Max("seq"))
    seals: list[Seal] = []
    if events:
        closing = Seal.objects.filter(seq__gte=numbers["last"]).order_by("seq")[:1].get()
        within = Q(seq__range=(numbers["first"], closing.seq))
        seals = list(Seal.objects.filter(within).order_by("seq"))
    count = 0
    with bag.part("data/audit/chain.jsonl") as out:
        if events:
            for line in Line.objects.filter(within).order_by("seq").iterator(chunk_size=2000):
                out.write(_shared(line, about).encode() + b"\n")
                count += 1
    heads = [{"seal": one.number, "seq": one.seq, "head": one.head} for one in seals]
    bag.put("data/audit/heads.json", json.dumps(heads, indent=1).encode() + b"\n")
    totals.append(("audit/chain.jsonl", "rows", "", count))
    return seals


def _shared(line: Line, about: str) -> str:
    """A line as this reader may have it: one of the first edition holds an event, which may be of
    another project; of such a line the digest alone."""
    cells = json.loads(line.text)
    if "sha256" in cells or "seal" in cells or about in cells["about"]:
        return line.text
    return as_text({"seq": line.seq, "event": line.event, "redacted": digest(line.text)})


def _release(bag: Bag, project: Project) -> Release | None:
    release = Release.objects.filter(project=project).order_by("-number").first()
    if release:
        bag.put("data/release.json", canonical(release.document))
    return release


def _evidence(bag: Bag, files: list[File]) -> None:
    """The kept files, by digest; what the storage has lost is listed instead of left out."""
    lost = []
    for file in files:
        try:
            stream = store().open(file.key)
        except OSError:
            lost.append(file.sha256)
            continue
        with stream, bag.part(f"data/evidence/{file.sha256}.{file.kind}") as out:
            for chunk in stream.chunks():
                out.write(chunk)
    if lost:
        bag.put("data/evidence/LOST.txt", "".join(f"{sha}\n" for sha in lost).encode())


def _describe(
    bag: Bag, project: Project, parts: list[Part], totals: list[tuple[str, str, str, Any]]
) -> None:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["file", "total", "column", "value"])
    writer.writerows(totals)
    bag.put("data/control_totals.csv", written.getvalue().encode())
    title = f"{project.reference}: {project.title_en}"
    beside = [Part(p.resource, p.path.removeprefix("data/"), p.size, p.sha256) for p in parts]
    package = data_package(project.slug, title, beside, {"homepage": settings.SITE_URL})
    bag.put("data/datapackage.json", _json(package))
    bag.put("data/csv-metadata.json", _json(csvw(parts, "data/")))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _info(
    project: Project, period: Period, seals: list[Seal], release: Release | None
) -> dict[str, str]:
    """bag-info.txt; the day is that of the last seal in the pack."""
    last = seals[-1] if seals else None
    return {
        "Source-Organization": settings.OPERATOR_NAME or "Twinning",
        "External-Identifier": project.reference,
        "External-Description": project.title_en,
        "Bagging-Date": last.made_at.date().isoformat() if last else "",
        "Bag-Software-Agent": "Twinning",
        "Period": str(period),
        "Audit-Log-Head": last.head if last else "",
        "Audit-Log-Seq": str(last.seq) if last else "",
        "Release-Number": str(release.number) if release else "",
        "Release-SHA256": release.digest if release else "",
    }


def _help(bag: Bag, project: Project, info: dict[str, str], files: bool) -> None:
    bag.put("check.py", CHECK.read_bytes())
    given = {
        "project": project,
        "head": info["Audit-Log-Head"],
        "site": settings.SITE_URL,
        "files": files,
        "period": info["Period"],
    }
    for code, _name in settings.LANGUAGES:
        text = render_to_string(f"releases/pack/README.{code}.txt", given)
        bag.put(f"README.{code}.txt", text.encode())
