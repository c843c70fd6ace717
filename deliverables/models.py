"""What was promised: projects, components, deliverables and what proves them.

Terms are those of the Twinning Manual (docs/glossary.md). A text has a Latvian and an English
column; an empty text or date means "not stated".
"""

from __future__ import annotations

from deliverables.evidence.models import (
    Evidence,
    EvidenceKind,
    File,
    Source,
    Statement,
    StatementKind,
)
from deliverables.indicators.models import Indicator, Measurement, Submission, Unit
from deliverables.ladder.models import (
    Achievement,
    Deliverable,
    DeliverableKind,
    Figure,
    Item,
    ItemKind,
    Reminder,
    SignOff,
    Step,
)
from deliverables.plan.models import (
    Activity,
    ActivityDeliverable,
    ActivityKind,
    ActivityStatus,
    PlanKind,
    PlannedActivity,
    PlanState,
    WorkPlan,
)
from deliverables.projects.models import (
    AcceptedFinding,
    Change,
    Component,
    Membership,
    Mistake,
    Project,
    ProjectStatus,
    Publishing,
    ResultsBasis,
    Suspension,
    Title,
)

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
    "Mistake",
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
    "Suspension",
    "Title",
    "Unit",
    "WorkPlan",
]
