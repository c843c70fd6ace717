"""A finding that somebody looked into and accepted, with the reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_PROJECT


class AcceptedFinding(Checked):
    """Why a finding of the checks is right as it is.

    `key` names the check and its facts (deliverables/projects/checking.py): with other facts the
    finding is another one, and comes back.
    """

    project = fields.project("accepted_findings")
    key = models.CharField(_("finding"), max_length=400)
    reason = fields.text(_("reason"))
    by = models.CharField(_("by"), max_length=20)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("accepted finding")
        verbose_name_plural = _("accepted findings")
        ordering: ClassVar = ["project", "pk"]
        triggers: ClassVar = [Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "key"],
                name="acceptedfinding_is_accepted_once",
                violation_error_message=_("This finding is accepted already."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(by=""),
                name="acceptedfinding_says_who_and_why",
                violation_error_message=_("Say why the finding is right as it is."),
            ),
        ]

    def __str__(self) -> str:
        return self.key[:80]
