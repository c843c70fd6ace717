"""The pages torn out and stamped: what the public reads."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.checked import Checked
from audit.triggers import Audited
from deliverables.changes import IN_PROJECT
from deliverables.models import Project
from releases.querysets import ReleaseQuerySet


class Release(Checked):
    """An immutable, numbered, dated document of one project's public data, with its SHA-256.

    A trigger refuses any update or delete, whoever asks.
    """

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="releases"
    )
    slug = models.SlugField(_("address"), max_length=60)
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    digest = models.CharField(_("SHA-256"), max_length=64)
    document = models.JSONField(_("document"))
    files = models.JSONField(
        _("files"), default=list, help_text=_("Each download and its SHA-256, in every format.")
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering: ClassVar = ["slug", "-number"]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="release_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            Audited(IN_PROJECT, left_out=("document", "files")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["slug", "-made_at"], name="release_in_force"),
            models.Index(fields=["digest"], name="release_digest"),
            GinIndex(fields=["files"], opclasses=["jsonb_path_ops"], name="release_files"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "number"], name="release_number_is_unique_in_its_project"
            ),
            models.UniqueConstraint(fields=["slug", "number"], name="release_address_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="release_numbers_begin_at_one"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="release_digest_is_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"
