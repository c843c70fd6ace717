"""The tables of what a project costs. Amounts in EUR."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget import meanings, models
from budget.models.change import SIGNED_IS_FINAL
from budget.models.entry import refuse_typed_days
from budget.querysets import with_cost
from deliverables.resources import EVIDENCE, PROJECT, columns
from exchange.columns import Column, Computed
from exchange.counting import Counting
from exchange.resources import TableResource
from experts.journey import AGREED
from experts.mission_resources import EXPERT, MISSION
from experts.models import ExpertDay

SAME = {"project__slug": "project"}


class RulesetResource(TableResource):
    table = "rulesets"
    key = ("project",)
    related = ("project",)
    columns = (
        PROJECT,
        *columns("edition fee_scheme"),
        Column("reporting_months", unit="mo"),
        Column("interim_due_days", unit="d"),
        Column("final_due_months", unit="mo"),
        Column("reallocation_limit", unit="%"),
        Column("reallocation_warning", unit="%"),
        Column("retention_years", unit="a"),
        *columns("unverified holidays note_lv note_en"),
    )
    meanings = meanings.RULESETS

    class Meta:
        model = models.Ruleset


class RateResource(TableResource):
    table = "rates"
    key = ("project", "kind", "grade", "from_on")
    related = ("project",)
    columns = (
        PROJECT,
        *columns("kind grade from_on"),
        Column("amount", unit="EUR, %"),
        *columns("verified source_lv source_en"),
    )
    meanings = meanings.RATES

    class Meta:
        model = models.Rate


class TermResource(TableResource):
    table = "terms"
    key = ("project", "function")
    related = ("project",)
    columns = (PROJECT, *columns("function label_lv label_en"))
    meanings = meanings.TERMS

    class Meta:
        model = models.Term


class HeadingResource(TableResource):
    table = "budget_headings"
    key = ("project", "code")
    related = ("project",)
    columns = (PROJECT, *columns("code title_lv title_en"))
    meanings = meanings.HEADINGS

    class Meta:
        model = models.Heading


class LineResource(TableResource):
    table = "budget_lines"
    key = ("project", "code")
    related = ("project", "heading", "component", "partner")
    columns = (
        PROJECT,
        *columns("code title_lv title_en"),
        Column("heading", to="code", within=SAME),
        *columns("cost_basis priced_by"),
        Column("component", to="number", within=SAME),
        Column("partner", to="code", within=SAME),
        *columns("note_lv note_en"),
    )
    meanings = meanings.LINES

    class Meta:
        model = models.Line


class EntryResource(TableResource):
    table = "budget_entries"
    belongs = "line__project__slug"
    key = ("line", "code")
    related = ("line__project", "evidence", "corrects", "change")
    append_only = True
    last = "change"  # what a change moved is corrected no more
    counting = Counting(
        gettext_lazy("No where another entry corrects it. Kinds are never summed together."),
        corrects="corrects",
    )
    summed = ("amount",)
    by = "kind"
    columns = (
        Column("project", to="slug", via="line__project"),
        Column("line", to="code", within=SAME),
        *columns("code kind"),
        Column("amount", unit="EUR"),
        Column("rounded_to", unit="EUR"),
        Column("units", internal=True),  # days by fees say what single experts are paid
        Column("unit_rate", unit="EUR", internal=True),
        *columns("on"),
        Column(
            "corrects",
            to="code",
            within={"line__project__slug": "project", "line__code": "line"},
        ),
        Column("change", to="code", via="change", within={"project__slug": "project"}),
        Column("ledger_ref", internal=True),
        *columns("note_lv note_en"),
        EVIDENCE,
        counting.column,
    )
    meanings = meanings.ENTRIES

    class Meta:
        model = models.Entry

    def found(self, whole: bool) -> None:
        """Of a contract change, the project has amounts below zero, too."""
        super().found(whole)
        self.fields["amount"].widget.signed = whole

    def check_row(self, row: Any, is_new: bool) -> None:
        """Spending that follows from days comes from its own page, as in the form."""
        if is_new and row.line_id and not self.founding:
            refuse_typed_days(row.line, kind=row.kind, amount=row.amount, corrects=row.corrects)


class ContractChangeResource(TableResource):
    table = "contract_changes"
    key = ("project", "code")
    related = ("project", "plan")
    fixed = ("state", "signed_on")
    columns = (
        PROJECT,
        *columns("code kind state signed_on reason_lv reason_en"),
        Column("number", via="number"),
        Column("plan", to="code", via="plan", within=SAME),
    )
    meanings = meanings.CHANGES

    class Meta:
        model = models.ContractChange

    @classmethod
    def document_rows(cls, **lookups: Any) -> list[dict[str, Any]]:
        """Signed ones only: what is still being agreed is nobody's yet."""
        return super().document_rows(state=models.ChangeState.SIGNED, **lookups)

    def check_row(self, row: Any, is_new: bool) -> None:
        """A new one begins as a draft; a signed one never changes."""
        signed = row.state == models.ChangeState.SIGNED
        if self.founding and signed and row.number is None:
            raise ValidationError(
                {"number": _("A signed change says as which one it was signed: 1, 2, …")}
            )
        if is_new and row.state != models.ChangeState.DRAFT:
            raise ValidationError(
                {"state": _("A new contract change begins as draft; it is signed on its page.")}
            )
        if not is_new and row.state == models.ChangeState.SIGNED and not self.founding:
            raise ValidationError(SIGNED_IS_FINAL)


class MoveResource(TableResource):
    table = "contract_moves"
    key = ("project", "change", "code")
    related = ("project", "change", "deliverable", "activity", "line")
    counting = Counting(
        gettext_lazy("Yes once its change is signed."),
        where=(("change__state", (models.ChangeState.SIGNED,), True),),
    )
    summed = ("amount",)
    columns = (
        PROJECT,
        Column("change", to="code", within=SAME),
        *columns("code"),
        *(Column(name, to="code", within=SAME) for name in ("deliverable", "activity", "line")),
        *columns("from_on to_on"),
        Column("days", unit="d"),
        Column("amount", unit="EUR", signed=True),
        Column("old_from_on", via="old_from_on"),
        Column("old_to_on", via="old_to_on"),
        Column("old_days", via="old_days", unit="d"),
        Column("old_amount", via="old_amount", unit="EUR"),
        counting.column,
    )
    meanings = meanings.MOVES

    class Meta:
        model = models.Move

    @classmethod
    def document_rows(cls, **lookups: Any) -> list[dict[str, Any]]:
        """Those of signed changes only."""
        return super().document_rows(change__state=models.ChangeState.SIGNED, **lookups)


def _cost(key: str, label: Any, meaning: Any) -> Column:
    return Column(key, unit="EUR", computed=Computed("money", label, meaning))


class DayCostResource(TableResource):
    """One row per expert-day in the beneficiary country, with its amounts by the rate card."""

    table = "day_costs"
    only = MappingProxyType({"kind": "country"})
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
    def extract(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_cost(super().extract(rows))
