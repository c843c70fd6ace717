"""What pages read: a released document, or the live state for those who may preview it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from deliverables.evidence.models import File
from deliverables.evidence.serving import Gone, download
from deliverables.fields.quarters import name as quarter_name
from deliverables.fields.shares import Share
from deliverables.indicators.opsys import newest, way
from deliverables.ladder.lateness import Slippage, Timing, in_time, slippage, timing
from deliverables.ladder.progress import cumulated, elapsed
from deliverables.projects.access import Access
from deliverables.projects.models import Project
from exchange.tables.cell_text import plain_number
from exchange.tables.folding import fold
from experts.missions.ledger import runs_out
from experts.people.models import Assignment
from releases.document import shapes
from releases.document.build import LISTED, canonical, digest, summary
from releases.document.shapes import Document
from releases.models import Listing, Release
from releases.querysets import ORDERS, ListingQuerySet, PortfolioTotals
from releases.reading import documents, reach, standing, withdrawn
from releases.reading.documents import Altered
from releases.reading.reach import LivePart
from releases.reading.standing import NAMED, OfList, OfRelease

__all__ = [
    "ORDERS",
    "Altered",
    "Portfolio",
    "Reading",
    "Share",
    "Slippage",
    "ReadingSource",
    "Timing",
    "canonical",
    "cumulated",
    "elapsed",
    "fold",
    "in_time",
    "newest",
    "plain_number",
    "public_file",
    "quarter_name",
    "runs_out",
    "slippage",
    "source_of",
    "timing",
    "way",
]


@dataclass(frozen=True)
class Reading:
    """One document and what belongs to the moment of reading.

    `document` is of today's shape; `released` is the one whose digest it is.

    `number` and `made_at` are None for the live state; `on` is the day at which lateness is told;
    `names` maps the code of an assignment or expert to a name, only where it may be shown now.
    `part`: which components are live, where the rest of the document is as it was released.
    """

    document: Document
    digest: str
    number: int | None
    made_at: dt.datetime | None
    on: dt.date
    names: dict[str, str]
    older: Mapping[str, Any] | None = None  # as it was released, where its shape is another
    part: LivePart | None = None
    newest: int | None = None  # the number of the newest release, where one was asked for
    of_day: tuple[int, ...] = ()  # all releases of the day that was asked for, where it has several
    withdrawn: str = ""  # since when and why, where it may be read all the same
    due: dt.date | None = None  # of the first result that is not delivered, in a list of projects
    stands: OfRelease | None = None  # whether it is still read so; None for the live state

    @property
    def known_on(self) -> dt.date:
        """The day up to which its rows are known: a release knows nothing of later days."""
        return min(self.on, timezone.localdate(self.made_at)) if self.made_at else self.on

    @property
    def released(self) -> Mapping[str, Any]:
        return self.document if self.older is None else self.older


class ReadingSource(Protocol):
    def project(
        self, slug: str, at: dt.date | None, number: int | None = None
    ) -> Reading | None: ...

    def portfolio(self, at: dt.date | None) -> Portfolio: ...


class Portfolio(Protocol):
    """Projects as a list. `asked` are its filters, `by` is one of ORDERS; a part of `rows` is read
    as documents by `readings`. Equal versions are equal lists; no totals where they are live."""

    @property
    def version(self) -> str: ...

    def stands(self, version: str) -> OfList | None: ...

    def rows(self, asked: Mapping[str, str], by: str = "") -> Any: ...

    def totals(self, asked: Mapping[str, str]) -> PortfolioTotals | None: ...

    def readings(self, rows: Any) -> list[Reading]: ...


def _names(document: Document, named: Iterable[Sequence[Any]]) -> dict[str, str]:
    """Names from live rows of NAMED, where they are still those that the document means."""
    meant = {row["name_key"] for table in ("assignments", "experts") for row in document[table]}
    names = {}
    for code, key, holder, expert, expert_key, name in named:
        if key and key in meant:
            names[code] = holder
        if expert_key and expert_key in meant:
            names[expert] = name
    return names


class Released:
    """The newest release, the one in force on a day, or one by its number. At most three queries
    for a project."""

    def project(self, slug: str, at: dt.date | None, number: int | None = None) -> Reading | None:
        row = standing.asked(slug, at, number)
        if row is None:
            return None
        told = withdrawn.of(row.project, get_language() or "") if row.withdrawal else ""
        released, whole = documents.read(row.release, row.written, row.digest)
        return Reading(
            whole,
            row.digest,
            row.number,
            row.made_at,
            timezone.localdate(row.made_at) if number else at or timezone.localdate(),
            _names(whole, json.loads(row.names or "[]")),
            older=released,
            newest=row.newest if number else None,
            of_day=tuple(Release.objects.filter(slug=slug).made_on(at)) if at else (),
            withdrawn=told,
            stands=OfRelease(slug, at, number, row),
        )

    def portfolio(self, at: dt.date | None) -> ReleasedPortfolio:
        return ReleasedPortfolio(at)


@dataclass(frozen=True)
class ReleasedPortfolio:
    """The projects that have a release in force."""

    at: dt.date | None

    @property
    def on(self) -> dt.date:
        return self.at or timezone.localdate()

    @property
    def version(self) -> str:
        return standing.edition()

    def stands(self, version: str) -> OfList:
        return OfList(version)

    def rows(self, asked: Mapping[str, str], by: str = "") -> ListingQuerySet:
        return Listing.objects.in_force(self.at).wanted(asked, self.on).sorted_by(by)

    def totals(self, asked: Mapping[str, str]) -> PortfolioTotals:
        return self.rows(asked).totals(self.on)

    def readings(self, rows: ListingQuerySet) -> list[Reading]:
        """What lists of projects show of these, in one query. Raises Altered, UnknownShape."""
        parts = {name: f"release__document__{name}" for name in LISTED}
        own = {name: f"release__{name}" for name in ("digest", "summary", "number", "made_at")}
        # Sorted first: a document is read only where it is shown.
        shown = Listing.objects.filter(pk__in=rows.values("pk")).order_by(*rows.query.order_by)
        return [
            Reading(
                shapes.read(
                    _whole({n: row[path] for n, path in parts.items()}, row[own["summary"]])
                ),
                row[own["digest"]],
                row[own["number"]],
                row[own["made_at"]],
                self.on,
                {},
                due=row["due"],
            )
            for row in shown.values("due", *own.values(), *parts.values())
        ]


def _whole(parts: dict[str, Any], sha256: str) -> dict[str, Any]:
    """What lists of projects read of a release, if it is that. Raises Altered."""
    if summary(parts) != sha256:
        raise Altered
    return parts


@dataclass(frozen=True)
class Live:
    """What the next release of the projects would hold, as far as the person sees it; the day does
    not matter."""

    projects: QuerySet[Project]
    access: Access

    def project(self, slug: str, at: dt.date | None, number: int | None = None) -> Reading | None:
        if number:
            return None  # what was released is read where everybody reads it
        project = self.projects.filter(slug=slug).first()
        return None if project is None else self.reading(project)

    def portfolio(self, at: dt.date | None) -> LivePortfolio:
        return LivePortfolio(self)

    def reading(self, project: Project) -> Reading:
        built, part = reach.read(project, self.access)
        today = timezone.localdate()
        named = Assignment.objects.filter(project=project).named().values_list(*NAMED)
        names = _names(built, named)
        return Reading(built, digest(built), None, None, today, names, part=part)


@dataclass(frozen=True)
class LivePortfolio:
    """What a person may preview: without filters and sums, and never twice the same list."""

    source: Live

    @property
    def version(self) -> str:
        return str(uuid.uuid4())

    def stands(self, version: str) -> None:
        return None

    def rows(self, asked: Mapping[str, str], by: str = "") -> QuerySet[Project]:
        return self.source.projects.order_by("fictitious", *ORDERS[""])

    def totals(self, asked: Mapping[str, str]) -> None:
        return None

    def readings(self, rows: Iterable[Project]) -> list[Reading]:
        return [self.source.reading(project) for project in rows]


def public_file(reading: Reading, sha256: str) -> FileResponse | None:
    """A file that the document lists and that is public now, named after its evidence.

    Like a name, it is gone at once when the live row says so, old releases included. None also
    where the storage has lost it (manage.py check_data reports that).
    """
    rows = reading.document["evidence"]
    code = next((row["code"] for row in rows if sha256 and row["file_sha256"] == sha256), None)
    file = File.objects.filter(
        project__slug=reading.document["project"]["slug"], public_sha256=sha256
    ).first()
    if code is None or file is None:
        return None
    try:
        return download(file, f"{code}.{file.kind}")
    except Gone:
        return None


def source_of(request: HttpRequest) -> ReadingSource:
    """Releases, unless the preview (office/preview.py) chose the live state."""
    source: ReadingSource = getattr(request, "reading_source", None) or Released()
    return source
