"""The tables of the contract's rules, rates and terms."""

from __future__ import annotations

from budget.contract import meanings, models
from deliverables.projects.resources import EVIDENCE, PROJECT, columns
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource

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


class ReportResource(TableResource):
    table = "reports"
    key = ("project", "number")
    related = ("project", "evidence")
    columns = (
        PROJECT,
        *columns("number from_on to_on due_on handed_in_on"),
        EVIDENCE,
        *columns("note_lv note_en"),
    )
    meanings = meanings.REPORTS

    class Meta:
        model = models.Report
