"""What auditors take away beside the tables: the extracts of the field, each described once.

The Twinning field's list of extracts (results, budget against actual, expenditure, evidence, who
took which step, accepted or submitted what), as far as the register has the tables. They are read
only; nothing imports them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Model, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budget.costs.resources import DayCostResource
from budget.money.models import EntryKind, Line
from budget.money.resources import EntryResource
from deliverables.evidence.models import Evidence
from deliverables.ladder.models import Deliverable, Step
from deliverables.ladder.resources import IN_FORCE
from deliverables.ladder.status import Verb
from deliverables.plan.models import Activity, PlannedActivity, WorkPlan
from deliverables.projects.models import Project
from deliverables.projects.resources import COMPONENT, PROJECT, columns
from exchange.tables.columns import Column, Computed
from exchange.tables.resources import TableResource
from experts.missions.querysets import with_ledger
from experts.people.models import Assignment, Institution, Partnership
from experts.people.resources import InstitutionResource
from releases.document import meanings
from releases.document.live import DERIVED, OFFICE, TABLES
from releases.document.step_extracts import (
    AcceptedFindingExtract,
    MissionStepExtract,
    MistakeExtract,
    PersonCode,
    SignatureExtract,
    StepExtract,
    SubmissionExtract,
)

Text = str | Promise
_OF_ENTRIES = _("Of the budget entries that no other one corrects.")
_OF_CARD = _("Of the rate that prices the line: EUR, for support per cent.")


class ResultsExtract(TableResource):
    table = "results"
    key = ("project", "code")
    counting = IN_FORCE
    columns = (
        PROJECT,
        COMPONENT,
        *columns("code title_lv title_en"),
        Column("type", via="kind"),
        Column("baseline_due", via="due_original"),
        Column("planned_due", via="due_current"),
        Column("actual", via="delivered_on"),
        Column("status", via="rung"),
        Column("verified_by", computed=Computed("text", _("verified by"))),
        Column("verified_at", computed=Computed("moment", _("verified at"))),
        Column("source_of_verification", computed=Computed("choices", _("kinds of evidence"))),
        Column("evidence_ids", computed=Computed("choices", _("evidence"))),
        counting.column,
    )
    meanings = meanings.RESULTS

    class Meta:
        model = Deliverable

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        steps = Step.objects.filter(deliverable=OuterRef("pk"), verb=Verb.DOCUMENT).order_by("-pk")
        evidence = Evidence.objects.filter(deliverable=OuterRef("pk"))
        kinds = evidence.order_by("kind").values("kind").distinct()
        annotated: QuerySet[Model] = (
            super()
            .extract(rows)
            .annotate(
                verified_by=PersonCode(Subquery(steps.values("by")[:1])),
                verified_at=Subquery(steps.values("at")[:1]),
                source_of_verification=ArraySubquery(kinds),
                evidence_ids=ArraySubquery(evidence.order_by("code_order", "code").values("code")),
            )
        )
        return annotated


class EvidenceIndex(TableResource):
    table = "evidence_index"
    key = ("project", "code")
    columns = (
        PROJECT,
        Column("code"),
        Column("deliverable", to="code"),
        *columns("kind title_lv title_en url"),
        Column("sha256", via="file__sha256"),
        Column("file_kind", via="file__kind"),
        Column("size", via="file__size", unit="bytes"),
        Column("received_at", via="file__added_at"),
        Column("public", via="file__public"),
    )
    meanings = meanings.EVIDENCE_INDEX

    class Meta:
        model = Evidence


class ExpenditureExtract(EntryResource):
    table = "expenditure"
    only = MappingProxyType({"kind": EntryKind.SPENT.value})


def _euro(key: str, label: Text, meaning: Text = "") -> Column:
    return Column(key, unit="EUR", computed=Computed("money", label, meaning))


def _figure(key: str, label: Text, meaning: Text = "", unit: str = "") -> Column:
    """A number that nobody adds up."""
    return Column(key, unit=unit, computed=Computed("decimal", label, meaning))


class BudgetVsActual(TableResource):
    """Each line against its plan, with the rates behind it and how far its heading was moved."""

    table = "budget_vs_actual"
    key = ("project", "code")
    summed = ("original", "signed", "planned", "committed", "spent", "balance")
    columns = (
        PROJECT,
        *columns("code title_lv title_en"),
        Column("heading", to="code"),
        *columns("cost_basis priced_by"),
        _euro("original", _("contract"), _("As signed first.")),
        _euro(
            "signed",
            _("last signed in full"),
            _("By the contract, or by the last addendum with all changes before it."),
        ),
        _euro("planned", _("planned"), _("As amended.")),
        _euro("committed", _("committed")),
        _euro("spent", _("spent")),
        _euro("balance", _("left"), _("Planned less spent.")),
        _figure("units_planned", _("units planned"), _OF_ENTRIES),
        _figure("units_spent", _("units spent"), _OF_ENTRIES),
        _figure("unit_rate_lowest", _("lowest rate of a unit"), _OF_ENTRIES, "EUR"),
        _figure("unit_rate_highest", _("highest rate of a unit"), _OF_ENTRIES, "EUR"),
        _figure("card_lowest", _("lowest rate of the card"), _OF_CARD, "EUR, %"),
        _figure("card_highest", _("highest rate of the card"), _OF_CARD, "EUR, %"),
        _figure(
            "heading_drift",
            _("heading moved"),
            _("What side letters moved of the lines of the heading, of what was signed in full."),
            "%",
        ),
        _figure("reallocation_limit", _("limit of the rules"), _("Of the heading."), "%"),
        Column(
            "beyond_limit",
            computed=Computed("boolean", _("beyond the limit"), _("Before rounding.")),
        ),
        Column("entry_count", computed=Computed("integer", _("budget entries"))),
    )
    meanings = meanings.BUDGET_VS_ACTUAL

    class Meta:
        model = Line

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        lines: Any = super().extract(rows)
        annotated: QuerySet[Model] = (
            lines.with_sums()
            .with_rates()
            .with_drift()
            .annotate(balance=F("planned") - F("spent"), entry_count=Count("entries"))
        )
        return annotated


def _planned(key: str, label: Text, meaning: Text, kind: str = "date") -> Column:
    return Column(key, computed=Computed(kind, label, meaning))


class ActivityProgress(TableResource):
    """Each activity by the contract, by the plan in force, and as it came to be."""

    table = "activity_progress"
    key = ("project", "code")
    summed = ("contract", "envelope", "planned_days", "delivered", "days_left")
    columns = (
        PROJECT,
        COMPONENT,
        *columns("code title_lv title_en kind status"),
        _planned("plan", _("version of the work plan"), _("The one in force."), "text"),
        _planned("contract_from", _("from, by the contract"), ""),
        _planned("contract_to", _("to, by the contract"), ""),
        _planned("planned_from", _("from, as planned now"), ""),
        _planned("planned_to", _("to, as planned now"), ""),
        *columns("started_on ended_on participants"),
        *(
            Column(key, unit="d", computed=Computed("integer", label))
            for key, label in (
                ("contract", _("contract")),
                ("envelope", _("envelope")),
                ("planned_days", _("taken")),
                ("delivered", _("delivered")),
                ("days_left", _("left")),
            )
        ),
    )
    meanings = meanings.ACTIVITY_PROGRESS

    class Meta:
        model = Activity

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Any]:
        project, mine = OuterRef("project"), PlannedActivity.objects.filter(activity=OuterRef("pk"))

        def said(plan: QuerySet[WorkPlan], name: str) -> Subquery:
            return Subquery(mine.filter(plan=Subquery(plan.values("pk"))).values(name)[:1])

        now, first = WorkPlan.objects.in_force(project), WorkPlan.objects.original(project)
        annotated: QuerySet[Model] = with_ledger(super().extract(rows)).annotate(
            plan=Subquery(now.values("code")[:1]),
            contract_from=said(first, "from_on"),
            contract_to=said(first, "to_on"),
            planned_from=said(now, "from_on"),
            planned_to=said(now, "to_on"),
        )
        return annotated


EXTRACTS: tuple[type[TableResource], ...] = (
    ResultsExtract,
    EvidenceIndex,
    BudgetVsActual,
    ExpenditureExtract,
    DayCostResource,
    ActivityProgress,
    StepExtract,
    SignatureExtract,
    MissionStepExtract,
    AcceptedFindingExtract,
    MistakeExtract,
    SubmissionExtract,
)
ALL: tuple[type[TableResource], ...] = (
    InstitutionResource,
    *TABLES,
    *OFFICE,
    *DERIVED,
    *EXTRACTS,
)
BY_TABLE = {resource.table: resource for resource in ALL}


def rows_of(resource: type[TableResource], project: Project) -> QuerySet[Model]:
    """The rows of a table that concern one project."""
    rows: QuerySet[Model] = resource.model()._default_manager.all()
    if resource.belongs:
        return rows.filter(**{resource.belongs: project.slug})
    if resource.model() is Institution:
        partners = Partnership.objects.filter(project=project)
        assigned = Assignment.objects.filter(project=project)
        named = partners.values("institution").union(
            assigned.values("institution"), assigned.values("expert__institution")
        )
        return rows.filter(pk__in=named)
    return rows.filter(pk__in=Assignment.objects.filter(project=project).values("expert"))
