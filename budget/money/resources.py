"""The tables of headings, lines, entries and contract changes. Amounts in EUR."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget.contract.resources import SAME
from budget.money import meanings, models
from budget.money.models.change import SIGNED_IS_FINAL
from budget.money.models.entry import refuse_typed_days
from deliverables.projects.resources import EVIDENCE, PROJECT, columns
from exchange.tables.columns import Column
from exchange.tables.counting import Counting
from exchange.tables.resources import TableResource
from exchange.tables.widgets import MoneyWidget


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

    def set_founding(self, founding: bool) -> None:
        """Of a contract change, the project has amounts below zero, too."""
        super().set_founding(founding)
        widget = self.fields["amount"].widget
        if isinstance(widget, MoneyWidget):
            widget.signed = founding

    def check_row(self, row: models.Entry, is_new: bool) -> None:
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
    def document_rows(cls, **lookups: object) -> list[dict[str, object]]:
        """Signed ones only: what is still being agreed is nobody's yet."""
        return super().document_rows(state=models.ChangeState.SIGNED, **lookups)

    def check_row(self, row: models.ContractChange, is_new: bool) -> None:
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
    def document_rows(cls, **lookups: object) -> list[dict[str, object]]:
        """Those of signed changes only."""
        return super().document_rows(change__state=models.ChangeState.SIGNED, **lookups)
