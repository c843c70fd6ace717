"""The audit pack of a project: all tables, their proof, and how a stranger checks them.

A BagIt bag (exchange.exports.bags). Its tables are made of the sealed events
(audit.seals.replayed), as of the end of its period, and not of the live rows. What it holds is
recorded before it is closed, as an event with a book of its own, so that every file of it stands
under its last seal. The same period gives the same bytes, at any later time: nothing in it tells
when or by whom it was taken.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Collection
from typing import IO, Any

from django.conf import settings
from django.db.models import Sum
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.events.acting import SYSTEM, acting
from audit.events.people import Person
from audit.models import Book, Event, Seal, Through
from audit.seals.proofs import proof, texts
from audit.seals.replayed import replayed
from audit.seals.sealing import moment, seal
from deliverables.evidence.models import File
from deliverables.evidence.models.file import store
from deliverables.projects.models import Project
from exchange.exports import exporting
from exchange.exports.bags import Bag
from exchange.exports.exporting import WrittenFile
from exchange.exports.packages import TableFile, csvw, data_package
from exchange.models import ExportKind
from exchange.tables import limits
from exchange.tables.recount import recipe
from releases.document.build import canonical
from releases.document.codes import codes_of
from releases.document.extracts import ALL, rows_of
from releases.models import Pack, Release
from releases.packs.periods import Period, covering, landmarks
from releases.packs.tables import Packing, fill, lines_of, read
from releases.reading.issued_files import CHECK, DEFINITIONS, QUERIES

PROOF = "data/audit/"  # what holds by itself under the last seal
HEAD = "x" * 64  # what stands in the recorded digests for the head, which comes later


class NoSuchHead(Exception):
    """A head that no seal has, as a sentence."""


def is_large(project: Project, *, files: bool) -> bool:
    """Whether all that concerns the project is too much to be written while somebody waits."""
    about = [f"deliverables_project:{project.pk}"]
    rows = sum(rows_of(resource, project).count() for resource in ALL)
    rows += Event.objects.filter(about__contains=about).count()
    size = File.objects.filter(project=project).aggregate(size=Sum("size"))["size"] or 0
    return rows > limits.ROWS_AT_ONCE or (files and size > limits.BYTES_AT_ONCE)


def write(
    out: IO[bytes],
    project: Project,
    *,
    period: Period,
    files: bool,
    by: Person | None = None,
    heads: Collection[str] = (),
) -> WrittenFile:
    """Write the pack into an open file. Each of `heads` can be compared with it; raises NoSuchHead
    where no seal has one."""
    asked = numbers_of(heads)
    seal("audit pack")
    with translation.override("en"), Bag(out, "") as bag:
        packing = Packing(bag, project, period, asked)
        with replayed(period.end) as tables, exporting.slot(by):
            fill(packing, tables)
            read(packing, files)
        _evidence(bag, packing.files)  # no session waits for it: the bytes of a file never change
        _describe(packing)
        _close(packing, files)
    return WrittenFile(
        exporting.stamped(project.slug, "audit-pack", ".zip", timezone.now()),
        "application/zip",
        sum(int(value) for _file, total, *_of, value in packing.totals if total == "rows"),
        kind=ExportKind.PACK,
        project=project.slug,
        filter=str(period),
        inside=[{"path": name, "sha256": sha} for name, sha in bag.digests.items()],
    )


def numbers_of(heads: Collection[str]) -> set[int]:
    """The seals that have these heads. Raises NoSuchHead where one has none."""
    found = dict(Seal.objects.filter(head__in=heads).values_list("head", "number"))
    for head in heads:
        if head not in found:
            raise NoSuchHead(
                _("No seal of this register has the head “%(head)s”.") % {"head": head[:64]}
            )
    return set(found.values())


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


# What describes them.


def _describe(packing: Packing) -> None:
    bag, project = packing.bag, packing.project
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["file", "total", "column", "kind", "value"])
    writer.writerows(packing.totals)
    bag.put("data/control_totals.csv", written.getvalue().encode())
    title = f"{project.reference}: {project.title_en}".removeprefix(": ")
    parts = packing.parts
    beside = [TableFile(p.resource, p.path.removeprefix("data/"), p.size, p.sha256) for p in parts]
    about = {"homepage": settings.SITE_URL}
    package = data_package(project.slug, title, beside, about, codes_of)
    codes_at = f"{settings.SITE_URL}/en/codes/"
    bag.put("data/datapackage.json", _json(package))
    bag.put("data/csv-metadata.json", _json(csvw(parts, "data/", codes_of, codes_at)))
    recipes = {f"{part.resource.table}.csv": recipe(part.resource) for part in parts}
    bag.put("data/tables.json", _json(recipes))
    if packing.newest:
        packing.release = Release.objects.get(project=project.pk, number=packing.newest)
        bag.put("data/release.json", canonical(packing.release.document))
    told = {
        "book": f"deliverables_project:{project.pk}",
        "before": moment(packing.period.end) if packing.period.end else "",
        "seal": packing.until,
        "seals": sorted(packing.asked | landmarks(project, packing.period, packing.until)),
        "period": str(packing.period),
    }
    bag.put("data/pack.json", _json(told))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _info(packing: Packing, head: str) -> dict[str, str]:
    """bag-info.txt"""
    release = packing.release
    return {
        "Source-Organization": settings.OPERATOR_NAME or "Twinning",
        "External-Identifier": packing.project.reference or packing.project.slug,
        "External-Description": packing.project.title_en,
        "Bag-Software-Agent": "Twinning",
        "Period": str(packing.period),
        "Audit-Log-Head": head,
        "Release-Number": str(release.number) if release else "",
        "Release-SHA256": release.digest if release else "",
    }


def _help(packing: Packing, head: str, files: bool) -> dict[str, bytes]:
    """What stands beside the data, for people."""
    given = {
        "project": packing.project, "head": head, "site": settings.SITE_URL, "files": files,
        "period": str(packing.period), "folder": packing.bag.folder,
    }  # fmt: skip
    readmes = {
        f"README.{code}.txt": render_to_string(f"releases/packs/README.{code}.txt", given).encode()
        for code, _name in settings.LANGUAGES
    }
    defined = {f"arithmetic.{code}.md": path.read_bytes() for code, path in DEFINITIONS.items()}
    defined["queries.csv"] = QUERIES.read_bytes()
    return {"check.py": CHECK.read_bytes(), **defined, **readmes}


# The proof.


def _close(packing: Packing, files: bool) -> None:
    """Record what the pack holds, seal that, and write what shows that all of it is sealed."""
    bag = packing.bag
    digests = {name: sha for name, sha in bag.digests.items() if name.startswith("data/")}
    beside = {**_help(packing, HEAD, files), "bag-info.txt": bag.info_text(_info(packing, HEAD))}
    digests |= {name: hashlib.sha256(text).hexdigest() for name, text in beside.items()}
    listed = "".join(f"{sha}  {name}\n" for name, sha in sorted(digests.items())).encode()
    recorded = _recorded(packing, hashlib.sha256(listed).hexdigest())
    own = list(Book.objects.filter(ref=recorded.ref))
    last = covering(own, None)
    numbers = packing.asked | landmarks(packing.project, packing.period, packing.until)
    numbers |= {packing.until, last} - {0}
    wanted = {number: [*packing.books] * (number <= packing.until) for number in numbers}
    wanted[last] += own
    _prove(packing, packing.books | lines_of(own, last), wanted)
    bag.put(f"{PROOF}files.txt", listed)
    head = Seal.objects.get(number=last).head
    for name, text in _help(packing, head, files).items():
        bag.put(name, text)
    bag.close(_info(packing, head))


def _recorded(packing: Packing, files: str) -> Pack:
    """The record of a pack that holds these files; the one of an equal pack, where there is one."""
    given: dict[str, Any] = {
        "book": f"deliverables_project:{packing.project.pk}", "period": str(packing.period),
        "files": files,
    }  # fmt: skip
    with acting(SYSTEM, Through.ACTION, "audit pack"):
        kept, _is_new = Pack.objects.get_or_create(**given)
    if not Book.objects.filter(ref=kept.ref).exists():
        seal("audit pack")
    return kept


def _prove(packing: Packing, books: dict[Book, int], wanted: dict[int, list[Book]]) -> None:
    """The events of each book, and what shows that they stand under the seals."""
    bag, ordered = packing.bag, sorted(books, key=lambda book: book.ref)
    with bag.part(f"{PROOF}events.jsonl") as out:
        for book, lines in ((book, books[book]) for book in ordered):
            for text in texts(book, lines):
                out.write(text.encode() + b"\n")
    shown = proof(wanted, packing.until)
    bag.put(f"{PROOF}books.json", _json({book.ref: book.salt for book in ordered}))
    bag.put(f"{PROOF}seals.jsonl", "".join(f"{text}\n" for text in shown.seals).encode())
    bag.put(f"{PROOF}nodes.txt", "".join(f"{text}\n" for text in shown.nodes).encode())
