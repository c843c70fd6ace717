"""The audit trail: what happened, in books, and the seals under them.

Triggers write events, and audit.events.baseline those of rows that are older than the trail; only
audit.seals writes books, lines, balances, notices and seals, and what services say of them. The
database refuses any update, delete or truncation of these tables, whoever asks (their migrations).
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
    nth = models.IntegerField(_("number in its transaction"), default=0)
    about = ArrayField(models.TextField(), verbose_name=_("about"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = ["pk"]
        default_permissions = ()
        indexes: ClassVar = [
            GinIndex(fields=["about"], name="event_about"),
            models.Index(fields=["table", "row", "id"], name="event_row"),
            # What audit.lists.trail and a transaction's page ask for.
            models.Index(fields=["at", "id"], name="event_at"),
            models.Index(fields=["who", "at", "id"], name="event_who"),
            models.Index(fields=["through", "at", "id"], name="event_through"),
            models.Index(fields=["table", "at", "id"], name="event_table"),
            models.Index(fields=["transaction"], name="event_transaction"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(operation__in=Operation.values),
                name="event_operation_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.operation} {self.table} {self.row}"


SHA256 = r"^[0-9a-f]{64}$"


class Book(models.Model):
    """The events of a row and of all that belongs to it: audit.seals.books."""

    ref = models.CharField(_("what it is of"), max_length=100, unique=True)
    salt = models.CharField(_("salt"), max_length=64)

    class Meta:
        verbose_name = _("book")
        verbose_name_plural = _("books")
        ordering: ClassVar = ["pk"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(salt__regex=SHA256), name="book_salt_has_64_digits"
            )
        ]

    def __str__(self) -> str:
        return self.ref


class Line(models.Model):
    """One line of a book: the SHA-256 of an event, and the digest of the book so far."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveBigIntegerField(_("number"))
    event = models.BigIntegerField(_("event"), db_index=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering: ClassVar = ["book", "number"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "number"], name="line_number_is_unique"),
            models.UniqueConstraint(fields=["book", "event"], name="line_holds_its_event_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="line_numbers_begin_at_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.number}"


class Seal(models.Model):
    """A seal under all events so far. `root` is the digest of all that stands under it
    (audit.seals.tree); `head` the SHA-256 of its own text, which names the seal before it."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    events = models.BigIntegerField(_("events"))
    made_at = models.DateTimeField(_("made at"), db_index=True)
    occasion = models.CharField(_("occasion"), max_length=200)
    root = models.CharField(_("root"), max_length=64)
    head = models.CharField(_("SHA-256"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering: ClassVar = ["-number"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(head__regex=SHA256), name="seal_head_is_a_sha256"
            ),
            models.CheckConstraint(
                condition=models.Q(root__regex=SHA256), name="seal_root_is_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.head[:12]}"


class Timestamp(models.Model):
    """Since when a head is proved by a service outside (RFC 3161): audit.seals.timestamps.

    `answer` is what the service sent, whole: anybody can check it with openssl.
    """

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, primary_key=True)
    service = models.CharField(_("service"), max_length=255)
    at = models.DateTimeField(_("at"))
    answer = models.BinaryField(_("answer"))

    class Meta:
        verbose_name = _("timestamp")
        verbose_name_plural = _("timestamps")
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(service=""), name="timestamp_names_its_service"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.at}"


class Balance(models.Model):
    """How a book stood under a seal that it had changed under: its lines, and its digest."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="balances", db_index=False)
    seal = models.BigIntegerField(_("seal"))  # written before it: its text holds the root
    lines = models.PositiveBigIntegerField(_("lines"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        ordering: ClassVar = ["book", "seal"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "seal"], name="balance_is_drawn_once"),
            models.CheckConstraint(condition=models.Q(lines__gte=1), name="balance_is_of_lines"),
        ]
        indexes: ClassVar = [models.Index(fields=["book", "lines"], name="balance_lines")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.seal}"


class Notice(models.Model):
    """What is public anyway, with a leaf of its own from this seal on: audit.seals.notices."""

    seal = models.BigIntegerField(_("seal"), db_index=True)  # written before it, as a balance
    word = models.CharField(_("what it is"), max_length=20)
    number = models.PositiveBigIntegerField(_("number"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["seal", "number"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["word", "sha256", "number"], name="notice_is_posted_once"
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=SHA256), name="notice_is_of_a_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.number}"


class Batch(models.Model):
    """How many events a transaction wrote, beginning with which; the last row of one counts.

    Written by a trigger when it commits, so an event that is gone before it was sealed is missed.
    """

    first = models.BigIntegerField(_("first event"), db_index=True)
    events = models.PositiveBigIntegerField(_("events"))

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering: ClassVar = ["first", "events"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(events__gte=1), name="batch_is_of_events")
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.events}"
