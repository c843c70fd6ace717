"""Reminders that were sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.checked import Checked


class Reminder(Checked):
    """A reminder went to a person on a day; the constraint keeps it from going twice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="reminders",
    )
    on = models.DateField(_("day"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "on"],
                name="reminder_goes_once_a_day",
                violation_error_message=_("This person was reminded today."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on}"
