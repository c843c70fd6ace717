"""The tables of projects, components and titles, and the columns by which others name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from deliverables.projects import meanings, models
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource

Cells: TypeAlias = dict[str, str | bool | None]  # of a row of a file; a number is a text, too
PROJECT = Column("project", to="slug")
COMPONENT = Column("component", to="number", within={"project__slug": "project"})
EVIDENCE = Column("evidence", to="code", within={"project__slug": "project"})


def columns(names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names.split())


class ProjectResource(TableResource):
    table = "projects"
    key = ("slug",)
    belongs = "slug"
    fixed = ("publishing",)
    columns = (
        columns(
            "slug reference reference_alias contract_number title_lv title_en summary_lv "
            "summary_en kind beneficiary_country fund start_planned start_actual end_planned "
            "end_current end_actual"
        )
        + (
            Column("implementation_months", unit="mo"),
            Column("execution_months", unit="mo"),
            *columns(
                "status results_basis funding_statement_lv funding_statement_en disclaimer_lv "
                "disclaimer_en footnote_lv footnote_en fictitious"
            ),
        )
        + tuple(
            Column(name, internal=True) for name in ("publishing", "retention_until", "legal_hold")
        )
    )
    meanings = meanings.PROJECTS

    class Meta:
        model = models.Project

    def founded(self, cells: Cells, by: str) -> Cells:
        """It is private until somebody publishes it."""
        return cells | {"publishing": models.Publishing.BY_HAND.value}

    def removed(self, keys: Collection[int]) -> None:
        models.Change.objects.filter(project__in=keys).delete()


class ComponentResource(TableResource):
    table = "components"
    key = ("project", "number")
    related = ("project", "evidence")
    columns = (
        PROJECT,
        *columns("number code numbered title_lv title_en note_lv note_en"),
        EVIDENCE,
    )
    meanings = meanings.COMPONENTS

    class Meta:
        model = models.Component


class TitleResource(TableResource):
    table = "titles"
    key = ("project", "component", "position")
    related = ("project", "component", "evidence")
    columns = (
        PROJECT,
        COMPONENT,
        *columns("position title_lv title_en where_lv where_en"),
        EVIDENCE,
    )
    meanings = meanings.TITLES

    class Meta:
        model = models.Title


class SuspensionResource(TableResource):
    table = "suspensions"
    key = ("project", "from_on")
    related = ("project", "evidence")
    columns = (PROJECT, *columns("from_on to_on reason_lv reason_en"), EVIDENCE)
    meanings = meanings.SUSPENSIONS

    class Meta:
        model = models.Suspension
