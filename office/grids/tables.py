"""The grids of a desk: of which tables, with which columns."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from budget.money.actions import next_codes
from budget.money.models import Entry, Line
from deliverables.fields import quarters
from deliverables.indicators.models import Measurement
from deliverables.ladder.models import Deliverable
from deliverables.projects import codes
from deliverables.projects.models import Project
from exchange.reading.table import blank
from experts.missions.models import ExpertDay, Mission, MissionExpert
from office.grids.grid import Cells, Grid


def _entries_of(quarter: str) -> Q:
    first = quarters.first(quarter)
    months = [f"{first.year}-{month:02}" for month in range(first.month, first.month + 3)]
    return Q(*(("on__startswith", month) for month in months), _connector=Q.OR)


def _entries(project: Project, rows: Sequence[Cells]) -> None:
    """Codes where none are typed, and the months of quarters."""
    for row in rows:
        row["on"] = _month(row["on"].strip())
    lines = dict(Line.objects.filter(project=project).values_list("code", "pk"))
    for code in {row["line"].strip() for row in rows}:
        own = [row for row in rows if row["line"].strip() == code]
        taken = {row["code"].strip() for row in own}
        unnamed = [row for row in own if blank(row["code"])]
        for row, given in zip(unnamed, next_codes(lines.get(code), taken), strict=False):
            row["code"] = given


def _month(text: str) -> str:
    """Of a quarter, 2026-Q4, its last month; while it lasts, the month of today."""
    try:
        last, today = quarters.last(text), timezone.localdate()
    except ValueError:
        return text
    day = today if quarters.name(today) == text else last
    return f"{day:%Y-%m}"


def _within(quarter: str, first: str, last: str) -> Q:
    """Rows that lie at least partly in a quarter, by the columns of their first and last day."""
    ends = {f"{first}__lte": quarters.last(quarter), f"{last}__gte": quarters.first(quarter)}
    return Q(**ends)


def _missions(project: Project, rows: Sequence[Cells]) -> None:
    """The register numbers missions."""
    given = codes.endless(Mission, project.pk, "M")
    for row, code in zip(rows, given, strict=False):
        row["code"] = code


GRIDS = (
    Grid(
        Deliverable,
        ("code", "component", "title_lv", "title_en", "kind", "parent", "weight", "due_original",
         "due_current"),
    ),
    Grid(
        Mission,
        ("code", "activity", "place", "from_on", "to_on", "terms_lv", "terms_en"),
        lambda quarter: _within(quarter, "from_on", "to_on"),
        _missions,
        ("code",),
    ),
    Grid(MissionExpert, ("mission", "expert", "days", "travel_days", "grade")),
    Grid(
        ExpertDay,
        ("mission", "expert", "on", "kind"),
        lambda quarter: _within(quarter, "on", "on"),
    ),
    Grid(
        Entry,
        ("line", "code", "kind", "amount", "on", "corrects", "ledger_ref", "note_lv", "note_en",
         "evidence"),
        _entries_of,
        _entries,
        ("code",),
    ),
    Grid(
        Measurement,
        ("indicator", "on", "value", "words_lv", "words_en", "source_lv", "source_en", "evidence",
         "applies"),
    ),
)  # fmt: skip
