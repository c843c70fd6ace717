"""The tables of what a project costs. Amounts in EUR."""

from __future__ import annotations

from budget import models
from deliverables.resources import EVIDENCE, PROJECT, columns
from exchange.columns import Column
from exchange.resources import TableResource


class LineResource(TableResource):
    table = "budget_lines"
    key = ("project", "code")
    related = ("project",)
    columns = (PROJECT, *columns("code title_lv title_en note_lv note_en"))

    class Meta:
        model = models.Line


class EntryResource(TableResource):
    table = "budget_entries"
    belongs = "line__project__slug"
    key = ("line", "code")
    related = ("line__project", "evidence")
    columns = (
        Column("project", to="slug", via="line__project"),
        Column("line", to="code", within={"project__slug": "project"}),
        *columns("code kind"),
        Column("amount", unit="EUR"),
        Column("rounded_to", unit="EUR"),
        *columns("on note_lv note_en"),
        EVIDENCE,
    )

    class Meta:
        model = models.Entry
