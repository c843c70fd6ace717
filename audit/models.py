"""The audit trail: what happened, and the chain that seals it.

Triggers write events, and audit.baseline those of rows that are older than the trail; only
audit.seals writes lines and seals. The database refuses any update, delete or truncation of the
three tables, whoever asks (migration 0001).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Through(models.TextChoices):
    FORM = "form", _("form")
    ACTION = "action", _("step")
    IMPORT = "import", _("import")
    COMMAND = "command", _("command")
    SQL = "sql", _("SQL")


class Operation(models.TextChoices):
    INSERT = "insert", _("added")
    UPDATE = "update", _("changed")
    DELETE = "delete", _("deleted")
    STATE = "state", _("found as it was")


class Event(models.Model):
    """One row of an audited table was written.

    `before` and `after` are the row's columns as JSON: all of them for insert, delete and state,
    the changed ones for an update. Names of people are there as salted SHA-256 only, secrets as
    "(secret)". `about` lists the row and what it belongs to, as "exchange_import:3".
    """

    at = models.DateTimeField(_("at"))
    who = models.CharField(_("who"), max_length=40)
    through = models.CharField(_("through"), max_length=10, choices=Through.choices)
    why = models.TextField(_("why"), blank=True)
    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"))
    operation = models.CharField(_("what"), max_length=10, choices=Operation.choices)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    transaction = models.BigIntegerField(_("transaction"))
    about = ArrayField(models.TextField(), verbose_name=_("about"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["pk"]
        default_permissions = ()
        indexes: ClassVar = [
            GinIndex(fields=["about"], name="event_about"),
            models.Index(fields=["table", "row", "id"], name="event_row"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(operation__in=Operation.values),
                name="event_operation_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.operation} {self.table} {self.row}"


class Line(models.Model):
    """One line of the chain: an event or a seal, and the SHA-256 of the line before it."""

    seq = models.BigIntegerField(_("number"), primary_key=True)
    event = models.BigIntegerField(_("event"), null=True, unique=True)
    text = models.TextField(_("line"))

    class Meta:
        ordering: ClassVar = ["seq"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="line_numbers_begin_at_one")
        ]

    def __str__(self) -> str:
        return str(self.seq)


class Seal(models.Model):
    """A seal under all events so far. `head` is the SHA-256 of its own line, the chain's last."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    seq = models.BigIntegerField(_("line"), unique=True)
    events = models.BigIntegerField(_("events"))
    made_at = models.DateTimeField(_("made at"))
    occasion = models.CharField(_("occasion"), max_length=200)
    head = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering: ClassVar = ["-number"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(head__regex=r"^[0-9a-f]{64}$"), name="seal_head_is_a_sha256"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.head[:12]}"
