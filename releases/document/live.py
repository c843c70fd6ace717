"""The live tables as a release would hold them."""

from __future__ import annotations

from typing import Any

from budget.contract.resources import (
    RateResource,
    ReportResource,
    RulesetResource,
    TermResource,
)
from budget.money.resources import (
    ContractChangeResource,
    EntryResource,
    HeadingResource,
    LineResource,
    MoveResource,
)
from deliverables.evidence.models import EvidenceKind
from deliverables.evidence.resources import EvidenceResource, SourceResource, StatementResource
from deliverables.indicators.resources import IndicatorResource, MeasurementResource
from deliverables.ladder.resources import DeliverableResource, FigureResource, ItemResource
from deliverables.plan.resources import (
    ActivityDeliverableResource,
    ActivityResource,
    PlannedActivityResource,
    WorkPlanResource,
)
from deliverables.projects.models import Project
from deliverables.projects.resources import (
    ComponentResource,
    ProjectResource,
    SuspensionResource,
    TitleResource,
)
from exchange.tables.resources import TableResource
from experts.missions import papers as mission_papers
from experts.missions.resources import (
    ExpertDayResource,
    MissionExpertResource,
    MissionResource,
    PersonDaysResource,
)
from experts.people.resources import (
    AssignmentResource,
    ExpertResource,
    InstitutionResource,
    PartnershipResource,
)
from releases.document import build as document
from releases.document.shapes import Document

# Each table of a document and how its rows belong to a project.
TABLES: dict[type[TableResource], str] = {
    ProjectResource: "pk",
    SourceResource: "project",
    TitleResource: "project",
    SuspensionResource: "project",
    ComponentResource: "project",
    DeliverableResource: "project",
    ItemResource: "deliverable__project",
    FigureResource: "item__deliverable__project",
    EvidenceResource: "project",
    StatementResource: "project",
    PartnershipResource: "project",
    ExpertResource: "assignments__project",
    AssignmentResource: "project",
    RulesetResource: "project",
    TermResource: "project",
    ReportResource: "project",
    HeadingResource: "project",
    LineResource: "project",
    EntryResource: "line__project",
    ContractChangeResource: "project",
    MoveResource: "project",
    WorkPlanResource: "project",
    ActivityResource: "project",
    ActivityDeliverableResource: "project",
    PlannedActivityResource: "project",
    IndicatorResource: "project",
    MeasurementResource: "project",
}
# Computed from tables that are not published, one row for each activity.
DERIVED: dict[type[TableResource], str] = {PersonDaysResource: "project"}
# In the back office, in exports and in packs only: single missions, days and fees of experts.
OFFICE: tuple[type[TableResource], ...] = (
    RateResource,
    MissionResource,
    MissionExpertResource,
    ExpertDayResource,
)


# What results, days and money are counted from.
COUNTED: tuple[type[TableResource], ...] = (
    ProjectResource,
    ComponentResource,
    DeliverableResource,
    EntryResource,
    PersonDaysResource,
)


def figures(project: Project) -> Document:
    """A document of what clocks are told from, a query for each table; experts are not counted."""
    tables = {table.table: _rows(table, project) for table in COUNTED}
    return document.build(tables | dict.fromkeys(("evidence", "sources", "experts"), []))


def _rows(resource: type[TableResource], project: Project) -> list[dict[str, Any]]:
    return resource.document_rows(**{(TABLES | DERIVED)[resource]: project.pk})


def build(project: Project) -> Document:
    """The document of the project as it stands now; one query per table, and one for papers."""
    tables = {resource.table: _rows(resource, project) for resource in (*TABLES, *DERIVED)}
    document.without_drafts(tables)
    _without_papers(project, tables)
    named = {
        row["institution"]
        for table in ("partnerships", "assignments", "experts")
        for row in tables[table]
    }
    tables["institutions"] = InstitutionResource.document_rows(code__in=sorted(named - {""}))
    return document.build(tables)


def _without_papers(project: Project, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Boarding passes and time sheets of missions are about single people, so they stay inside.

    So does a file of no deliverable: it was a paper until another one took its place. What is also
    shown as the evidence of something else is that thing's, and public.
    """
    papers = set(mission_papers.kept(project.pk).values_list("code", flat=True))
    shown = {row.get("evidence") for name in tables for row in tables[name]}
    tables["evidence"] = [
        row
        for row in tables["evidence"]
        if row["deliverable"]
        or row["code"] in shown
        or (row["code"] not in papers and row["kind"] != EvidenceKind.FILE)
    ]
