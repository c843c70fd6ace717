"""The work plan in versions, and its activities."""

from __future__ import annotations

from deliverables.plan.models.activity import (
    Activity,
    ActivityDeliverable,
    ActivityKind,
    ActivityStatus,
)
from deliverables.plan.models.plan import PlanKind, PlanState, WorkPlan
from deliverables.plan.models.planned import PlannedActivity

__all__ = [
    "Activity",
    "ActivityDeliverable",
    "ActivityKind",
    "ActivityStatus",
    "PlanKind",
    "PlanState",
    "PlannedActivity",
    "WorkPlan",
]
