"""The rows of a document as types; a test holds them against its schema. Pure.

Where nothing is stated a text is "", all else None; references are keys, and amounts are text.
"""

from __future__ import annotations

from releases.document.rows.contract import (
    AssignmentRow,
    ChangeRow,
    EntryRow,
    ExpertRow,
    HeadingRow,
    InstitutionRow,
    LineRow,
    MoveRow,
    PartnershipRow,
    ReportRow,
    RulesetRow,
    TermRow,
)
from releases.document.rows.plan import (
    ActivityDeliverableRow,
    ActivityRow,
    IndicatorRow,
    MeasurementRow,
    PersonDaysRow,
    PlannedActivityRow,
    WorkPlanRow,
)
from releases.document.rows.results import (
    ComponentRow,
    DeliverableRow,
    EvidenceRow,
    FigureRow,
    ItemRow,
    ProjectRow,
    SourceRow,
    StatementRow,
    SuspensionRow,
    TitleRow,
)

__all__ = [
    "ActivityDeliverableRow",
    "ActivityRow",
    "AssignmentRow",
    "ChangeRow",
    "ComponentRow",
    "DeliverableRow",
    "EntryRow",
    "EvidenceRow",
    "ExpertRow",
    "FigureRow",
    "HeadingRow",
    "IndicatorRow",
    "InstitutionRow",
    "ItemRow",
    "LineRow",
    "MeasurementRow",
    "MoveRow",
    "PartnershipRow",
    "PersonDaysRow",
    "PlannedActivityRow",
    "ProjectRow",
    "ReportRow",
    "RulesetRow",
    "SourceRow",
    "StatementRow",
    "SuspensionRow",
    "TermRow",
    "TitleRow",
    "WorkPlanRow",
]
