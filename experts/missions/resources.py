"""The tables of missions. They stand in no release: the public reads sums by activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliverables.plan.models import Activity
from deliverables.plan.resources import ACTIVITY
from deliverables.projects.resources import COMPONENT, PROJECT, Cells, columns
from exchange.tables.columns import Column, Computed
from exchange.tables.counting import Counting
from exchange.tables.resources import TableResource
from experts.missions import meanings
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.missions.models.day import DayKind
from experts.missions.models.mission import PAPERS
from experts.missions.querysets import with_ledger
from experts.missions.status import COMMITTED, DELIVERED, State

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MISSION = Column("mission", to="code", within={"project__slug": "project"})
EXPERT = Column("expert", to="code")


def _paper(name: str) -> Column:
    return Column(name, to="code", within={"project__slug": "project"})


class MissionResource(TableResource):
    table = "missions"
    key = ("project", "code")
    related = ("project", "activity", "report", "time_sheet", "boarding_passes", "attendance_list")
    fixed = ("state", "report_on")
    columns = (
        PROJECT,
        ACTIVITY,
        *columns("code state terms_lv terms_en place from_on to_on report_on"),
        *map(_paper, PAPERS),
        Column("papers_note"),
    )
    meanings = meanings.MISSIONS

    class Meta:
        model = Mission

    def founded(self, cells: Cells, by: str) -> Cells:
        """What is not said is a draft, also where days were written under it meanwhile."""
        return cells | {"state": str(cells.get("state") or "").strip() or State.DRAFT.value}

    def check_row(self, row: Mission, is_new: bool) -> None:
        """A new mission begins as a draft; approved terms do not change."""
        if is_new:
            if row.state != State.DRAFT:
                raise ValidationError(
                    {
                        "state": _(
                            "A new mission begins as draft; it moves by the steps on its page."
                        )
                    }
                )
            return
        if self.founding and row.state == State.DRAFT and row.days.exists():
            problem = _(
                "The mission has days, so it is no draft. Say its state: “done”, for instance."
            )
            raise ValidationError({"state": problem})
        was = row.stored()
        terms = ("activity_id", "from_on", "to_on", "terms_lv", "terms_en")
        if (
            was
            and was.state != State.DRAFT
            and any(getattr(was, n) != getattr(row, n) for n in terms)
        ):
            raise ValidationError(
                _("The terms are approved. Send the mission back on its page, then change it.")
            )


class MissionExpertResource(TableResource):
    table = "mission_experts"
    key = ("project", "mission", "expert")
    related = ("project", "mission", "expert", "mission__activity")
    counting = Counting(
        gettext_lazy(
            "Yes from the approval of the terms until the report is in: then the days of the time "
            "sheet count."
        ),
        where=(
            ("mission__state", tuple(state for state in COMMITTED if state not in DELIVERED), True),
        ),
    )
    summed = ("days", "travel_days")
    columns = (
        PROJECT,
        MISSION,
        EXPERT,
        Column("days", unit="d"),
        Column("travel_days", unit="d"),
        Column("grade"),
        counting.column,
    )
    meanings = meanings.MISSION_EXPERTS

    class Meta:
        model = MissionExpert


class ExpertDayResource(TableResource):
    table = "expert_days"
    key = ("project", "mission", "expert", "on")
    related = ("project", "mission", "expert", "mission__activity")
    counting = Counting(
        gettext_lazy(
            "Yes for a day in the beneficiary country of a mission whose report was received."
        ),
        where=(
            ("kind", (DayKind.COUNTRY,), True),
            ("mission__state", DELIVERED, True),
        ),
    )
    columns = (
        PROJECT,
        MISSION,
        EXPERT,
        *columns("on kind"),
        Column("activity", to="code", via="mission__activity"),
        Column("mission_state", via="mission__state"),
        counting.column,
    )
    meanings = meanings.EXPERT_DAYS

    class Meta:
        model = ExpertDay

    def opened(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Days are written while a mission is confirmed."""
        projects, codes = (
            {str(row[name]).strip() for row in rows} for name in ("project", "mission")
        )
        missions = Mission.objects.filter(project__slug__in=projects, code__in=codes)
        missions.filter(state=State.DRAFT).update(state=State.CONFIRMED)


def _days(key: str, label: _StrOrPromise, meaning: _StrOrPromise) -> Column:
    return Column(key, unit="d", computed=Computed("integer", label, meaning))


class PersonDaysResource(TableResource):
    """The person-day ledger, one row for each activity, without missions or experts."""

    table = "person_days"
    what = gettext_lazy("expert-days by activity")
    key = ("project", "activity")
    related = ("project", "component")
    summed = ("contract", "envelope", "planned_days", "delivered", "accepted", "days_left")
    columns = (
        PROJECT,
        COMPONENT,
        Column("activity", via="code"),
        _days("contract", gettext_lazy("contract"), gettext_lazy("Days of the contract's plan.")),
        _days("envelope", gettext_lazy("envelope"), gettext_lazy("Days of the plan in force.")),
        _days(
            "planned_days",
            gettext_lazy("taken"),
            gettext_lazy("Days that approved missions take; after the report, what they used."),
        ),
        _days("delivered", gettext_lazy("delivered"), gettext_lazy("Of these, with a report.")),
        _days("accepted", gettext_lazy("accepted"), gettext_lazy("With an accepted report.")),
        _days("days_left", gettext_lazy("left"), gettext_lazy("Envelope less taken.")),
    )
    meanings = meanings.PERSON_DAYS

    class Meta:
        model = Activity

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return with_ledger(super().extract(rows))
