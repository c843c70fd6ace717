"""Files that are evidence, each kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from audit.events.columns import Column
from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.evidence.file_kinds import FileKind
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change
from exchange.tables import limits

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def store() -> Storage:
    """The private storage of evidence: a folder, or what EVIDENCE_STORAGE says."""
    return storages["evidence"]


def _if_public(
    label: _StrOrPromise, column: str, output: Column, empty: str | None
) -> models.GeneratedField:
    """What a release says of the file: the column while it is public, `empty` otherwise."""
    return models.GeneratedField(
        verbose_name=label,
        null=empty is None,
        expression=Case(
            When(Q(public=True), then=models.F(column)),
            default=Value(empty, output_field=output),
            output_field=output,
        ),
        output_field=output,
        db_persist=True,
        editable=False,
    )


class File(Checked):
    """A file of a project. The same bytes are one row, however many deliverables they prove."""

    project = fields.project("files")
    name = models.CharField(
        _("name"),
        max_length=limits.FILE_NAME,
        help_text=_("As uploaded. It is seen in the back office only."),
    )
    kind = models.CharField(_("kind"), max_length=4, choices=FileKind.choices)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    key = models.CharField(_("key in the storage"), max_length=80, unique=True, editable=False)
    public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_("Anyone may download it, once a release lists it. Switched off, at once none."),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added at"))
    public_sha256 = _if_public(
        _("SHA-256 of the file"), "sha256", models.CharField(max_length=64), ""
    )
    public_kind = _if_public(_("kind of file"), "kind", models.CharField(max_length=4), "")
    public_size = _if_public(
        _("size of the file, bytes"), "size", models.PositiveIntegerField(), None
    )
    version = version()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering: ClassVar = ["project", "name", "pk"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "sha256"],
                name="file_is_kept_once_in_its_project",
                violation_error_message=_("This project already has this file."),
            ),
            models.UniqueConstraint(
                fields=["id", "project"],
                name="file_and_its_project",
                violation_error_message=_("This file belongs to another project."),
            ),
            fields.one_of("kind", FileKind, table="file"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="file_sha256_is_64_hexadecimal_digits",
                violation_error_message=_("A SHA-256 has 64 digits 0–9 and a–f."),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1) & Q(size__lte=limits.EVIDENCE),
                name="file_size_is_within_the_limit",
                violation_error_message=_("A file has at least 1 byte and at most 25 MB."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
