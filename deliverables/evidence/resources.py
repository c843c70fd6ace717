"""The tables of evidence, sources and statements."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from deliverables.evidence import meanings, models
from deliverables.projects.resources import EVIDENCE, PROJECT, columns
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource


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

    def check_row(self, row: models.Evidence, is_new: bool) -> None:
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


class StatementResource(TableResource):
    table = "statements"
    key = ("project", "code")
    related = ("project", "evidence")
    columns = (PROJECT, *columns("code kind text_lv text_en"), EVIDENCE)
    meanings = meanings.STATEMENTS

    class Meta:
        model = models.Statement
