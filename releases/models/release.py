"""Releases: the pages torn out and stamped; packs and withdrawals of them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited, Posted
from audit.rows.checked import Checked
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT
from deliverables.projects.models import Project
from releases.listing import lists_release, lists_withdrawal
from releases.querysets import ReleaseQuerySet


class WithdrawalReason(models.TextChoices):
    MISTAKE = "mistake", _("it was published by mistake")
    LEGAL = "legal", _("the law asks for it")
    CLOSED = "closed", _("the register does not keep it any longer")


WORD = "release"  # before the SHA-256 of a document, in what gives its mark under a seal


class Pack(Checked):
    """Which files an audit pack holds: an event of its own, so that a seal stands under them.

    The same pack, taken again, has the same record. A trigger refuses any update or delete.
    """

    book = models.CharField(_("book"), max_length=100)
    period = models.CharField(_("period"), max_length=21, blank=True)
    files = models.CharField(_("SHA-256 of the list of files"), max_length=64)

    class Meta:
        verbose_name = _("audit pack")
        verbose_name_plural = _("audit packs")
        default_permissions = ()
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="pack_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            Audited(),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book", "period", "files"], name="pack_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(files__regex=r"^[0-9a-f]{64}$"), name="pack_digest_is_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.period}"

    @property
    def ref(self) -> str:
        """The name of its own book."""
        return f"{self._meta.db_table}:{self.pk}"


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
    summary = models.CharField(_("SHA-256 of the summary"), max_length=64)
    changed = models.JSONField(
        _("changed"),
        default=dict,
        blank=True,
        help_text=_("How many rows are new, changed and gone."),
    )
    document = models.JSONField(_("document"))
    files_digest = models.CharField(_("SHA-256 of the list of files"), max_length=64)
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
            Audited(
                IN_PROJECT,
                left_out=("document", "files"),
                posted=Posted(WORD, sha256="digest", number="number"),
            ),
            lists_release(),
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
            models.CheckConstraint(
                condition=Q(files_digest__regex=r"^[0-9a-f]{64}$"),
                name="release_files_digest_is_a_sha256",
            ),
            models.CheckConstraint(
                condition=Q(summary__regex=r"^[0-9a-f]{64}$"), name="release_summary_is_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"


class Withdrawal(Checked):
    """A project is withdrawn as long as it has this row; the trail keeps each one.

    Releases stay, and can be read and cited where the reason allows it.
    """

    CITABLE: ClassVar = (WithdrawalReason.CLOSED,)

    project = models.OneToOneField(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=WithdrawalReason.choices)
    sentence_lv = fields.text(_("what the public reads, in Latvian"))
    sentence_en = fields.text(_("what the public reads, in English"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        default_permissions = ()
        triggers: ClassVar = [Audited(IN_PROJECT), lists_withdrawal()]
        constraints: ClassVar = [
            fields.one_of("reason", WithdrawalReason, table="withdrawal"),
            models.CheckConstraint(
                condition=~Q(sentence_lv="") | ~Q(sentence_en=""),
                name="withdrawal_says_why",
                violation_error_message=_(
                    "Say in a sentence why, in Latvian or in English: the public reads it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.reason}"
