"""What was promised: projects, components, deliverables and what proves them.

Terms are those of the Twinning Manual (docs/glossary.md). A text has a Latvian and an English
column; an empty text or date means "not stated".
"""

from __future__ import annotations

from deliverables.models.component import Component, Title
from deliverables.models.deliverable import (
    Achievement,
    Deliverable,
    DeliverableKind,
    Figure,
    Item,
    ItemKind,
)
from deliverables.models.evidence import (
    Evidence,
    EvidenceKind,
    Source,
    Statement,
    StatementKind,
)
from deliverables.models.file import File
from deliverables.models.finding import AcceptedFinding
from deliverables.models.indicator import Indicator, Measurement, Submission, Unit
from deliverables.models.membership import Membership
from deliverables.models.plan import (
    Activity,
    ActivityDeliverable,
    ActivityKind,
    ActivityStatus,
    PlanKind,
    PlannedActivity,
    PlanState,
    WorkPlan,
)
from deliverables.models.project import (
    Change,
    Project,
    ProjectStatus,
    Publishing,
    ResultsBasis,
)
from deliverables.models.reminder import Reminder
from deliverables.models.step import SignOff, Step

__all__ = [
    "AcceptedFinding",
    "Achievement",
    "Activity",
    "ActivityDeliverable",
    "ActivityKind",
    "ActivityStatus",
    "Change",
    "Component",
    "Deliverable",
    "DeliverableKind",
    "Evidence",
    "EvidenceKind",
    "Figure",
    "File",
    "Indicator",
    "Item",
    "ItemKind",
    "Measurement",
    "Membership",
    "PlanKind",
    "PlanState",
    "PlannedActivity",
    "Project",
    "ProjectStatus",
    "Publishing",
    "Reminder",
    "ResultsBasis",
    "SignOff",
    "Source",
    "Statement",
    "StatementKind",
    "Step",
    "Submission",
    "Title",
    "Unit",
    "WorkPlan",
]
