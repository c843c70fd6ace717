"""The tables of the work plan."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliverables.plan import meanings, models
from deliverables.plan.models.plan import APPROVED_IS_FINAL
from deliverables.projects.resources import COMPONENT, PROJECT, columns
from exchange.tables.columns import Column
from exchange.tables.counting import Counting, Newest
from exchange.tables.resources import TableResource

ACTIVITY = Column("activity", to="code", within={"project__slug": "project"})


class WorkPlanResource(TableResource):
    table = "work_plans"
    key = ("project", "code")
    related = ("project",)
    fixed = ("state", "approved_on")
    columns = (PROJECT, *columns("code kind state approved_on note_lv note_en"))
    meanings = meanings.WORK_PLANS

    class Meta:
        model = models.WorkPlan

    @classmethod
    def document_rows(cls, **lookups: object) -> list[dict[str, object]]:
        """Approved versions only: a draft is nobody's plan yet."""
        return super().document_rows(state=models.PlanState.APPROVED, **lookups)

    def check_row(self, row: models.WorkPlan, is_new: bool) -> None:
        """A version is approved on its page, where that is recorded; then it never changes."""
        was = row.stored()
        if was and was.state == models.PlanState.APPROVED:
            raise ValidationError(APPROVED_IS_FINAL)
        if is_new and row.state != models.PlanState.DRAFT:
            raise ValidationError(
                {"state": _("A new version begins as draft; it is approved on its page.")}
            )


class ActivityResource(TableResource):
    table = "activities"
    key = ("project", "code")
    related = ("project", "component")
    columns = (
        PROJECT,
        COMPONENT,
        *columns(
            "code kind title_lv title_en status started_on ended_on participants reason_lv "
            "reason_en"
        ),
    )
    meanings = meanings.ACTIVITIES

    class Meta:
        model = models.Activity


class ActivityDeliverableResource(TableResource):
    table = "activity_deliverables"
    key = ("project", "activity", "deliverable")
    related = ("project", "activity", "deliverable")
    columns = (
        PROJECT,
        ACTIVITY,
        Column("deliverable", to="code", within={"project__slug": "project"}),
    )
    meanings = meanings.ACTIVITY_DELIVERABLES

    class Meta:
        model = models.ActivityDeliverable


class PlannedActivityResource(TableResource):
    table = "planned_activities"
    key = ("project", "plan", "activity")
    related = ("project", "plan", "activity")
    counting = Counting(
        gettext_lazy("Yes in the version of the work plan that is in force."),
        newest=Newest(
            of="project",
            by=(("approved_on", "approved_on"), ("code_order", "code")),
            where=(("state", (models.PlanState.APPROVED,), True),),
            at="plan",
        ),
    )
    summed = ("days",)
    columns = (
        PROJECT,
        Column("plan", to="code", within={"project__slug": "project"}),
        ACTIVITY,
        *columns("from_on to_on"),
        Column("days", unit="d"),
        Column("participants"),
        counting.column,
    )
    meanings = meanings.PLANNED_ACTIVITIES

    class Meta:
        model = models.PlannedActivity

    @classmethod
    def document_rows(cls, **lookups: object) -> list[dict[str, object]]:
        """What approved versions say."""
        return super().document_rows(plan__state=models.PlanState.APPROVED, **lookups)
