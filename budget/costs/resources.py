"""What each expert-day costs by the rate card."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from budget.costs import meanings
from budget.costs.querysets import with_cost
from deliverables.projects.resources import PROJECT, columns
from exchange.tables.columns import Column, Computed
from exchange.tables.counting import Counting
from exchange.tables.resources import TableResource
from experts.missions.models import ExpertDay
from experts.missions.models.day import DayKind
from experts.missions.resources import EXPERT, MISSION
from experts.missions.status import AGREED

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def _cost(key: str, label: _StrOrPromise, meaning: _StrOrPromise) -> Column:
    return Column(key, unit="EUR", computed=Computed("money", label, meaning))


class DayCostResource(TableResource):
    """One row per expert-day in the beneficiary country, with its amounts by the rate card."""

    table = "day_costs"
    only = MappingProxyType({"kind": DayKind.COUNTRY})
    counting = Counting(
        gettext_lazy("Yes once the report of the mission is accepted: then a line pays the day."),
        where=(("mission__state", AGREED, True),),
    )
    summed = ("fee", "support", "per_diem", "cost")
    key = ("project", "mission", "expert", "on")
    related = ("project", "mission", "expert", "mission__activity", "mission__activity__component")
    columns = (
        PROJECT,
        MISSION,
        EXPERT,
        *columns("on"),
        Column("activity", to="code", via="mission__activity"),
        Column("component", to="number", via="mission__activity__component"),
        Column("mission_state", via="mission__state"),
        Column(
            "grade",
            computed=Computed("text", gettext_lazy("class"), gettext_lazy("Of the expert.")),
        ),
        _cost("fee", gettext_lazy("daily fee"), gettext_lazy("The rate in force on the day.")),
        Column(
            "support_rate",
            unit="%",
            computed=Computed(
                "money", gettext_lazy("support"), gettext_lazy("Per cent of the fee on the day.")
            ),
        ),
        _cost("support", gettext_lazy("support"), gettext_lazy("Fee × per cent, half up.")),
        _cost("per_diem", gettext_lazy("per diem"), gettext_lazy("The rate in force on the day.")),
        _cost(
            "cost",
            gettext_lazy("together"),
            gettext_lazy("Fee, support and per diem; empty where the card has no daily fee."),
        ),
        Column(
            "ruleset",
            computed=Computed(
                "text", gettext_lazy("ruleset"), gettext_lazy("The edition of the Manual.")
            ),
        ),
        counting.column,
    )
    meanings = meanings.DAY_COSTS

    class Meta:
        model = ExpertDay

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return with_cost(super().extract(rows))
