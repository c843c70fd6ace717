"""The tables of what was promised, each described once (labels and meanings: the models)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliverables import dates, meanings, models
from deliverables.status import Rung
from exchange.columns import Column
from exchange.counting import Counting
from exchange.resources import TableResource

PROJECT = Column("project", to="slug")
COMPONENT = Column("component", to="number", within={"project__slug": "project"})
EVIDENCE = Column("evidence", to="code", within={"project__slug": "project"})
IN_FORCE = Counting(
    gettext_lazy("Yes of results in force: neither switched off nor dropped."),
    where=(("active", (True,), True), ("rung", (Rung.DROPPED,), False)),
)


def columns(names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names.split())


class ProjectResource(TableResource):
    table = "projects"
    key = ("slug",)
    belongs = "slug"
    fixed = ("publishing",)
    columns = columns(
        "slug reference reference_alias contract_number title_lv title_en summary_lv summary_en "
        "beneficiary_country fund start_planned start_actual end_planned end_current end_actual "
        "status results_basis funding_statement_lv funding_statement_en disclaimer_lv "
        "disclaimer_en footnote_lv footnote_en fictitious"
    ) + tuple(
        Column(name, internal=True) for name in ("publishing", "retention_until", "legal_hold")
    )
    meanings = meanings.PROJECTS

    class Meta:
        model = models.Project

    def founded(self, cells: dict[str, Any], by: str) -> dict[str, Any]:
        """It is private until somebody publishes it."""
        return cells | {"publishing": models.Publishing.BY_HAND.value}

    def removed(self, keys: Collection[int]) -> None:
        models.Change.objects.filter(project__in=keys).delete()


class SourceResource(TableResource):
    table = "sources"
    key = ("project", "code")
    related = ("project",)
    columns = (
        PROJECT,
        *columns(
            "code title_lv title_en publisher_lv publisher_en publisher_short published_on "
            "language url url_alternative sha256 note_lv note_en"
        ),
    )
    meanings = meanings.SOURCES

    class Meta:
        model = models.Source


class ComponentResource(TableResource):
    table = "components"
    key = ("project", "number")
    related = ("project", "evidence")
    columns = (PROJECT, *columns("number title_lv title_en note_lv note_en"), EVIDENCE)
    meanings = meanings.COMPONENTS

    class Meta:
        model = models.Component


class DeliverableResource(TableResource):
    table = "deliverables"
    key = ("project", "code")
    related = ("project", "component")
    fixed = ("rung", "delivered_on", "accepted_on")
    counting = IN_FORCE
    columns = (
        PROJECT,
        COMPONENT,
        *columns(
            "code kind title_lv title_en rung weight due_original due_current delivered_on "
            "accepted_on adopted_on adopted_by_lv adopted_by_en achievements items_intro_lv "
            "items_intro_en note_lv note_en reason_lv reason_en active"
        ),
        counting.column,
    )
    meanings = meanings.RESULTS

    class Meta:
        model = models.Deliverable

    def check_row(self, row: Any, is_new: bool) -> None:
        """Of a new deliverable: it begins at the foot of the ladder."""
        if is_new and row.rung not in (Rung.PLANNED, Rung.IN_PROGRESS) and not self.founding:
            raise ValidationError(
                {
                    "rung": _(
                        "A new deliverable begins as planned or in_progress, not as "
                        "“%(rung)s”; it climbs by the steps on its page."
                    )
                    % {"rung": row.rung}
                }
            )

    def warnings(self, row: Any) -> list[tuple[str, str]]:
        told = []
        begun = row.project.start_actual or row.project.start_planned
        if row.delivered_on and begun and dates.last(row.delivered_on) < dates.first(begun):
            told.append(("early", _("It is delivered before the project began.")))
        due = row.due_current or row.due_original
        end = row.project.end
        if due and end and dates.first(due) > dates.last(end):
            told.append(("late", _("It is due after the end of the project.")))
        return told


class EvidenceResource(TableResource):
    table = "evidence"
    key = ("project", "code")
    related = ("project", "deliverable", "source", "file")
    columns = (
        PROJECT,
        Column("code"),
        Column("deliverable", to="code", within={"project__slug": "project"}),
        Column("kind"),
        Column("source", to="code", within={"project__slug": "project"}),
        *columns("line quote title_lv title_en url"),
        Column("file_sha256", via="file__public_sha256"),
        Column("file_kind", via="file__public_kind"),
        Column("file_size", via="file__public_size", unit="bytes"),
    )
    meanings = meanings.EVIDENCE

    class Meta:
        model = models.Evidence

    def check_row(self, row: Any, is_new: bool) -> None:
        """A workbook that founds a project has no files."""
        if self.founding and is_new and row.kind == models.EvidenceKind.FILE:
            raise ValidationError(
                {
                    "kind": _(
                        "Files are in no workbook. Delete this row and what names it, or make it a "
                        "link; attach the file on its page when the project is there."
                    )
                }
            )


class ItemResource(TableResource):
    table = "items"
    belongs = "deliverable__project__slug"
    key = ("deliverable", "code")
    related = ("deliverable__project", "evidence")
    columns = (
        Column("project", to="slug", via="deliverable__project"),
        Column("deliverable", to="code", within={"project__slug": "project"}),
        *columns("code kind title_lv title_en note_lv note_en"),
        EVIDENCE,
    )
    meanings = meanings.ITEMS

    class Meta:
        model = models.Item


class FigureResource(TableResource):
    table = "figures"
    belongs = "item__deliverable__project__slug"
    key = ("item", "position")
    related = ("item__deliverable__project",)
    columns = (
        Column("project", to="slug", via="item__deliverable__project"),
        Column("deliverable", to="code", via="item__deliverable"),
        Column(
            "item",
            to="code",
            within={"deliverable__project__slug": "project", "deliverable__code": "deliverable"},
        ),
        *columns("position label_lv label_en value"),
    )
    meanings = meanings.FIGURES

    class Meta:
        model = models.Figure


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


class StatementResource(TableResource):
    table = "statements"
    key = ("project", "code")
    related = ("project", "evidence")
    columns = (PROJECT, *columns("code kind text_lv text_en"), EVIDENCE)
    meanings = meanings.STATEMENTS

    class Meta:
        model = models.Statement
