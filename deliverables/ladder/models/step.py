"""Steps that were taken on the ladder, and the project leaders' signatures."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from deliverables.fields import columns as fields
from deliverables.ladder.models.deliverable import Deliverable
from deliverables.ladder.status import Rung, Side, Verb
from deliverables.projects.changes import IN_DELIVERABLE, VIA_DELIVERABLE, final_record, marked


class Step(Checked):
    """One step of a deliverable: who moved it from which rung to which, when, and why.

    Written by deliverables.ladder.actions.take only; what was loaded with a rung has no steps. A
    trigger refuses any update or delete, whoever asks.
    """

    deliverable = models.ForeignKey(
        Deliverable,
        verbose_name=_("deliverable"),
        on_delete=models.PROTECT,
        related_name="steps",
    )
    verb = models.CharField(_("step"), max_length=20, choices=Verb.choices)
    begins = models.CharField(_("from"), max_length=20, choices=Rung.choices)
    ends = models.CharField(_("to"), max_length=20, choices=Rung.choices)
    on = fields.PartialDateField(_("date"))
    reason = fields.text(_("reason"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["deliverable", "pk"]
        triggers: ClassVar = [
            final_record(
                "step_is_final",
                VIA_DELIVERABLE.format(row="OLD"),
                marked("deliverables_deliverable", "OLD.deliverable_id"),
            ),
            Audited(IN_DELIVERABLE),
        ]
        constraints: ClassVar = [
            fields.one_of("verb", Verb, table="step"),
            fields.one_of("begins", Rung, table="step"),
            fields.one_of("ends", Rung, table="step"),
            *fields.date_is_one("step", "on"),
            models.CheckConstraint(
                condition=~Q(verb__in=[Verb.SEND_BACK, Verb.REOPEN]) | ~Q(reason=""),
                name="step_downwards_has_a_reason",
                violation_error_message=_("Say why it is sent back or reopened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({self.get_ends_display()})"


class SignOff(Checked):
    """The signature of one side's project leader under what a deliverable held at that moment.

    `digest` is the SHA-256 of deliverables.ladder.signing.content. A trigger voids the signature
    when any of that changes, on every write path; a voided one stays on record.
    """

    deliverable = models.ForeignKey(
        Deliverable,
        verbose_name=_("deliverable"),
        on_delete=models.PROTECT,
        related_name="signatures",
    )
    side = models.CharField(_("side"), max_length=2, choices=Side.choices)
    digest = models.CharField(_("SHA-256 of what was signed"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering: ClassVar = ["deliverable", "pk"]
        triggers: ClassVar = [Audited(IN_DELIVERABLE)]
        constraints: ClassVar = [
            fields.one_of("side", Side, table="signoff"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="signoff_binds_a_sha256",
                violation_error_message=_("A SHA-256 has 64 digits 0–9 and a–f."),
            ),
            models.UniqueConstraint(
                fields=["deliverable", "side"],
                condition=Q(voided_at__isnull=True),
                name="signoff_is_given_once_by_each_side",
                violation_error_message=_("This side has already signed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.digest[:12]}"
