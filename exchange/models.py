"""What left the register and what came in: each export and each import, with the SHA-256."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from exchange.querysets import GIVEN_UP, KEPT, ImportQuerySet, PreparedQuerySet
from exchange.tables import limits


class ExportKind(models.TextChoices):
    TABLE = "table", _("table")
    PROJECT = "project", _("all tables of a project")
    PACK = "pack", _("audit pack")


class Export(Checked):
    """One file that was given out. `files` lists it, and what a pack holds, with their digests.

    A trigger refuses any update or delete, whoever asks.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ExportKind.choices)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    name = models.CharField(_("file"), max_length=limits.NAME)
    table = models.CharField(_("table"), max_length=40, blank=True, default="")
    project = models.CharField(_("project"), max_length=60, blank=True, default="")
    filter = models.CharField(_("filter"), max_length=limits.TEXT, blank=True, default="")
    rows = models.PositiveIntegerField(_("rows"))
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    files = models.JSONField(_("files"), default=list)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering: ClassVar = ["-pk"]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="export_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            Audited(),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["files"], opclasses=["jsonb_path_ops"], name="export_files")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ExportKind.values),
                name="export_kind_is_known",
                violation_error_message=_("This kind of export is not known."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="export_digest_is_a_sha256",
                violation_error_message=_("A SHA-256 has 64 digits 0–9 and a–f."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    PENDING = "pending", _("waiting")
    APPLIED = "applied", _("carried out")
    UNDONE = "undone", _("taken back")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("given up")


class Import(Checked):
    """A file that somebody wants to import, and what became of it.

    Content and plan belong to the person who uploaded the file, and are emptied when the import is
    carried out or refused, and when an hour has passed. `told` is what the person was told: counts
    by outcome and the warnings that were ticked, or the faults.
    """

    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(_("uploaded at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    table = models.CharField(_("table"), max_length=40)
    name = models.CharField(_("file"), max_length=limits.FILE_NAME)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True, default="")
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"), null=True)
    plan = models.BinaryField(_("what it would do"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.PENDING
    )
    applied_at = models.DateTimeField(_("carried out at"), null=True)
    transaction = models.BigIntegerField(_("transaction"), null=True)
    told: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("outcome"), default=dict
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-pk"]
        triggers: ClassVar = [Audited(left_out=("content", "plan", "token"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values),
                name="import_state_is_known",
                violation_error_message=_("This state of an import is not known."),
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.PENDING) | Q(content=None, plan=None),
                name="import_keeps_no_file_once_it_is_over",
                violation_error_message=_("An import that is over keeps no file."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rows(self) -> int:
        """How many rows it wrote."""
        return int(self.told.get("new", 0)) + int(self.told.get("changed", 0))


class Prepared(Checked):
    """A file that a worker writes for the one person who asked: exchange/exports/preparing.py.

    Waiting until it has its export, or until `told` says why there is none.
    """

    token = models.UUIDField(_("token"), default=uuid.uuid4, unique=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    language = models.CharField(_("language"), max_length=2)
    kind = models.CharField(_("kind"), max_length=10)
    given = models.JSONField(_("what of it"), blank=True)
    title = models.CharField(_("title"), max_length=limits.TITLE)
    scope = models.TextField(_("what the person could see"))
    told = models.CharField(
        _("why there is no file"), max_length=limits.TITLE, blank=True, default=""
    )
    export = models.OneToOneField(
        Export,
        verbose_name=_("export"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    media = models.CharField(_("media type"), max_length=100, blank=True, default="")
    key = models.CharField(_("key in the storage"), max_length=100, blank=True, default="")

    objects = PreparedQuerySet.as_manager()

    class Meta:
        verbose_name = _("prepared file")
        verbose_name_plural = _("prepared files")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(export=None, key="") | Q(export__isnull=False, told="") & ~Q(key=""),
                name="prepared_file_is_there_or_is_not",
                violation_error_message=_("A prepared file has its export, and nothing is wrong."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready(self) -> bool:
        return self.export_id is not None

    @property
    def is_given_up(self) -> bool:
        """No worker has written it, and none is likely to any more."""
        waits = not self.told and not self.is_ready
        return waits and self.asked_at < timezone.now() - GIVEN_UP

    @property
    def until(self) -> dt.datetime:
        return self.asked_at + KEPT
