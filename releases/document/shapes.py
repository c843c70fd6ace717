"""The shape of documents: its number, and how a document of an older number is read. Pure.

A release never changes: its document stays byte for byte what it was, and its pages and tables are
those of today. A shape that changes gets the next number and digest here, its schema a file beside
the others in static/releases/, and the shape before it a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict, cast

from django.utils.translation import gettext as _

from budget.money.absorption import Absorption
from deliverables.ladder.progress import Counts
from experts.missions.ledger import Days
from releases.document.rows import (
    ActivityDeliverableRow,
    ActivityRow,
    AssignmentRow,
    ChangeRow,
    ComponentRow,
    DeliverableRow,
    EntryRow,
    EvidenceRow,
    ExpertRow,
    FigureRow,
    HeadingRow,
    IndicatorRow,
    InstitutionRow,
    ItemRow,
    LineRow,
    MeasurementRow,
    MoveRow,
    PartnershipRow,
    PersonDaysRow,
    PlannedActivityRow,
    ProjectRow,
    ReportRow,
    RulesetRow,
    SourceRow,
    StatementRow,
    SuspensionRow,
    TermRow,
    TitleRow,
    WorkPlanRow,
)

NUMBER = 3
# Of its schema, without what it says to people.
SHA256 = "e498e970014c18541e9a83dec87bc321b731f765a327647331a3d82df5e6b5f1"
SCHEMA = f"twinning-release-{NUMBER}"  # as each document of it says
Parts = dict[str, Any]
# What each shape says that the one before it did not know, by table.
_ADDED: dict[int, dict[str, Parts]] = {
    2: {
        "project": {"kind": "twinning", "implementation_months": None, "execution_months": None},
        "components": {"code": "", "numbered": True},
        "deliverables": {"parent": ""},
    },
    3: {
        "deliverables": {"entered_from": ""},
    },
}
_NEW = {3: ("suspensions", "reports")}  # tables of whole documents


def _since(shape: int, document: Parts) -> Parts:
    """A document of an older shape, or a part of it, with what was added since."""
    for number in range(shape + 1, NUMBER + 1):
        tables = {
            name: {**part, **added} if name == "project" else [{**row, **added} for row in part]
            for name, added in _ADDED[number].items()
            if (part := document.get(name)) is not None
        }
        new = _NEW.get(number, ()) if "sources" in document else ()
        document = {**document, **tables, **{name: [] for name in new}}
    return {**document, "schema": SCHEMA}


# From what a document of an older shape says to what makes it one of today's, itself unchanged.
READERS: dict[str, Callable[[Parts], Parts]] = {
    f"twinning-release-{shape}": partial(_since, shape) for shape in range(1, NUMBER)
}


class ResultTotals(Counts):
    """Results of a project, and who reported them where one source did."""

    basis: str
    percent_delivered: str | None
    percent_accepted: str | None
    reported_by: str | None
    reported_on: str | None


class ComponentTotals(Counts):
    number: int


class OfCountry(TypedDict):
    country: str
    count: int


class OfInstitution(OfCountry):
    institution: str


class ExpertTotals(TypedDict):
    whole: int
    by_country: list[OfCountry]
    by_institution: list[OfInstitution]


class Totals(TypedDict):
    """Every figure that a page shows."""

    results: ResultTotals
    components: list[ComponentTotals]
    experts: ExpertTotals
    days: Days
    budget: Absorption


class Tables(TypedDict, total=False):
    """Those of a document; what lists of projects and clocks read has some of them."""

    sources: list[SourceRow]
    titles: list[TitleRow]
    suspensions: list[SuspensionRow]
    components: list[ComponentRow]
    deliverables: list[DeliverableRow]
    items: list[ItemRow]
    figures: list[FigureRow]
    evidence: list[EvidenceRow]
    statements: list[StatementRow]
    institutions: list[InstitutionRow]
    partnerships: list[PartnershipRow]
    experts: list[ExpertRow]
    assignments: list[AssignmentRow]
    rulesets: list[RulesetRow]
    terms: list[TermRow]
    reports: list[ReportRow]
    budget_headings: list[HeadingRow]
    budget_lines: list[LineRow]
    budget_entries: list[EntryRow]
    contract_changes: list[ChangeRow]
    contract_moves: list[MoveRow]
    work_plans: list[WorkPlanRow]
    activities: list[ActivityRow]
    activity_deliverables: list[ActivityDeliverableRow]
    planned_activities: list[PlannedActivityRow]
    indicators: list[IndicatorRow]
    measurements: list[MeasurementRow]
    person_days: list[PersonDaysRow]


class Document(Tables):
    schema: str
    project: ProjectRow
    totals: Totals


class UnknownShape(Exception):
    """A document that this version of the register cannot read, as a sentence."""


def read(document: Parts) -> Document:
    """A released document in the shape of today. Raises UnknownShape."""
    shape = document.get("schema")
    if shape == SCHEMA:
        return cast("Document", document)
    if shape not in READERS:
        raise UnknownShape(
            _(
                "The data asked for were released by another version of the register, in a shape "
                "that this one does not know (%(shape)s). Nothing of them is shown until the "
                "people who run the register have put it right."
            )
            % {"shape": shape}
        )
    return cast("Document", READERS[shape](document))
