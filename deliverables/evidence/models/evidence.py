"""What statements rest on: sources, evidence and the statements themselves."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.evidence.models.file import File
from deliverables.fields import columns as fields
from deliverables.fields.language import brief
from deliverables.ladder.models import Deliverable
from deliverables.ladder.voiding import voids_signatures
from deliverables.projects.changes import IN_DELIVERABLE, IN_PROJECT, OWN, notes_change
from deliverables.projects.models.belonging import SAME_PROJECT
from exchange.tables import limits


class Source(Checked):
    """A publication that the register quotes, listed once."""

    project = fields.project("sources")
    code = fields.code()
    title_lv = fields.text(_("title in Latvian"), limits.TITLE)
    title_en = fields.text(_("title in English"), limits.TITLE)
    publisher_lv = fields.text(_("publisher in Latvian"), limits.NAME)
    publisher_en = fields.text(_("publisher in English"), limits.NAME)
    publisher_short = models.CharField(
        _("publisher, short"),
        max_length=40,
        help_text=_("As in “reported by PMLP”."),
    )
    published_on = fields.PartialDateField(_("published on"))
    language = models.CharField(
        _("language"), max_length=2, help_text=_("Of the publication: lv, en, …")
    )
    url = fields.web_address(_("address, as printed"))
    url_alternative = fields.web_address(_("address, probable"))
    sha256 = models.CharField(_("SHA-256 of the copy read"), max_length=64, blank=True, default="")
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))

    version = version()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar = ["project", "code"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="source_code_is_unique_in_its_project",
                violation_error_message=_("This project already has a source with this code."),
            ),
            fields.code_is_well_formed("source"),
            fields.in_a_language("source", "title", "publisher"),
            *fields.date_is_one("source", "published_on"),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="source_sha256_is_64_hexadecimal_digits",
                violation_error_message=_("A SHA-256 has 64 digits 0–9 and a–f."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.publisher_short}"


class EvidenceKind(models.TextChoices):
    PUBLICATION = "publication", _("Publication")
    LINK = "link", _("Link")
    FILE = "file", _("File")


class Evidence(Checked):
    """What a statement rests on: a line of a publication, a link or a file."""

    project = fields.project("evidence")
    deliverable = fields.optional(
        Deliverable,
        _("deliverable"),
        related_name="evidence",
        help_text=_("Empty where it concerns the project or a component as a whole."),
    )
    code = fields.code(help_text=_("As L15 for line 15, or E3. Unique in the project."))
    kind = models.CharField(
        _("kind"), max_length=20, choices=EvidenceKind.choices, default=EvidenceKind.LINK
    )
    source = fields.optional(
        Source, _("source"), related_name="evidence", help_text=_("The publication it is read in.")
    )
    line = models.PositiveIntegerField(
        _("line"), null=True, blank=True, help_text=_("Of the publication's text.")
    )
    quote = fields.text(
        _("quotation"),
        help_text=_("Word for word, in the language of the source, without personal names."),
    )
    title_lv = fields.text(
        _("shows, in Latvian"), limits.TITLE, help_text=_("What it is evidence of.")
    )
    title_en = fields.text(_("shows, in English"), limits.TITLE)
    url = fields.web_address(_("link"))
    file = fields.optional(
        File,
        _("file"),
        related_name="evidence",
        help_text=_("One file can prove several deliverables."),
    )
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("pieces of evidence")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            voids_signatures(),
            Audited({**IN_DELIVERABLE, **IN_PROJECT}),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="evidence_code_is_unique_in_its_project",
                violation_error_message=_("This project already has evidence with this code."),
            ),
            fields.code_is_well_formed("evidence"),
            fields.in_a_language("evidence", "title"),
            fields.one_of("kind", EvidenceKind, table="evidence"),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.PUBLICATION) | Q(source__isnull=False),
                name="evidence_from_a_publication_names_its_source",
                violation_error_message=_(
                    "Evidence from a publication names its source. Choose the source, or another "
                    "kind of evidence."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.LINK) | ~Q(url=""),
                name="evidence_that_is_a_link_has_an_address",
                violation_error_message=_("Give the address of the link, beginning with https://."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.FILE) | Q(file__isnull=False),
                name="evidence_that_is_a_file_names_it",
                violation_error_message=_("Choose the file, or attach it on the deliverable."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"

    def clean(self) -> None:
        for name in ("deliverable", "source", "file"):
            other = getattr(self, name)
            if other and other.project_id != self.project_id:
                raise ValidationError({name: SAME_PROJECT})


class StatementKind(models.TextChoices):
    OBJECTIVE = "objective", _("Objective")
    UNKNOWN = "unknown", _("Not known")
    CONTRADICTION = "contradiction", _("Contradiction of the source")
    NOTE = "note", _("Note")


class Statement(Checked):
    """A sentence about the project: its objectives, what is not known, where the source errs."""

    project = fields.project("statements")
    code = fields.code()
    kind = models.CharField(_("kind"), max_length=20, choices=StatementKind.choices)
    text_lv = fields.text(_("text in Latvian"))
    text_en = fields.text(_("text in English"))
    evidence = fields.evidence()
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering: ClassVar = ["project", "kind", "code_order"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="statement_code_is_unique_in_its_project",
                violation_error_message=_("This project already has a statement with this code."),
            ),
            fields.code_is_well_formed("statement"),
            fields.in_a_language("statement", "text"),
            fields.one_of("kind", StatementKind, table="statement"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'text')}"

    def clean(self) -> None:
        if self.evidence and self.evidence.project_id != self.project_id:
            raise ValidationError({"evidence": SAME_PROJECT})
